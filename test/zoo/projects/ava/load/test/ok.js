import test from 'ava';
test('holds', (t) => t.pass());
