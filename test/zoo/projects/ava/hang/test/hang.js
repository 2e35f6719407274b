import test from 'ava';
test('never ends', () => { for (;;); });
