import { test } from 'bun:test';
test('kills its process', () => process.kill(process.pid, 'SIGKILL'));
