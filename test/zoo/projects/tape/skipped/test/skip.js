const test = require('tape');
test('holds', (t) => { t.ok(true); t.end(); });
test('waits', { skip: true }, (t) => t.end());
