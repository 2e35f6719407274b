import { beforeAll, describe, test } from 'vitest';
describe('group', () => { beforeAll(() => { throw new Error('no database'); }); test('one', () => {}); describe('inner', () => { test('two', () => {}); }); });
test('holds', () => {});
