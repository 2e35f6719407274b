import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bisect } from '../../src/proof/bisect.ts';
import { openGit } from '../../src/repo/git.ts';
import { doors, lay, look } from '../suite/world.ts';

/** A test whose outcome follows a count that is kept outside of the repository. */
function world(steps: readonly Readonly<Record<string, string>>[]) {
  const place = join(lay({}), 'turn');
  const clock = `const fs = require('node:fs');\nconst at = fs.existsSync(${JSON.stringify(place)}) ? fs.readFileSync(${JSON.stringify(place)}, 'utf8').length : 0;\nfs.appendFileSync(${JSON.stringify(place)}, '.');\nrequire('node:test').test('answers', () => require('node:assert').ok(require('./clock.js').answers(at)));\n`;
  const root = lay({ 'package.json': JSON.stringify({ scripts: { test: 'node --test' } }), 'clock.test.js': clock });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: root });
  git('init', '-q', '-b', 'main');
  for (const [index, files] of steps.entries()) {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    git('add', '-A');
    git('commit', '-q', '-m', `step ${index}`);
  }
  rmSync(place, { force: true });
  return root;
}

async function search(root: string, since: string) {
  const { suite, run } = await look(root);
  const [failure] = run.failures;
  const git = await openGit(root, doors());
  if (!failure || !git) throw new Error('nothing to search for');
  return bisect({ root, git, suite, failure, since, timeoutMs: 240_000, envNames: [] }, doors());
}

const flaky = 'exports.answers = (turn) => turn % 3 === 2;\n';

test('of a flaky test no commit is named where each may be the one', async () => {
  const found = await search(world([{ 'clock.js': flaky }, { 'a.txt': '1' }, { 'a.txt': '2' }]), 'HEAD~2');
  expect(found).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('flaky') });
  expect(found.commit).toBeUndefined();
}, 300_000);

test('a test that became flaky: the commit is named with its odds', async () => {
  const steady = 'exports.answers = () => true;\n';
  const found = await search(world([{ 'clock.js': steady }, { 'a.txt': '1' }, { 'clock.js': flaky }, { 'a.txt': '2' }]), 'HEAD~3');
  expect(found).toMatchObject({ verdict: 'found', commit: { subject: 'step 2' }, why: expect.stringMatching(/flaky.*odds.* %/) });
}, 300_000);

test('a commit beyond which history was cut off is not called bad', async () => {
  const good = 'exports.answers = () => true;\n';
  const bad = 'exports.answers = () => false;\n';
  const from = world([{ 'clock.js': good }, { 'a.txt': '1' }, { 'clock.js': bad }, { 'a.txt': '2' }]);
  const shas = execFileSync('git', ['rev-list', '--reverse', 'HEAD'], { cwd: from }).toString().trim().split('\n');
  const root = lay({});
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });
  git('clone', '-q', '--depth=1', `file://${from}`, '.');
  git('fetch', '-q', '--depth=1', 'origin', shas[0] ?? '');
  const found = await search(root, shas[0] ?? '');
  expect(found).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('git fetch --unshallow') });
  expect(found.commit).toBeUndefined();
  expect(await search(root, 'v9')).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('v9 is no commit') });
}, 300_000);
