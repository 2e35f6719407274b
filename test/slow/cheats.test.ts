import { afterAll, expect, test } from 'vitest';
import { startProof } from '../../src/proof/prove.ts';
import { makeIsTest } from '../../src/proof/reach/test-files.ts';
import { depsOf, observe, suite } from '../proof/checkout.ts';
import { imprint, makeHome, makeRepo, open } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

const testFile = `import test from 'node:test';
import assert from 'node:assert';
import { add } from '../src/add.js';
test('adds', () => assert.strictEqual(add(1, 2), 3));
`;

async function prove(name: string, before: string, patches: readonly string[]) {
  const root = await makeRepo(own.home, name, {
    'package.json': '{"type":"module"}\n',
    'src/add.js': before,
    'test/add.test.js': testFile,
  });
  const failures = await observe(root, own);
  const there = imprint(root);
  const request = { root, git: await open(root), suite, failures, timeoutMs: 60_000, sandbox: 'off' as const, allow: [] };
  const prover = await startProof(request, depsOf(own));
  const proven = [];
  for (const after of patches) proven.push(await prover.prove([{ path: 'src/add.js', before, after }]));
  await prover.remove();
  expect(imprint(root)).toEqual(there);
  return proven.map(({ proof, patch }) => ({ verdict: proof.verdict, why: proof.why, flags: patch?.flags.map(({ flag }) => flag) }));
}

test('a program that ends itself is not green, even where nothing could be loaded before', async () => {
  const broken = "import './missing.js';\nexport const add = (a, b) => a + b;\n";
  const [exit, good] = await prove('unloaded', broken, [
    'process.exit(0);\nexport const add = () => 0;\n',
    'export const add = (a, b) => a + b;\n',
  ]);
  expect(exit).toMatchObject({ verdict: 'regresses', why: expect.stringContaining('no longer give a result'), flags: ['exit_added'] });
  expect(good).toMatchObject({ verdict: 'verified', flags: [] });
}, 600_000);

test('code that writes the tests anew or reaches into the test library is never verified in silence', async () => {
  const [rewrites, reaches] = await prove('wrong', 'export const add = (a) => a;\n', [
    `import { writeFileSync } from 'node:fs';
writeFileSync(new URL('../test/add.test.js', import.meta.url), "import test from 'node:test'; test('adds', () => {});");
export const add = (a) => a;
`,
    "import assert from 'node:assert';\nassert.strictEqual = () => {};\nexport const add = (a) => a;\n",
  ]);
  expect(rewrites).toMatchObject({ verdict: 'unverifiable', why: expect.stringContaining('test/add.test.js') });
  expect(rewrites?.flags).toContain('file_written');
  expect(reaches?.flags).toEqual(expect.arrayContaining(['test_library', 'cannot_fail']));
}, 600_000);

test('tests are what the runner collected and helpers that only tests import; not the library, and not code that holds tests', () => {
  const files: Readonly<Record<string, string>> = {
    'src/index.js': "export * from './math.js';\n",
    'src/math.js': 'export const add = (a, b) => a + b;\n',
    'src/test-helpers.js': 'export const fake = 1;\n',
    'src/helpers.js': 'export const used = 1;\n',
    'src/use.js': "import { used } from './helpers.js';\n",
    'checks/all.js': "import '../src/index.js';\n",
    'test/a.test.js': "import '../src/index.js';\nimport '../src/test-helpers.js';\nimport '../src/helpers.js';\n",
    'lib.rs': '#[cfg(test)]\nmod tests {}\n',
  };
  const collected = new Set(['checks/all.js', 'src/math.js', 'test/a.test.js', 'lib.rs']);
  const isTest = makeIsTest({ paths: Object.keys(files), read: (path) => files[path], collected });
  expect(Object.keys(files).filter(isTest)).toEqual(['src/test-helpers.js', 'checks/all.js', 'test/a.test.js']);
});
