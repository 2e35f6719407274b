const { test } = require('tap');
test('holds', (t) => { t.ok(true); t.end(); });
