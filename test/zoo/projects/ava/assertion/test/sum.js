import test from 'ava';
test('adds', (t) => t.is(1 + 1, 3));
test('holds', (t) => t.pass());
