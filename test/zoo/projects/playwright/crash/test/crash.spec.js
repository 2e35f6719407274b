const { test } = require('@playwright/test');
test('kills its process', () => process.kill(process.pid, 'SIGKILL'));
