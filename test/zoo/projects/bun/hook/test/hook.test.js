import { afterAll, describe, test } from 'bun:test';
describe('group', () => { afterAll(() => { throw new Error('no database'); }); test('one', () => {}); describe('inner', () => { test('two', () => {}); }); });
test('holds', () => {});
