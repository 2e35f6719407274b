import test from 'ava';
test('adds', (t) => t.pass());
test('nests', (t) => t.pass());
