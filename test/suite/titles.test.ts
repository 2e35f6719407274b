import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { relateElsewhere } from '../../src/suite/reports/given.ts';
import { readReport } from '../../src/suite/reports/reports.ts';

const root = mkdtempSync(join(tmpdir(), 'titles-'));
afterAll(() => rmSync(root, { recursive: true }));
for (const [path, text] of Object.entries({
  'test/cart.test.js':
    "describe('cart', () => {\n  describe('of two', () => {\n    test('sells “a › b”', () => {});\n    test('adds', () => {});\n  });\n});\n",
  'test/other.test.js': "test('adds', () => {});\ntest('cart', () => {});\n",
})) {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const suite = (inside: string, more = '') => `<testsuites><testsuite name="cart"${more}>${inside}</testsuite></testsuites>`;
const at = 'at Object.toBe (/home/runner/work/shop/shop/test/cart.test.js:4:42)';

test.each([
  ['jest-junit', suite(`<testcase classname="cart of two adds" name="cart of two adds"><failure>no\n    ${at}</failure></testcase>`)],
  ['jest-junit without a stack', suite('<testcase classname="cart of two adds" name="cart of two adds"><failure>no</failure></testcase>')],
  [
    'mocha',
    suite('<testcase classname="adds" name="cart of two adds"><failure message="no"/></testcase>', ' file="/ci/shop/test/cart.test.js"'),
  ],
  ['Karma', suite(`<testcase classname="Chrome.cart of two" name="cart of two adds"><failure>no\n    ${at}</failure></testcase>`)],
  ['TAP of mocha', 'not ok 1 cart of two adds\n  no\n      at Context (test/cart.test.js:4:42)\n# tests 1\n# pass 0\n# fail 1\n1..1\n'],
])('a title on one line is cut into the names of its file: %s', async (_name, text) => {
  const run = await readReport('auto', [text], { root, relate: relateElsewhere(root), name: 'given' });
  expect(run?.failures.map(({ id }) => id)).toEqual(['test/cart.test.js::cart > of two > adds']);
});

test('what stands above the stack of a failure is its message', async () => {
  const failure = `Error: expect(received).toBe(expected)\n\nExpected: 2\nReceived: 0\n    ${at}`;
  const text = suite(`<testcase classname="cart of two adds" name="cart of two adds"><failure>${failure}</failure></testcase>`);
  const run = await readReport('auto', [text], { root, relate: relateElsewhere(root), name: 'given' });
  expect(run?.failures).toMatchObject([{ message: expect.stringMatching(/Expected: 2\nReceived: 0$/), expected: '2', actual: '0' }]);
});

test('a log of vitest shows what differs, and that is read', async () => {
  const log =
    ' FAIL  test/cart.test.js > cart > of two > adds\nAssertionError: expected 2 to be 3 // Object.is equality\n\n- Expected\n+ Received\n\n- 3\n+ 2\n\n ❯ test/cart.test.js:4:9\n\n Test Files  1 failed (1)\n      Tests  1 failed (1)\n';
  const run = await readReport('log', [log], { root, relate: relateElsewhere(root), name: 'given' });
  expect(run?.failures).toMatchObject([{ expected: '3', actual: '2' }]);
});

test('what a test of Go says stands above its end where all is told', async () => {
  const log =
    '=== RUN   TestHolds\n--- PASS: TestHolds (0.00s)\n=== RUN   TestAdds\n    sum_test.go:7: got 2, want 3\n--- FAIL: TestAdds (0.00s)\n=== RUN   TestLast\n--- PASS: TestLast (0.00s)\nFAIL\nFAIL\texample.com/shop\t0.01s\nFAIL\n';
  const run = await readReport('log', [log], { root, relate: relateElsewhere(root), name: 'given' });
  expect(run?.failures).toMatchObject([{ name: 'TestAdds', message: expect.stringContaining('got 2, want 3') }]);
});

test.each([
  ['PHPUnit', 'Failed asserting that 2 is identical to 3.'],
  ['RSpec', 'Failure/Error: expect(sum).to eq(3)\n\n  expected: 3\n       got: 2'],
])('a comparison of %s is one where no error has a name', async (_name, said) => {
  const run = await readReport('auto', [suite(`<testcase classname="cart" name="adds"><failure>${said}</failure></testcase>`)], {
    root,
    relate: relateElsewhere(root),
    name: 'given',
  });
  expect(run?.failures[0]?.kind).toBe('assertion');
});

test('a title that no single file has stays as it was written', async () => {
  const text = suite('<testcase classname="adds" name="adds"><failure>no</failure></testcase>');
  const run = await readReport('auto', [text], { root, relate: relateElsewhere(root), name: 'given' });
  expect(run?.failures.map(({ name }) => name)).toEqual(['adds > adds']);
});

test('a name that holds the sign of a log is one name', async () => {
  const log = ' FAIL  test/cart.test.js\n  ● cart › of two › sells “a › b”\n\n    no\n\nTests:       1 failed, 1 total\n';
  const run = await readReport('log', [log], { root, relate: relateElsewhere(root), name: 'given' });
  expect(run?.failures.map(({ id }) => id)).toEqual(['test/cart.test.js::cart > of two > sells “a › b”']);
});
