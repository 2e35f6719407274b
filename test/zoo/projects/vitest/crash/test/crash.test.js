import { test } from 'vitest';
test('kills its process', () => process.kill(process.pid, 'SIGKILL'));
