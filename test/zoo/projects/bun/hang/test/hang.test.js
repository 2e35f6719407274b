import { test } from 'bun:test';
test('never ends', () => { for (;;); });
