<?php
class CrashTest extends PHPUnit\Framework\TestCase
{
    public function testKillsItsProcess(): void { posix_kill(posix_getpid(), 9); }
}
