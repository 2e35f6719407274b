import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findCause } from '../../src/cause/cause.ts';
import { openGit } from '../../src/repo/git.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import type { Cause } from '../../src/schema/cause.ts';
import { doors, lay, look } from '../suite/world.ts';

const price = (sign: string) => `export function unitPrice(tiers, quantity) {
  let price = tiers[0].price;
  for (const tier of tiers) if (quantity ${sign} tier.from) price = tier.price;
  return price;
}
export const total = (lines, tiers) => lines.reduce((sum, quantity) => sum + quantity * unitPrice(tiers, quantity), 0);
`;
const priceTest = `import assert from 'node:assert/strict';
import test from 'node:test';
import { total } from '../src/price.js';
const tiers = [{ from: 1, price: 120 }, { from: 10, price: 100 }];
test('nine', () => assert.equal(total([9], tiers), 1080));
test('ten', () => assert.equal(total([10], tiers), 1000));
test('eleven', () => assert.equal(total([11], tiers), 1100));
`;
const shop = {
  'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node --test' } }),
  'src/price.js': price('>='),
  'src/label.js': 'export const label = (lines) => lines + " lines";\n',
  'test/price.test.js': priceTest,
};

/** A repository with one commit per step. */
function history(...steps: Readonly<Record<string, string>>[]): {
  root: string;
  change: (files: Readonly<Record<string, string>>) => void;
} {
  const root = lay({});
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: root });
  const change = (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  git('init', '-q', '-b', 'main');
  for (const [index, files] of steps.entries()) {
    change(files);
    git('add', '-A');
    git('commit', '-q', '-m', `step ${index}`);
  }
  return { root, change };
}

async function causeOf(root: string): Promise<Cause> {
  const { suite, run } = await look(root);
  const [failure] = run.failures;
  if (!failure) throw new Error('nothing fails');
  const git = await openGit(root, doors());
  const limits = { timeoutMs: 60_000, envNames: [], sandbox: 'off' as const };
  const situation = { root, within: '', git, suite, suites: [suite], run, failure, failures: run.failures, ...limits };
  const { cause } = await findCause(situation, { ...doors(), redactor: makeRedactor({ key: Buffer.alloc(32, 7), exact: [] }) });
  return cause;
}

test('shows the hunk of an uncommitted change and the first value that differs', async () => {
  const { root, change } = history(shop);
  change({
    'src/price.js': price('>'),
    'src/label.js': 'export const label = (lines) => lines + " rows";\n',
    'src/more.js': 'export const more = 1;\n',
  });
  const { blame, values } = await causeOf(root);
  expect(blame).toMatchObject({ hunks: [{ path: 'src/price.js', line: 3, name: 'unitPrice' }], of: 3 });
  expect(blame?.why).toMatch(/^cause shown: undoing this hunk turns 1 of 1 failing tests green and nothing that passed fails/);
  expect(blame?.undo).toMatchObject({ green: 1, of: 1, breaks: [] });
  expect(blame?.widest?.scope).toBe('change');
  expect(values?.divergences[0]).toMatchObject({
    path: 'src/price.js',
    line: 1,
    call: 'unitPrice(tiers: [{ from: 1, price: 120 }, { from: 10, price: 100 }], quantity: 10)',
    gave: '120',
    instead: '100',
    others: ['with quantity = 9 it gave 120', 'with quantity = 11 it gave 100'],
  });
});

test('goes through the history where the change is committed, and leaves later work', async () => {
  const moved = `// prices\n${price('>')}`;
  const { root } = history(
    shop,
    { 'src/price.js': price('>'), 'src/label.js': 'export const label = 1;\n' },
    { 'src/price.js': moved },
    { 'a.txt': '1' },
  );
  const { since, blame } = await causeOf(root);
  expect(since).toMatchObject({ verdict: 'found', commit: { subject: 'step 1' } });
  expect(blame).toMatchObject({ hunks: [{ path: 'src/price.js', line: 4 }], of: 2 });
  expect(blame?.undo?.diff).toContain('+  for (const tier of tiers) if (quantity >= tier.from)');
});

test('an undo that breaks what passes is a place and nothing to apply', async () => {
  const { root, change } = history(shop);
  const seven = `${priceTest}import { seven } from '../src/price.js';\ntest('seven', () => assert.equal(seven(), 7));\n`;
  change({
    'src/price.js': price('>').replace('return price;\n}', 'return price;\n}\nexport const seven = () => 7;'),
    'test/price.test.js': seven,
  });
  const { blame } = await causeOf(root);
  expect(blame?.hunks).toMatchObject([{ name: 'unitPrice' }]);
  expect(blame?.widest).toBeUndefined();
});

test('without a good tree it shows the calls beside those of passing tests', async () => {
  const { root } = history({ ...shop, 'src/price.js': price('>') });
  const { values, blame } = await causeOf(root);
  expect(blame).toBeUndefined();
  expect(values?.against).toContain('nine');
  expect(values?.divergences.map(({ name }) => name)).toContain('unitPrice');
  rmSync(root, { recursive: true });
});
