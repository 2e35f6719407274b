import { expect, test } from 'bun:test';
test('zählt "æ" › 數 🙂', () => expect('é').toBe('è'));
