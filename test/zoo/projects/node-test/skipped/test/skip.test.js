const { test } = require('node:test');
test('holds', () => {});
test('waits', { skip: true }, () => {});
