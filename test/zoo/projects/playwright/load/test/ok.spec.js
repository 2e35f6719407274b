const { test } = require('@playwright/test');
test('holds', () => {});
