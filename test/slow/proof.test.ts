import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { runSuite } from '../../src/suite/run/run.ts';
import { prove } from '../../src/uses/prove.ts';
import { play } from '../jobs/world.ts';
import { depsOf, good, shop } from '../proof/checkout.ts';
import { git, makeHome, makeRepo, write } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
const cli = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));
const deps = { ...depsOf(own), ask: undefined };

const diff = `--- a/src/price.js
+++ b/src/price.js
@@ -5,1 +5,1 @@
-  for (let i = 1; i < items.length; i++) sum += items[i];
+  for (let i = 0; i < items.length; i++) sum += items[i];
`;

test('apply runs the test again where it counts; red there is said, with the way back', async () => {
  // What decides in the user's tree is not in the repository: it comes after the proof.
  const test = shop['test/price.test.js'].replace(
    "test('total",
    "import { existsSync } from 'node:fs';\nif (existsSync('late.txt')) throw new Error('late');\ntest('total",
  );
  const root = await makeRepo(own.home, 'later', { ...shop, 'test/price.test.js': test, '.gitignore': 'late.txt\n' });
  const { run } = play(own, [good]);
  const fixed = await run('fix', root, { command: 'node --test', sandbox: 'off', attempts: 1 });
  expect(fixed.status).toBe('verified');
  writeFileSync(join(root, 'late.txt'), '');
  const { apply } = await import('../../src/uses/apply.ts');
  const { world } = play(own, []);
  const applied = await apply({ root, job: fixed.job?.slice(0, 6) }, { wiring: world, signal: new AbortController().signal });
  expect(applied).toMatchObject({ status: 'applied', next: [expect.stringContaining('To undo: ')] });
  expect(applied.summary).toContain('is still red in your tree');
  expect(readFileSync(join(root, 'src/price.js'), 'utf8')).toContain('let i = 0');
});

test('a receipt is written and proven again through the command line; of another patch or commit it does not hold', async () => {
  const root = await makeRepo(own.home, 'receipt', shop);
  const [patch, receipt] = [join(own.home, 'fix.diff'), join(own.home, 'proof.json')];
  writeFileSync(patch, diff);
  const env = { ...own.env, PATH: process.env.PATH ?? '' };
  const run = (...words: string[]) =>
    runProcess({ argv: [process.execPath, cli, 'prove', root, ...words], cwd: own.home, env, timeoutMs: 120_000 });
  const first = await run('--patch', patch, '--sandbox', 'off', '--receipt', receipt);
  expect(`${first.exitCode} ${first.stdout}${first.stderr}`).toMatch(/^0 [\s\S]*verified/);
  const again = await run('--check', receipt, '--sandbox', 'off');
  expect(`${again.exitCode} ${again.stdout}${again.stderr}`).toMatch(/^0 [\s\S]*The receipt holds/);
  writeFileSync(receipt, readFileSync(receipt, 'utf8').replaceAll('let i = 0', 'let i = 2'));
  const forged = await run('--check', receipt, '--sandbox', 'off');
  expect(`${forged.exitCode} ${forged.stdout}${forged.stderr}`).toMatch(/^1 [\s\S]*does not hold/);
  write(root, { 'later.txt': 'x\n' });
  await git(root, 'add', '-A');
  await git(root, 'commit', '-qm', 'later');
  const other = await run('--check', receipt, '--sandbox', 'off');
  expect(`${other.stdout}${other.stderr}`).toContain('The receipt is of commit');
});

test('of several causes, those that the patch mends are proven and the others are said', async () => {
  const root = await makeRepo(own.home, 'several', {
    ...shop,
    'src/other.js': "export function name() {\n  return 'shop'.toUpperCase();\n}\n",
    'test/other.test.js': `import test from 'node:test';
import assert from 'node:assert';
import { name } from '../src/other.js';
test('gives the name', () => assert.strictEqual(name(), 'shop'));
`,
  });
  const input = { root, sandbox: 'off' as const };
  const mend = (after: string) =>
    prove({ ...input, patch: `src/other.js\n<<<<<<< SEARCH\n  return 'shop'.toUpperCase();\n=======\n${after}\n>>>>>>> REPLACE\n` }, deps);
  const one = await prove({ ...input, patch: diff }, deps);
  expect(one).toMatchObject({ status: 'verified', proof: { stillRed: ['test/other.test.js::gives the name'] } });
  const other = await mend("  return 'shop';");
  expect(other).toMatchObject({ status: 'verified', proof: { stillRed: ['test/price.test.js::total adds all'] } });
  expect(await mend("  return 'sho';")).toMatchObject({ status: 'no_effect' });
});

test('a build that many runs ask for is made once, until it is forgotten', async () => {
  const root = await makeRepo(own.home, 'built', {
    ...shop,
    'build.js': "import { appendFileSync } from 'node:fs';\nappendFileSync('built.txt', '.');\n",
    '.gitignore': 'built.txt\n',
  });
  const suite = {
    runner: 'node:test',
    argv: ['node', '--test'],
    cwd: '',
    env: {},
    why: 'a test',
    before: [{ argv: ['node', 'build.js'], cwd: '' }],
  };
  const builds = new Map();
  const request = { root, timeoutMs: 60_000, tell: () => {}, env: { ...own.env }, scratch: own.home, builds };
  const made = () => (existsSync(join(root, 'built.txt')) ? readFileSync(join(root, 'built.txt'), 'utf8').length : 0);
  await Promise.all([runSuite(suite, request), runSuite({ ...suite, why: 'another' }, request)]);
  expect(made()).toBe(1);
  const { outcome, note } = await runSuite(suite, request);
  expect([outcome, note, made()]).toEqual(['red', expect.stringContaining('was run first'), 1]);
  builds.clear();
  await runSuite(suite, request);
  expect(made()).toBe(2);
});
