const { test } = require('@playwright/test');
test('holds', () => {});
test.skip('waits', () => {});
