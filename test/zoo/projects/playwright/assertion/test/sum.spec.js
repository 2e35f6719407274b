const { expect, test } = require('@playwright/test');
test('holds', () => {});
test('adds', () => expect(1 + 1).toBe(3));
