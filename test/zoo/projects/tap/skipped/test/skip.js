const { test } = require('tap');
test('holds', (t) => { t.ok(true); t.end(); });
test('waits', { skip: true }, (t) => t.end());
