import { expect, test } from 'vitest';
test('zählt "æ" › 數 🙂', () => expect('é').toBe('è'));
