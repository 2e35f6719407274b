const { test } = require('tap');
test('never ends', () => { for (;;); });
