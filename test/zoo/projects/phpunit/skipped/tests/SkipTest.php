<?php
class SkipTest extends PHPUnit\Framework\TestCase
{
    public function testHolds(): void { $this->assertTrue(true); }
    public function testWaits(): void { $this->markTestSkipped('waits'); }
}
