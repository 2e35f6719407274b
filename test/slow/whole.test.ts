import { afterAll, expect, test } from 'vitest';
import { orderSuites } from '../../src/proof/order-suites.ts';
import { startProof } from '../../src/proof/prove.ts';
import type { Suite } from '../../src/schema/run.ts';
import { runSuite } from '../../src/suite/run/run.ts';
import { depsOf } from '../proof/checkout.ts';
import { makeHome, makeRepo, open } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

const suiteIn = (cwd: string): Suite => ({ runner: 'node:test', argv: ['node', '--test'], cwd, env: {}, why: 'a test' });
const testOf = (name: string, from: string, check: string) =>
  `import test from 'node:test';\nimport assert from 'node:assert';\nimport { ${from.split(' ')[0]} } from '${from.split(' ')[1]}';\ntest('${name}', () => ${check});\n`;

test('a patch that breaks another package is not verified, and what was not compared is named', async () => {
  const money = 'export const cents = (n) => Math.trunc(n * 100);\n';
  const root = await makeRepo(own.home, 'shop', {
    'package.json': '{"type":"module"}\n',
    'money/index.js': money,
    'money/money.test.js': testOf('less than a cent is nothing', 'cents ./index.js', 'assert.equal(cents(0.006), 0)'),
    'cart/index.js':
      "import { cents } from '../money/index.js';\nexport const total = (prices) => prices.reduce((sum, one) => sum + cents(one), 0);\n",
    'cart/cart.test.js': testOf('adds', 'total ./index.js', 'assert.equal(total([0.29, 1]), 129)'),
  });
  const [cart, pay] = [suiteIn('cart'), suiteIn('money')];
  const { failures } = await runSuite(cart, { root, timeoutMs: 60_000, tell: () => {}, env: own.env, scratch: own.home });
  const request = { root, git: await open(root), failures, timeoutMs: 60_000, sandbox: 'off' as const, allow: [] };
  const broken: Suite = { ...suiteIn('money'), argv: ['node', '--test', 'nowhere.test.js'] };
  const patch = (after: string) => [{ path: 'money/index.js', before: money, after }];
  const prover = await startProof({ ...request, suite: cart, suites: [pay, cart, broken] }, depsOf(own));
  const bad = await prover.prove(patch('export const cents = (n) => Math.round(n * 100);\n'));
  expect(bad.proof).toMatchObject({ verdict: 'regresses', wide: { newFailures: ['money/money.test.js::less than a cent is nothing'] } });
  expect(bad.proof.wide?.scope).toMatch(/^2 tests in 2 suites; not compared: node:test in money: it ends as/);
  const good = await prover.prove(patch('export const cents = (n) => Math.trunc(n * 100 + 1e-6);\n'));
  expect(good.proof.verdict).toBe('verified');
  await prover.remove();
}, 600_000);

test('suites are run in the order in which a change can hurt them', () => {
  const manifests: Record<string, string> = {
    'a/package.json': '{"name":"a"}',
    'b/package.json': '{"name":"b","dependencies":{"c":"*"}}',
    'c/package.json': '{"name":"c","dependencies":{"d":"*"}}',
    'd/package.json': '{"name":"d"}',
  };
  const suites = ['a', 'b', 'c', 'd'].map(suiteIn);
  expect(orderSuites(suites, ['d/x.js'], (path) => manifests[path]).map(({ cwd }) => cwd)).toEqual(['d', 'c', 'b', 'a']);
});
