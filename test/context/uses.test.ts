import { expect, test } from 'vitest';
import { openIndex } from '../../src/context/index/stored.ts';
import { pack } from '../../src/context/pack/pack.ts';
import { collect } from '../../src/context/rank/collect.ts';
import { rank } from '../../src/context/rank/rank.ts';
import { makeResolve } from '../../src/context/rank/resolve.ts';
import { kindOf } from '../../src/context/scan/kinds.ts';
import type { ManifestEntry } from '../../src/schema/context.ts';
import type { Failure } from '../../src/schema/run.ts';
import { countTokens } from '../../src/tokens/tokens.ts';

type Given = {
  files: Record<string, string>;
  failure: Failure;
  others?: Failure[];
  budgetTokens?: number;
  sent?: readonly ManifestEntry[];
};

function packed({ files, failure, others = [], budgetTokens = 32_000, sent }: Given) {
  const paths = Object.keys(files).sort();
  const read = (path: string) => files[path];
  const documents = paths.filter((path) => kindOf(path) === 'source');
  const failures = [failure, ...others];
  const { index } = openIndex(
    { files: documents.map((path) => ({ path })), accept: () => true, load: (path) => Buffer.from(files[path] ?? '') },
    undefined,
  );
  const input = {
    failure,
    related: failures,
    documents,
    index,
    read,
    resolve: makeResolve(paths, read),
    history: { commits: [] },
    changed: [],
  };
  const ranking = rank(collect(input));
  const redact = (text: string) => ({ text, count: 0 });
  return pack({ failure, failures, ranking, paths, read, budgetTokens, redact, count: countTokens, skipped: [], sent });
}

const fail = (file: string, name: string, more: Partial<Failure> = {}): Failure => ({
  id: `${file}::${name}`,
  name,
  file,
  kind: 'assertion',
  message: 'AssertionError: 1 != 2',
  frames: [],
  ...more,
});
const filler = (count: number) =>
  Array.from({ length: count }, (_, at) => `    def test_other${at}(self):\n        self.assertEqual(${at}, ${at})\n`).join('\n');

test('a Python test comes with its class, set-up, fixtures, helpers of other files and what stands in its traceback', () => {
  const files = {
    'src/cart.py': 'import decimal\n\n\ndef total(prices):\n    return decimal.Decimal(sum(prices))\n',
    'tests/conftest.py': 'import pytest\n\n\n@pytest.fixture\ndef basket():\n    return [1, 2]\n',
    'tests/helpers.py':
      'def check_total(prices, wanted):\n    assert sum(prices) == wanted, "helper"\n\n\ndef not_used():\n    return 1\n'.concat(
        filler(30),
      ),
    'tests/test_cart.py': `import unittest\nfrom helpers import check_total\nfrom src.cart import total\n\n\nclass CartTest(unittest.TestCase):\n    currency = "EUR"\n\n    def setUp(self):\n        self.rate = 3\n\n${filler(60)}\n    def test_total(self, basket):\n        check_total(basket, total(basket))\n`,
  };
  const failure = fail('tests/test_cart.py', 'CartTest > test_total', { frames: [{ file: 'tests/helpers.py', line: 2 }] });
  const { text, manifest } = packed({ files, failure });
  for (const part of ['currency = "EUR"', 'self.rate = 3', 'def basket()', 'def check_total', 'check_total(basket', 'from helpers import'])
    expect(text, part).toContain(part);
  for (const part of ['test_other7', 'def not_used']) expect(text, part).not.toContain(part);
  const reasons = new Set(manifest.entries.map(({ reason }) => reason));
  for (const reason of ['the failing test', 'the set-up of the failing test', 'in the stack trace of the failing test'])
    expect(reasons, reason).toContain(reason);
});

test('a suite in JavaScript brings the hooks around the test and no others', () => {
  const many = Array.from({ length: 40 }, (_, at) => `  it('other ${at}', () => {\n    expect(${at}).toBe(${at});\n  });\n`).join('\n');
  const files = {
    'src/shop.js': 'export function price(shop) {\n  return shop.price;\n}\n',
    'test/shop.test.js': `import { price } from '../src/shop.js';\nimport { unrelated } from '../src/none.js';\n\nlet shop;\n\ndescribe('elsewhere', () => {\n  beforeEach(() => {\n    shop = { price: 'not here' };\n  });\n});\n\ndescribe('the shop', () => {\n  beforeEach(() => {\n    shop = { price: 'set up' };\n  });\n\n${many}\n  it('has a price', () => {\n    expect(price(shop)).toBe(2);\n  });\n});\n`,
  };
  const { text } = packed({ files, failure: fail('test/shop.test.js', 'the shop > has a price') });
  for (const part of ["price: 'set up'", "it('has a price'", 'import { price }']) expect(text, part).toContain(part);
  for (const part of ['not here', 'other 7', 'unrelated']) expect(text, part).not.toContain(part);
});

test('of a long table the failing row is shown, and how it begins and ends', () => {
  const rows = Array.from({ length: 150 }, (_, at) => `\t\t{name: "case ${at}", in: ${at}, want: ${at * 2}},`).join('\n');
  const files = {
    'src/double.go': 'package src\n\nfunc Double(n int) int {\n\treturn n\n}\n',
    'src/double_test.go': `package src\n\nimport "testing"\n\nfunc TestDouble(t *testing.T) {\n\ttests := []struct {\n\t\tname string\n\t\tin   int\n\t\twant int\n\t}{\n${rows}\n\t}\n\tfor _, tt := range tests {\n\t\tif got := Double(tt.in); got != tt.want {\n\t\t\tt.Errorf("%s: got %d", tt.name, got)\n\t\t}\n\t}\n}\n`,
  };
  const { text } = packed({ files, failure: fail('src/double_test.go', 'TestDouble/case_97', { message: 'case 97: got 97' }) });
  for (const part of ['"case 97"', 'func TestDouble', 'range tests']) expect(text, part).toContain(part);
  expect(text).not.toContain('"case 60"');
});

test('a budget is a ceiling: what adds little is named, and a further pack brings what ranks next, nothing twice', () => {
  const body = (name: string, words: string) =>
    `export function ${name}(input) {\n${`  use(input, '${words}');\n`.repeat(12)}  return input;\n}\n`;
  const files: Record<string, string> = {
    'src/parser.js': body('parseDate', 'date zone offset') + body('parseHour', 'hour'),
    'test/parser.test.js':
      "import { parseDate } from '../src/parser.js';\n\ntest('parses a date with its zone offset', () => {\n  expect(parseDate('x')).toBe(1);\n});\n",
  };
  for (let at = 0; at < 60; at++) files[`src/part${at}.js`] = body(`part${at}`, at % 2 ? 'date' : 'paper');
  const failure = fail('test/parser.test.js', 'parses a date with its zone offset');
  const first = packed({ files, failure });
  expect(first.text).toContain('function parseDate');
  expect(first.manifest.tokens).toBeLessThan(8_000);
  expect(first.text).toMatch(/outline \(not shown.*\n.*src\/part\d+\.js: part\d+ \d+-\d+/);
  expect(first.manifest.leftOut[0]?.reason).toContain('adds little');
  const next = packed({ files, failure, sent: first.manifest.entries });
  const lines = (entries: readonly ManifestEntry[]) =>
    entries.filter(({ form }) => form === 'whole' || form === 'part').map(({ path, startLine }) => `${path}:${startLine}`);
  expect(lines(next.manifest.entries).length).toBeGreaterThan(0);
  expect(lines(next.manifest.entries).filter((one) => lines(first.manifest.entries).includes(one))).toEqual([]);
  expect(next.manifest.entries.some(({ path }) => path === 'failure' || path === 'test/parser.test.js')).toBe(false);
});

test('the messages of all red tests are told, those that say the same once', () => {
  const files = { 'src/a.js': 'export const a = 1;\n', 'test/a.test.js': "test('one', () => {});\n" };
  const others = [
    fail('test/a.test.js', 'two', { message: 'TypeError: a is not a function' }),
    fail('test/a.test.js', 'three', { message: 'TypeError: a is not a function' }),
    fail('test/a.test.js', 'four'),
  ];
  const { text } = packed({ files, failure: fail('test/a.test.js', 'one'), others });
  expect(text).toContain('test/a.test.js::two and 1 more: TypeError: a is not a function');
  expect(text).toContain('test/a.test.js::four: the same');
});
