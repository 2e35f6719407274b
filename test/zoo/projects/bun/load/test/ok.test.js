import { test } from 'bun:test';
test('holds', () => {});
