const test = require('ava');
test.before(() => { throw new Error('no database'); });
test('group › one', (t) => t.pass());
test('inner › two', (t) => t.pass());
