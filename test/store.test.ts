import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeScratch } from '../src/store.ts';

const temp = mkdtempSync(join(tmpdir(), 'store-test-'));
afterAll(() => rmSync(temp, { recursive: true, force: true }));

test('what killed processes left in the temporary folder is removed after a day, and nothing else is', async () => {
  const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
  for (const name of ['glm-skill-aaaaaa', 'glm-skill-bbbbbb', 'glm-skill-of-mine', 'other-aaaaaa']) {
    mkdirSync(join(temp, name));
    writeFileSync(join(temp, name, 'x'), '');
    if (name !== 'glm-skill-bbbbbb') utimesSync(join(temp, name), twoDaysAgo, twoDaysAgo);
  }
  const scratch = await makeScratch(temp);
  expect(existsSync(scratch)).toBe(true);
  expect(readdirSync(temp).filter((name) => join(temp, name) !== scratch)).toEqual([
    'glm-skill-bbbbbb',
    'glm-skill-of-mine',
    'other-aaaaaa',
  ]);
  expect(await makeScratch(temp)).not.toBe(scratch);
});
