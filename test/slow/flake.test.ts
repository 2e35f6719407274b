import { expect, test } from 'vitest';
import { checkFlake } from '../../src/proof/flake.ts';
import { doors, lay, look } from '../suite/world.ts';

const packageJson = JSON.stringify({ scripts: { test: 'node --test' } });
const head = "const { test } = require('node:test');\nconst assert = require('node:assert');\nconst fs = require('node:fs');\n";

async function judge(body: string, runs = 2) {
  const root = lay({ 'package.json': packageJson, 'a.test.js': head + body });
  const { suite, run } = await look(root);
  const [failure] = run.failures;
  if (!failure) throw new Error(`nothing failed: ${run.outcome}`);
  return checkFlake({ root, suite, failure, runs, timeoutMs: 60_000, envNames: [] }, doors());
}

test('deterministic', async () => {
  expect(await judge("test('red', () => assert.strictEqual(1, 2));")).toMatchObject({ verdict: 'deterministic', failed: 2, runs: 2 });
});

test('flaky', async () => {
  const body =
    "test('odd', () => { const n = fs.existsSync('n') ? Number(fs.readFileSync('n')) : 0; fs.writeFileSync('n', String(n + 1)); assert.strictEqual(n % 2, 1); });";
  expect(await judge(body)).toMatchObject({ verdict: 'flaky', failed: 1, runs: 2 });
});

test('order dependent', async () => {
  const body = "let shared = 0;\ntest('first', () => { shared = 1; });\ntest('second', () => assert.strictEqual(shared, 0));";
  expect(await judge(body)).toMatchObject({ verdict: 'order_dependent', failed: 0, runs: 2 });
});

test('environment', async () => {
  const missing = "test('calls', () => { require('node:child_process').execFileSync('program-of-nobody'); });";
  expect(await judge(missing, 1)).toMatchObject({ verdict: 'environment', why: expect.stringContaining('program-of-nobody') });
  const service = "test('asks', (t, done) => { require('node:net').connect(6379, '127.0.0.1').on('error', done); });";
  expect(await judge(service, 1)).toMatchObject({ verdict: 'environment', why: expect.stringContaining('Redis') });
});

test('a wrong value is never the environment', async () => {
  expect(await judge("test('red', () => assert.strictEqual('connect ECONNREFUSED 127.0.0.1:6379', ''));", 1)).toMatchObject({
    verdict: 'deterministic',
  });
});

test('no re-run is no verdict', async () => {
  expect(await judge("test('red', () => assert.fail('x'));", 0)).toMatchObject({ verdict: 'not_checked', runs: 0 });
});
