import { test } from 'vitest';
test('holds', () => {});
test.skip('waits', () => {});
