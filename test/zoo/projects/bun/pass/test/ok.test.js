import { expect, test } from 'bun:test';
test('holds', () => expect(1).toBe(1));
test('holds too', () => {});
