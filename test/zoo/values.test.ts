import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findCause } from '../../src/cause/cause.ts';
import { folders, readEnvironment } from '../../src/config.ts';
import { observe } from '../../src/proof/observe.ts';
import { openPlace } from '../../src/repo/root.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';

/**
 * The same little shop for every runner that shows values: committed as it works, broken in one sign, seen by a test two calls away. The first
 * divergence has to be the broken function, with the values that it was given, what it gave and what it gives on the good tree.
 */
type Files = Readonly<Record<string, string>>;
type Row = {
  readonly files: Files;
  readonly source: string;
  /** In the source: how it works, and how it is broken. */
  readonly signs: readonly [string, string];
  readonly needs?: readonly string[];
  readonly call: RegExp;
  readonly from: string;
};

const packageOf = (script: string, more = {}) => JSON.stringify({ private: true, type: 'module', scripts: { test: script }, ...more });
const shop = (types: boolean, start: string, end = '') => {
  const [tiers, quantity, lines] = types ? [': Tier[]', ': number', ': number[]'] : ['', '', ''];
  return `${types ? '// As it is compiled its lines move.\ntype Tier = {\n  from: number;\n  price: number;\n};\n' : ''}
${start}function unitPrice(tiers${tiers}, quantity${quantity}) {
  let price = tiers[0]${types ? '!' : ''}.price;
  for (const tier of tiers) if (quantity >= tier.from) price = tier.price;
  return price;
}
${start}class Cart {
  lines${lines} = [];
  add(quantity${quantity}) {
    this.lines.push(quantity);
    return this;
  }
  total(tiers${tiers}) {
    return this.lines.reduce((sum, quantity) => sum + quantity * unitPrice(tiers, quantity), 0);
  }
}
${end}`;
};
const tiers = 'const tiers = [{ from: 1, price: 120 }, { from: 10, price: 100 }];';
const checks = (run: string, equal: string, own = '') => `${tiers}
${run}('nine', (${own}) => ${equal}(new Cart().add(9).total(tiers), 1080));
${run}('ten', (${own}) => ${equal}(new Cart().add(10).total(tiers), 1000));
`;
const inNode = (script: string, source: string, testFile: string, testText: string, text: string, more = {}): Row => ({
  files: { 'package.json': packageOf(script, more), [source]: text, [testFile]: testText },
  source,
  signs: ['quantity >= tier', 'quantity > tier'],
  call: /^unitPrice\(tiers: \[\{ from: 1, price: 120 \}, \{ from: 10, price: 100 \}\], quantity: 10\)$/,
  from: source,
});
const asserted = "import assert from 'node:assert/strict';\n";
const shopPy = `def unit_price(tiers, quantity):
    price = tiers[0][1]
    for start, each in tiers:
        if quantity >= start:
            price = each
    return price


class Cart:
    def __init__(self):
        self.lines = []

    def add(self, quantity):
        self.lines.append(quantity)
        return self

    def total(self, tiers):
        return sum(quantity * unit_price(tiers, quantity) for quantity in self.lines)
`;
const inPython = (files: Files, needs: readonly string[]): Row => ({
  files: { ...files, 'shop.py': shopPy },
  source: 'shop.py',
  signs: ['quantity >= start', 'quantity > start'],
  needs,
  call: /^unit_price\(tiers: \[\(1, 120\), \(10, 100\)\], quantity: 10\)$/,
  from: 'shop.py',
});

const rows: Readonly<Record<string, Row>> = {
  vitest: inNode('vitest run', 'src/shop.ts', 'test/shop.test.ts', `import { expect, test } from 'vitest';\nimport { Cart } from '../src/shop';\nconst same = (a: number, b: number) => expect(a).toBe(b);\n${checks('test', 'same')}`, shop(true, 'export ')),
  'jest, CommonJS': inNode('jest', 'shop.js', 'shop.test.js', `const { Cart } = require('./shop.js');\nconst same = (a, b) => expect(a).toBe(b);\n${checks('test', 'same')}`, shop(false, '', 'module.exports = { Cart };\n'), { type: 'commonjs' }),
  mocha: inNode('mocha', 'shop.js', 'test/shop.js', `${asserted}import { Cart } from '../shop.js';\n${checks('it', 'assert.equal')}`, shop(false, 'export ')),
  'node:test': inNode('node --test', 'shop.js', 'shop.test.js', `${asserted}import test from 'node:test';\nimport { Cart } from './shop.js';\n${checks('test', 'assert.equal')}`, shop(false, 'export ')),
  'node:test with tsx': inNode('node --import tsx --test test/shop.test.ts', 'src/shop.ts', 'test/shop.test.ts', `${asserted}import test from 'node:test';\nimport { Cart } from '../src/shop.ts';\n${checks('test', 'assert.equal')}`, shop(true, 'export ')),
  ava: inNode('ava', 'shop.js', 'test/shop.js', `import test from 'ava';\nimport { Cart } from '../shop.js';\n${checks('test', 't.is', 't')}`, shop(false, 'export ')),
  pytest: inPython({ 'pyproject.toml': '[tool.pytest.ini_options]\n', 'test_shop.py': `from shop import Cart\n\nTIERS = [(1, 120), (10, 100)]\n\n\ndef test_nine():\n    assert Cart().add(9).total(TIERS) == 1080\n\n\ndef test_ten():\n    assert Cart().add(10).total(TIERS) == 1000\n` }, ['python3', '-m', 'pytest', '--version']),
  unittest: inPython({ 'test_shop.py': `import unittest\n\nfrom shop import Cart\n\nTIERS = [(1, 120), (10, 100)]\n\n\nclass ShopTest(unittest.TestCase):\n    def test_nine(self):\n        self.assertEqual(Cart().add(9).total(TIERS), 1080)\n\n    def test_ten(self):\n        self.assertEqual(Cart().add(10).total(TIERS), 1000)\n` }, ['python3', '--version']),
  'go test': {
    files: {
      'go.mod': 'module example.com/shop\n\ngo 1.19\n',
      'price/price.go': `package price

type Tier struct{ From, Price int }

type Cart struct{ lines []int }

func UnitPrice(tiers []Tier, quantity int) int {
	price := tiers[0].Price
	for _, tier := range tiers {
		if quantity >= tier.From {
			price = tier.Price
		}
	}
	return price
}

func (c *Cart) Add(quantity int) *Cart {
	c.lines = append(c.lines, quantity)
	return c
}

func (c *Cart) Total(tiers []Tier) (sum int, err error) {
	for _, line := range c.lines {
		sum += line * UnitPrice(tiers, line)
	}
	return sum, nil
}
`,
      'price/price_test.go': `package price

import "testing"

var tiers = []Tier{{1, 120}, {10, 100}}

func check(t *testing.T, quantity, want int) {
	if got, _ := new(Cart).Add(quantity).Total(tiers); got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}

func TestNine(t *testing.T) { check(t, 9, 1080) }

func TestTen(t *testing.T) { check(t, 10, 1000) }
`,
    },
    source: 'price/price.go',
    signs: ['quantity >= tier', 'quantity > tier'],
    needs: ['dlv', 'version'],
    call: /^UnitPrice\(tiers: \[Tier \{From: 1, Price: 120\}, Tier \{From: 10, Price: 100\}\], quantity: 10\)$/,
    from: 'price/price.go',
  },
};

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'values-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function isThere([program, ...args]: readonly string[] = []): boolean {
  if (program === undefined) return true;
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`zoo: values through ${program} were not tried\n`);
    return false;
  }
}

function lay({ files, source, signs: [right, wrong] }: Row, name: string): string {
  const root = join(home, name.replace(/\W+/g, '-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries({ ...files, '.gitignore': 'node_modules\n__pycache__\n' })) write(path, text);
  if ('package.json' in files) symlinkSync(join(import.meta.dirname, 'node_modules'), join(root, 'node_modules'));
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: root });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'A shop');
  write(source, (files[source] ?? '').replace(right, wrong));
  return root;
}

for (const [name, row] of Object.entries(rows))
  describe.skipIf(!isThere(row.needs))(name, () => {
    test('the first divergence is the broken function with its values', async () => {
      const root = lay(row, name);
      const env = readEnvironment();
      const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined, redactor: makeRedactor({ key: Buffer.alloc(32, 1), exact: [] }) };
      const limits = { timeoutMs: 90_000, envNames: [], sandbox: 'off' as const };
      const place = await openPlace({ root }, deps);
      const observed = await observe({ ...place, ...limits, tests: [] }, deps);
      expect(observed.run).toMatchObject({ outcome: 'red', passed: 1, failed: 1 });
      const [failure] = observed.run.failures;
      if (!failure) throw new Error('nothing fails');
      const { cause, notes } = await findCause({ ...place, ...limits, ...observed, failure, failures: [failure], quick: true }, deps);
      const [first] = cause.values?.divergences ?? [];
      expect(notes).toEqual([]);
      expect(first).toMatchObject({ path: row.source, gave: '120', instead: '100', others: ['with quantity = 9 it gave 120'] });
      expect(first?.call).toMatch(row.call);
      expect(first?.from?.path).toBe(row.from);
    });
  });
