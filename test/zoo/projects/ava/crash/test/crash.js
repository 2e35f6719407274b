import test from 'ava';
test('kills its process', () => process.kill(process.pid, 'SIGKILL'));
