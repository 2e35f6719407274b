<?php
class HangTest extends PHPUnit\Framework\TestCase
{
    public function testNeverEnds(): void { for (;;); }
}
