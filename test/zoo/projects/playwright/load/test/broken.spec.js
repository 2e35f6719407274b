const { test } = require('@playwright/test');
require('./missing-file.js');
test('never seen', () => {});
