const { test } = require('@playwright/test');
test('never ends', () => { for (;;); });
