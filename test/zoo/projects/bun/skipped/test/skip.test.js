import { test } from 'bun:test';
test('holds', () => {});
test.skip('waits', () => {});
