import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProof } from '../../src/proof/prove.ts';
import type { FileChange } from '../../src/schema/patch.ts';
import type { Failure } from '../../src/schema/run.ts';
import { imprint, makeHome, makeRepo, open, write } from '../repo/fixture.ts';
import { depsOf, observe, shop, suite } from './checkout.ts';

const own = makeHome();
afterAll(own.remove);
let root = '';
let failures: readonly Failure[] = [];
beforeAll(async () => {
  root = await makeRepo(own.home, 'shop', shop);
  failures = await observe(root, own);
});

const price = shop['src/price.js'];
const edit = (from: string, to: string): FileChange[] => [{ path: 'src/price.js', before: price, after: price.replace(from, to) }];
const start = async (extra: Partial<Parameters<typeof startProof>[0]> = {}) =>
  startProof({ root, git: await open(root), suite, failures, timeoutMs: 60_000, sandbox: 'off', allow: [], ...extra }, depsOf(own));

test('each kind of patch gets its verdict in one worktree, and the user’s side stays as it is', async () => {
  const before = imprint(root);
  const prover = await start();
  expect(prover.problem).toBeUndefined();
  const verdict = async (changes: FileChange[]) => (await prover.prove(changes)).proof.verdict;
  const good = await prover.prove(edit('let i = 1', 'let i = 0'));
  expect(good.proof).toMatchObject({ verdict: 'verified', wide: { newFailures: [], missing: [], newSkips: [] }, sandbox: 'none' });
  expect(good.proof.after).toHaveLength(2);
  expect(good.patch?.files).toEqual([{ path: 'src/price.js', added: 1, removed: 1 }]);
  expect(await verdict(edit('zzz', ''))).toBe('not_applied');
  expect(await verdict(edit('return items.length', 'return items.length + 0'))).toBe('no_effect');
  expect(await verdict(edit('return items.length', 'return -1'))).toBe('regresses');
  expect(await verdict(edit('export function count', 'function count'))).toBe('regresses');
  const both = await prover.prove([
    { path: 'src/price.js', before: price, after: price.replace('let i = 1', 'let i = 0').replace('return items.length', 'return 0') },
  ]);
  expect(both.proof).toMatchObject({ verdict: 'regresses', wide: { newFailures: [expect.stringContaining('count counts')] } });
  expect(both.red.map(({ name }) => name)).toContain('count counts');
  const tests = shop['test/price.test.js'];
  const cheat = await prover.prove([{ path: 'test/price.test.js', before: tests, after: tests.replace('), 6)', '), 5)') }]);
  expect(cheat.proof.verdict).toBe('not_applied');
  expect(cheat.refusals.map(({ rule }) => rule)).toEqual(['tests']);
  await prover.remove();
  expect(imprint(root)).toEqual(before);
  expect(readdirSync(join(own.folders.cache, 'worktrees'))).toEqual([]);
}, 600_000);

test('what is not red in the worktree as it was outside is unverifiable', async () => {
  const [failure] = failures;
  if (!failure) throw new Error('nothing fails');
  const other = await start({ failures: [{ ...failure, kind: 'load', message: 'Cannot find module' }] });
  expect(other.problem).toContain('fails otherwise in the worktree');
  expect((await other.prove(edit('let i = 1', 'let i = 0'))).proof.verdict).toBe('unverifiable');
  await other.remove();
  const green = await start({ failures: [{ ...failure, id: failure.id.replace('total adds all', 'count counts'), name: 'count counts' }] });
  expect(green.problem).toContain('passes in the worktree');
  await green.remove();
});

test('a new failure that does not fail every time is not held against the patch', async () => {
  const flaky = join(own.home, 'flaky');
  write(root, {
    'test/flaky.test.js': `import test from 'node:test';
import { appendFileSync, readFileSync } from 'node:fs';
test('now and then', () => {
  appendFileSync(${JSON.stringify(flaky)}, '.');
  if (readFileSync(${JSON.stringify(flaky)}, 'utf8').length === 2) throw new Error('flake');
});
`,
  });
  writeFileSync(flaky, '');
  const prover = await start();
  const { proof } = await prover.prove(edit('let i = 1', 'let i = 0'));
  expect(proof.verdict).toBe('verified');
  expect(proof.why).toContain('do not fail every time');
  await prover.remove();
});
