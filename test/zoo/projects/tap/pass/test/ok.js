const { test } = require('tap');
test('adds', (t) => { t.ok(true); t.end(); });
test('nests', (t) => { t.ok(true); t.end(); });
