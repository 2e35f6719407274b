<?php
require __DIR__ . '/missing_file.php';
class brokenTest extends PHPUnit\Framework\TestCase
{
    public function testNever(): void {}
}
