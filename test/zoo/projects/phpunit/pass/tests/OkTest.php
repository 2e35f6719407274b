<?php
class OkTest extends PHPUnit\Framework\TestCase
{
    public function testHolds(): void { $this->assertTrue(true); }
    public function testHoldsToo(): void { $this->assertTrue(true); }
}
