<?php
class sumTest extends PHPUnit\Framework\TestCase
{
    public function testHolds(): void { $this->assertTrue(true); }
    public function testAdds(): void { $this->assertSame(3, 1 + 1); }
}
