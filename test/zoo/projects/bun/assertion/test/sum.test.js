import { expect, test } from 'bun:test';
test('holds', () => {});
test('adds', () => expect(1 + 1).toBe(3));
