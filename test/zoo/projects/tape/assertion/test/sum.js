const test = require('tape');
test('adds', (t) => { t.equal(1 + 1, 3); t.end(); });
test('holds', (t) => { t.ok(true); t.end(); });
