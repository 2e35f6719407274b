import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProof } from '../../src/proof/prove.ts';
import { findSandbox } from '../../src/safety/sandbox/sandbox.ts';
import { depsOf, observe, suite } from '../proof/checkout.ts';
import { makeHome, makeRepo, open, write } from '../repo/fixture.ts';

const own = makeHome();
const works = (await findSandbox('auto', own)).name !== 'none';
let service: Server;
let root = '';

/** A test that is red for a reason of its own once it has asked a service of the host. */
const files = (port: number) => ({
  'package.json': '{"name":"shop","type":"module"}',
  'src/sum.js': 'export const sum = (a, b) => a - b;\n',
  'test/sum.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sum } from '../src/sum.js';
test('adds what the service says', async () => {
  const two = await fetch('http://127.0.0.1:${port}').then((answer) => answer.json());
  assert.equal(sum(1, two), 3);
});
`,
});

beforeAll(async () => {
  service = createServer((_request, response) => response.end('2'));
  await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
  const address = service.address();
  root = await makeRepo(own.home, 'shop', files(typeof address === 'object' && address ? address.port : 0));
});
afterAll(() => {
  service.close();
  own.remove();
});

async function problemIn(sandbox: 'auto' | 'on' | 'off') {
  const failures = await observe(root, own);
  expect(failures).toHaveLength(1);
  const request = { root, git: await open(root), suite, failures, timeoutMs: 60_000, sandbox, allow: [] };
  const prover = await startProof(request, depsOf(own));
  const { proof } = await prover.prove([
    { path: 'src/sum.js', before: files(0)['src/sum.js'], after: 'export const sum = (a, b) => a + b;\n' },
  ]);
  await prover.remove();
  return { problem: prover.problem, proof };
}

test.skipIf(!works)('tests that need a service of this machine are not proven in the sandbox, and are told what would help', async () => {
  const { problem, proof } = await problemIn('on');
  expect(problem).toContain('--sandbox off');
  expect(proof.verdict).toBe('unverifiable');
});

test.skipIf(!works)('in the sandbox, tests see the packages of the user and not the rest of the tree', async () => {
  const at = join(own.home, 'tree');
  const tree = await makeRepo(own.home, 'tree', {
    ...files(0),
    '.gitignore': 'node_modules\nnotes.txt\n',
    'test/sum.test.js': `import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { name } from 'kept';
test('sees', () => {
  throw new Error(name + ' ' + existsSync('${at}/notes.txt') + ' ' + existsSync('${at}/src/sum.js'));
});
`,
  });
  write(tree, {
    'notes.txt': 'private',
    'node_modules/kept/package.json': '{"name":"kept","type":"module","exports":"./a.js"}',
    'node_modules/kept/a.js': 'export const name = "kept";\n',
  });
  const failures = await observe(tree, own);
  expect(failures[0]?.message).toContain('kept true true');
  const prover = await startProof(
    { root: tree, git: await open(tree), suite, failures, timeoutMs: 60_000, sandbox: 'on', allow: [] },
    depsOf(own),
  );
  expect(prover.problem).toContain('kept false false');
  await prover.remove();
});

test('where the sandbox is not asked for, they run without one, and it is said', async () => {
  for (const mode of ['auto', 'off'] as const) {
    const { problem, proof } = await problemIn(mode);
    expect(problem).toBeUndefined();
    expect(proof).toMatchObject({ verdict: 'verified', sandbox: 'none' });
  }
});
