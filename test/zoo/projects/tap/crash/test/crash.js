const { test } = require('tap');
test('kills its process', () => process.kill(process.pid, 'SIGKILL'));
