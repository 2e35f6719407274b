import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toBug } from '../../src/evaluating/mining/bugs.ts';
import { mine } from '../../src/evaluating/mining/mine.ts';
import { readAlso } from '../../src/evaluating/other-models.ts';
import { saveCascade } from '../../src/evaluating/save.ts';
import { pathsIn, readInstances, writeInstances } from '../../src/evaluating/swe-bench.ts';
import type { Git } from '../../src/repo/git.ts';
import { readSettings } from '../../src/settings.ts';
import { chooseVariants } from '../../src/talk/offer.ts';
import { makeHome, open } from '../repo/fixture.ts';
import { makePast, mends, take } from './past.ts';

const own = makeHome();
afterAll(own.remove);
let git: Git;
let commits = { base: '', fix: '' };

beforeAll(async () => {
  const root = await makePast(own.home, 'forms', 1);
  git = await open(root);
  commits = { base: git.head ?? '', fix: await take(root, mends(3)) };
});

test('what is written is read again, with the patches as they were', async () => {
  const { candidates } = await mine(git);
  const [candidate] = candidates;
  if (!candidate) throw new Error('no candidate');
  const bug = {
    ...(await toBug(git, 'me/forms', candidate)),
    failToPass: ['test/three.test.js::three times five'],
    passToPass: ['a', 'b "c"'],
  };
  const written = writeInstances([bug]);
  expect(JSON.parse(written)).toMatchObject({
    instance_id: `me__forms-${commits.fix.slice(0, 8)}`,
    base_commit: commits.base,
    FAIL_TO_PASS: '["test/three.test.js::three times five"]',
  });
  const { bugs, elsewhere } = await readInstances(written, 'x.jsonl', git);
  expect([bugs.map(({ date: _date, ...rest }) => rest), elsewhere]).toEqual([[(({ date: _date, ...rest }) => rest)(bug)], 0]);
});

test('a list of commits is read, lists may be plain, and what is of another repository is passed over', async () => {
  const plain = { instance_id: 'other', repo: 'a/b', base_commit: 'f'.repeat(40), patch: '', test_patch: '', FAIL_TO_PASS: ['a'] };
  const listed = {
    id: 'mine',
    repo: 'me/forms',
    base_commit: commits.base,
    fix_commit: commits.fix,
    test_files_changed: ['test/three.test.js'],
    gold_files: ['src/three.js'],
  };
  const { bugs, elsewhere } = await readInstances(JSON.stringify([plain, listed]), 'x.json', git);
  expect(elsewhere).toBe(1);
  expect(bugs).toMatchObject([{ id: 'mine', tests: ['test/three.test.js'], gold: ['src/three.js'] }]);
  expect(pathsIn(bugs[0]?.patch ?? '')).toEqual(['src/three.js']);
});

test.each<[string, RegExp]>([
  ['{"instance_id": 1}', /instance 1 is not in SWE-bench's form: instance_id/],
  ['not json', /neither JSON lines nor a JSON list/],
  [
    JSON.stringify({ instance_id: 'a', repo: 'b', base_commit: 'f'.repeat(40), patch: '', test_patch: '' }),
    /names no commit of this repository/,
  ],
  [JSON.stringify({ instance_id: 'a', repo: 'b', base_commit: 'HEAD; rm', patch: '', test_patch: '' }), /base_commit/],
])('%s is refused in one sentence', async (text, said) => {
  await expect(readInstances(text, 'x.jsonl', git)).rejects.toThrow(said);
});

test('the cascade goes into the settings beside what stands there, and is what fix climbs', async () => {
  const root = join(own.home, 'saved');
  mkdirSync(root);
  const file = join(root, 'glm-skill.config.json');
  writeFileSync(file, '{\n  // ours\n  "budget": 8000\n}\n');
  expect(await saveCascade(root, ['glm-4.5-air', 'glm-4.7'])).toBe(file);
  expect(readFileSync(file, 'utf8')).toBe('{\n  // ours\n  "budget": 8000,\n  "variant": "glm-4.5-air,glm-4.7"\n}\n');
  const setting = String(readSettings(root, {}, own.folders).get('variant')?.value);
  expect(chooseVariants(setting).map(({ id }) => id)).toEqual(['glm-4.5-air', 'glm-4.7']);
  await saveCascade(root, ['glm-4.7']);
  expect(readFileSync(file, 'utf8')).toContain('"variant": "glm-4.7"');
});

test.each<[string, string, string, number | 'unknown', number | 'unknown']>([
  ['qwen3=http://127.0.0.1:8000', 'qwen3', 'http://127.0.0.1:8000', 0, 0],
  ['a/b:c=https://models.example.org/v1', 'a/b:c', 'https://models.example.org/v1', 'unknown', 'unknown'],
  ['x=https://models.example.org/v1,0.2/0.8', 'x', 'https://models.example.org/v1', 0.2, 0.8],
])('%s is a further model', (text, name, address, input, output) => {
  const { variant, url } = readAlso(text);
  expect([variant.id, url, variant.prices.input, variant.prices.output]).toEqual([name, address, input, output]);
});
