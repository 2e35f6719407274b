const test = require('ava');
test('holds', (t) => t.pass());
