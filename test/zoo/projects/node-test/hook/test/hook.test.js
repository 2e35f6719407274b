const { before, describe, test } = require('node:test');
describe('group', () => { before(() => { throw new Error('no database'); }); test('one', () => {}); describe('inner', () => { test('two', () => {}); }); });
test('holds', () => {});
