<?php
class größeTest extends PHPUnit\Framework\TestCase
{
    public function test_zählt(): void { $this->assertSame('è', 'é'); }
}
