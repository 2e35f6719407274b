const test = require('tape');
test('kills its process', () => process.kill(process.pid, 'SIGKILL'));
