const { expect, test } = require('@playwright/test');
test('zählt "æ" 數 🙂', () => expect('é').toBe('è'));
