const test = require('tape');
test('adds', (t) => { t.ok(true); t.end(); });
test('nests', (t) => { t.ok(true); t.end(); });
