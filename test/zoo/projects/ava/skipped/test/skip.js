import test from 'ava';
test('holds', (t) => t.pass());
test.skip('waits', (t) => t.pass());
