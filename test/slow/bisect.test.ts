import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bisect } from '../../src/proof/bisect.ts';
import { maxOdds, oddsOf, passesNeeded } from '../../src/proof/odds.ts';
import { openGit } from '../../src/repo/git.ts';
import { doors, lay, look } from '../suite/world.ts';

const packageJson = JSON.stringify({ scripts: { test: 'node --test' } });
const cart = (fault: number) => `exports.total = (prices) => prices.reduce((sum, price) => sum + price, ${fault});\n`;
const cartTest =
  "const assert = require('node:assert');\nrequire('node:test').test('adds', () => assert.strictEqual(require('./cart.js').total([1, 2]), 3));\n";

/** A repository with one commit per step; each step writes its files. */
function history(steps: readonly Readonly<Record<string, string>>[]): { root: string; git: (...args: string[]) => string } {
  const root = lay({ 'package.json': packageJson });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  git('init', '-q', '-b', 'main');
  for (const [index, files] of steps.entries()) {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    git('add', '-A');
    git('commit', '-q', '-m', `step ${index}`);
  }
  return { root, git };
}

async function search(root: string, since: string) {
  const { suite, run } = await look(root);
  const [failure] = run.failures;
  const git = await openGit(root, doors());
  if (!failure || !git) throw new Error('nothing to search for');
  return bisect({ root, git, suite, failure, since, timeoutMs: 60_000, envNames: [] }, doors());
}

test('names the first bad commit and leaves the repository as it is', async () => {
  const { root, git } = history([
    { 'cart.js': cart(0), 'cart.test.js': cartTest },
    { 'a.txt': '1' },
    { 'cart.js': cart(1) },
    { 'a.txt': '2' },
    { 'a.txt': '3' },
  ]);
  const before = [
    git('status', '--porcelain'),
    git('rev-parse', 'HEAD'),
    git('for-each-ref'),
    readdirSync(join(root, '.git')).sort().join(),
  ];
  const found = await search(root, 'HEAD~4');
  expect(found).toMatchObject({
    verdict: 'found',
    commit: { subject: 'step 2', author: 'A', files: ['cart.js'], sha: git('rev-parse', 'HEAD~2') },
  });
  expect(found.commit?.diff).toContain('sum + price, 1');
  expect(found.commit?.authorDate).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect([
    git('status', '--porcelain'),
    git('rev-parse', 'HEAD'),
    git('for-each-ref'),
    readdirSync(join(root, '.git')).sort().join(),
  ]).toEqual(before);
});

test('a test that is newer than the ref is run there as it is today', async () => {
  const { root } = history([{ 'cart.js': cart(0) }, { 'cart.js': cart(2) }, { 'cart.test.js': cartTest }]);
  const found = await search(root, 'HEAD~2');
  expect(found).toMatchObject({ verdict: 'found', commit: { subject: 'step 1' }, why: expect.stringContaining('did not exist') });
});

test('what is not committed, what was always red, and what is no ref', async () => {
  const { root } = history([{ 'cart.js': cart(0), 'cart.test.js': cartTest }, { 'a.txt': '1' }]);
  writeFileSync(join(root, 'cart.js'), cart(5));
  expect(await search(root, 'HEAD~1')).toMatchObject({ verdict: 'uncommitted' });
  const old = history([{ 'cart.js': cart(3), 'cart.test.js': cartTest }, { 'a.txt': '1' }]);
  expect(await search(old.root, 'HEAD~1')).toMatchObject({ verdict: 'already_red' });
  expect(await search(old.root, 'nowhere')).toMatchObject({ verdict: 'unknown', runs: 0, why: expect.stringContaining('no commit') });
});

test('a commit at which the test fails in another way is not the bad one', async () => {
  const throws = 'exports.total = () => { throw new Error("not yet"); };\n';
  const { root } = history([
    { 'cart.js': cart(0), 'cart.test.js': cartTest },
    { 'cart.js': throws },
    { 'cart.js': cart(4) },
    { 'cart.js': cart(1) },
  ]);
  const found = await search(root, 'HEAD~3');
  expect(found).toMatchObject({ verdict: 'found', commit: { subject: 'step 3' }, why: expect.stringContaining('fails in another way') });
});

test('the passes that are asked for leave chance less than one in a hundred, at any rate of failing', () => {
  const wanted = passesNeeded({ failed: 4, runs: 4 }) ?? 0;
  for (let rate = 0.01; rate < 1; rate += 0.01) expect(rate ** 4 * (1 - rate) ** wanted).toBeLessThan(maxOdds);
  expect(oddsOf({ failed: 3, runs: 4 }, passesNeeded({ failed: 3, runs: 4 }) ?? 0)).toBeLessThan(maxOdds);
  expect(passesNeeded({ failed: 1, runs: 60 })).toBeUndefined();
});
