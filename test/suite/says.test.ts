import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { relateElsewhere } from '../../src/suite/reports/given.ts';
import { readReport } from '../../src/suite/reports/reports.ts';

const root = mkdtempSync(join(tmpdir(), 'says-'));
for (const [path, text] of Object.entries({
  'packages/cart/package.json': '{"name":"@acme/cart"}',
  'packages/cart/test/cart.test.ts': '',
  'packages/money/package.json': '{"name":"@acme/money"}',
  'packages/money/test/cart.test.ts': '',
  'go.mod': 'module example.com/shop\n',
  'cart/cart_test.go': 'package cart\n\nfunc TestTotal(t *testing.T) {}\nfunc TestOnce(t *testing.T) {}\n',
})) {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
afterAll(() => rmSync(root, { recursive: true }));

async function read(text: string, format: 'auto' | 'log' = 'log') {
  const run = await readReport(format, [text], { root, relate: relateElsewhere(root), name: 'given' });
  if (!run) throw new Error('not understood');
  return {
    outcome: run.outcome,
    counts: [run.passed, run.failed, run.skipped],
    failing: run.failures.map(({ id }) => id),
    flaky: run.flaky?.tests.map(({ id }) => id) ?? [],
    run,
  };
}

describe('what a report says against its own tests', () => {
  test.each([
    ['a step of GitHub', '1 passing (2ms)\n##[error]Process completed with exit code 1.', 'Process completed with exit code 1.'],
    ['a job of GitLab', '1 passing (2ms)\nERROR: Job failed: exit code 1', 'ERROR: Job failed: exit code 1'],
    [
      'a coverage threshold',
      '1 passing (2ms)\nERROR: Coverage for lines (71%) does not meet global threshold (90%)',
      'ERROR: Coverage for lines (71%) does not meet global threshold (90%)',
    ],
    ['make', '1 passing (2ms)\nmake: *** [Makefile:3: test] Error 1', 'make: *** [Makefile:3: test] Error 1'],
    ['npm', '1 passing (2ms)\nnpm ERR! Test failed.  See above for more details.', 'npm ERR! Test failed.  See above for more details.'],
    ['docker compose', 'shop-1  |   1 passing (2ms)\nshop-1  | \nshop-1  | done\nshop-1 exited with code 1', 'shop-1 exited with code 1'],
    ['a package of Go', 'ok  \texample.com/shop/money\t0.01s\nFAIL\texample.com/shop/cart\t0.01s', 'FAIL\texample.com/shop/cart\t0.01s'],
  ])('%s', async (_name, text, claim) => {
    const { outcome, run } = await read(text);
    expect(outcome).not.toBe('green');
    if (outcome === 'unclear') expect(run.note).toContain(`“${claim}”`);
  });

  test('a log without results is not passed over where it says that something failed', async () => {
    const { outcome, run } = await read('$ ./run-all\nchecking\nError: Process completed with exit code 2.');
    expect(outcome).toBe('unclear');
    expect(run.note).toContain('“Error: Process completed with exit code 2.”');
    await expect(read('$ ./run-all\nchecking\ndone')).rejects.toThrow('not understood');
  });

  test('without such a line it is green', async () => {
    expect(await read('1 passing (2ms)\nProcess completed with exit code 0.')).toMatchObject({ outcome: 'green', counts: [1, 0, 0] });
  });

  test.each([
    [
      'jest',
      {
        success: false,
        numTotalTests: 1,
        testResults: [{ name: 'a.test.js', status: 'passed', assertionResults: [{ title: 'one', status: 'passed' }] }],
      },
    ],
    ['mocha', { stats: { tests: 1, failures: 2 }, tests: [{ title: 'one', fullTitle: 'one' }], failures: [], passes: [] }],
    ['ctrf', { results: { summary: { tests: 1, failed: 1 }, tests: [{ name: 'one', status: 'passed' }] } }],
    ['rspec', { examples: [], summary: { failure_count: 1, errors_outside_of_examples_count: 0 } }],
  ])('the counts of %s', async (_name, report) => {
    expect(await read(JSON.stringify(report), 'auto')).toMatchObject({
      outcome: 'unclear',
      run: { note: expect.stringContaining('It says “') },
    });
  });

  test('a file of jest that failed outside of its tests is the failure', async () => {
    const assertionResults = [{ ancestorTitles: [], title: 'one', status: 'skipped' }];
    const report = {
      success: false,
      numTotalTests: 1,
      testResults: [{ name: 'a.test.js', status: 'failed', message: 'beforeAll threw', assertionResults }],
    };
    expect(await read(JSON.stringify(report), 'auto')).toMatchObject({ outcome: 'red', failing: ['a.test.js::<file>'] });
  });

  test.each([
    [
      'a suite',
      '<testsuites><testsuite name="cart" tests="0" errors="1"><system-err>SyntaxError: x</system-err></testsuite></testsuites>',
      'red',
    ],
    ['the root', '<testsuites failures="1"><testsuite name="cart"><testcase name="a" classname="b"/></testsuite></testsuites>', 'unclear'],
    [
      'trx',
      '<TestRun><Results><UnitTestResult testName="a" outcome="Passed"/></Results><ResultSummary outcome="Failed"/></TestRun>',
      'unclear',
    ],
  ])('%s of XML that counts more than its cases show', async (_name, text, outcome) => {
    expect(await read(text, 'auto')).toMatchObject({ outcome });
  });

  test('each module, project and run of a log counts', async () => {
    const maven = (bad: number) => `[INFO] Results:\n[INFO] Tests run: 3, Failures: ${bad}, Errors: 0, Skipped: 0\n`;
    expect(await read(maven(1) + maven(0))).toMatchObject({ outcome: 'red', counts: [5, 1, 0] });
    const dotnet = (bad: number) => `${bad ? 'Failed! ' : 'Passed! '} - Failed:     ${bad}, Passed:     2, Skipped:     0, Total: 3\n`;
    expect(await read(dotnet(0) + dotnet(1))).toMatchObject({ outcome: 'red', counts: [4, 1, 0] });
    expect(await read('==== 3 passed in 0.02s ====\n==== 1 failed, 1 passed in 0.02s ====\n')).toMatchObject({ counts: [4, 1, 0] });
  });
});

describe('flaky in a report', () => {
  test('Playwright, whose list names it', async () => {
    const title = '[chromium] › e2e/cart.spec.js:3:1 › loads';
    const text = `Running 1 test using 1 worker\n\n  1) ${title} ────\n\n    Error: late\n\n  1 flaky\n    ${title} ────\n`;
    expect(await read(text)).toMatchObject({ outcome: 'green', counts: [1, 0, 0], failing: [], flaky: ['e2e/cart.spec.js::loads'] });
    const both = text.replace(
      '  1 flaky\n',
      `  2) [chromium] › e2e/cart.spec.js:5:1 › sells ────\n\n    Error: no\n\n  1 failed\n    [chromium] › e2e/cart.spec.js:5:1 › sells ────\n  1 flaky\n`,
    );
    expect(await read(both)).toMatchObject({
      outcome: 'red',
      counts: [1, 1, 0],
      failing: ['e2e/cart.spec.js::sells'],
      flaky: ['e2e/cart.spec.js::loads'],
    });
  });

  test('gotestsum, by the number of its runs', async () => {
    const text = (runs: string) =>
      `=== Failed\n=== FAIL: cart TestOnce (0.00s)\n    cart_test.go:4: first\n\n=== FAIL: cart TestTotal (0.00s)\n    cart_test.go:3: got 27, want 30\n\n=== FAIL: cart TestTotal (re-run 1) (0.00s)\n\nDONE 5 tests, 2 failures in 0.2s\n\nDONE ${runs}6 tests, 3 failures in 1.204s\n`;
    expect(await read(text('2 runs, '))).toMatchObject({
      counts: [4, 1, 0],
      failing: ['cart/cart_test.go::TestTotal'],
      flaky: ['cart/cart_test.go::TestOnce'],
    });
  });

  test('nextest', async () => {
    const text =
      "        TRY 1 FAIL [   0.006s] (1/2) shop::cart total\n  stderr ───\n\n    thread 'total' panicked at tests/cart.rs:9:5:\n    late\n\n        TRY 2 PASS [   0.004s] (1/2) shop::cart total\n────────────\n     Summary [   0.011s] 2 tests run: 2 passed (1 flaky), 0 skipped\n   FLAKY 2/3 [   0.006s] (1/2) shop::cart total\n";
    expect(await read(text)).toMatchObject({
      outcome: 'green',
      counts: [2, 0, 0],
      run: { flaky: { count: 1, tests: [{ message: 'late' }] } },
    });
  });

  test.each([
    [
      'pytest-rerunfailures with -v',
      'tests/test_a.py::test_x RERUN [ 50%]\ntests/test_a.py::test_x PASSED [ 50%]\n==== 2 passed, 1 rerun in 0.02s ====',
      'tests/test_a.py::test_x',
    ],
    [
      'vitest',
      ' ✓ test/a.test.ts (2 tests) 62ms\n   ✓ adds 5ms (retry x1)\n Test Files  1 passed (1)\n      Tests  2 passed (2)',
      'test/a.test.ts::adds',
    ],
    [
      'Maven',
      '[WARNING] Flakes:\n[WARNING] org.example.CartTest.total\n[ERROR]   Run 1: CartTest.total:58 was 2\n[INFO]   Run 2: PASS\n[WARNING] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1',
      '::org.example.CartTest > total',
    ],
    [
      'Gradle',
      '> Task :test\nCartTest > total() FAILED\n    java.lang.AssertionError at CartTest.java:9\n\nCartTest > total() PASSED\n\nCartTest > adds() PASSED\n\n3 tests completed, 1 failed\nBUILD SUCCESSFUL in 1s',
      '::CartTest > total()',
    ],
  ])('%s', async (_name, text, id) => {
    expect(await read(text)).toMatchObject({ outcome: 'green', counts: [2, 0, 0], flaky: [id] });
  });

  test('a rerun that is not named is counted', async () => {
    expect((await read('==== 2 passed, 1 rerun in 0.02s ====')).run).toMatchObject({ flaky: { count: 1, tests: [] } });
  });

  test.each([
    [
      'jest',
      {
        numTotalTests: 1,
        testResults: [{ name: 'a.js', assertionResults: [{ title: 'one', status: 'passed', invocations: 2, retryReasons: ['late'] }] }],
      },
    ],
    ['ctrf', { results: { summary: { tests: 1 }, tests: [{ name: 'one', status: 'passed', flaky: true, retries: 1 }] } }],
    ['mocha', { stats: { tests: 1 }, tests: [{ title: 'one', fullTitle: 'one', currentRetry: 1 }], failures: [] }],
  ])('JSON of %s', async (_name, report) => {
    expect((await read(JSON.stringify(report), 'auto')).run).toMatchObject({ outcome: 'green', flaky: { count: 1 } });
  });

  const suite = (cases: string) => `<testsuite name="s" tests="2">${cases}</testsuite>`;
  test.each([
    ['a retry that helped', '<testcase classname="shop.CartTest" name="a()"><flakyError message="late"/></testcase>', 'green', 1],
    [
      'a retry that did not',
      '<testcase classname="shop.CartTest" name="a()"><failure message="no"/><rerunFailure message="no"/></testcase>',
      'red',
      0,
    ],
    [
      'the same case again, passed',
      '<testcase classname="shop.CartTest" name="a()"><failure message="no"/></testcase><testcase classname="shop.CartTest" name="a()"/>',
      'green',
      1,
    ],
    [
      'the same case again, failed',
      '<testcase classname="shop.CartTest" name="a()"/><testcase classname="shop.CartTest" name="a()"><failure message="no"/></testcase>',
      'red',
      0,
    ],
    [
      'two tests of one title',
      '<testcase classname="cart adds" name="adds"><failure message="no"/></testcase><testcase classname="cart adds" name="adds"/>',
      'red',
      0,
    ],
  ])('JUnit: %s', async (_name, cases, outcome, count) => {
    const { run } = await read(suite(cases), 'auto');
    expect([run.outcome, run.flaky?.count ?? 0]).toEqual([outcome, count]);
  });
});

describe('whose line it is', () => {
  const own = (name: string) =>
    ` RUN  v4.1.0 /ci\n FAIL  test/cart.test.ts > ${name}\nAssertionError: no\n\n Test Files  1 failed (1)\n      Tests  1 failed | 1 passed (2)`;
  const dress = (prefix: string, text: string) => text.split('\n').map((line) => `${prefix}${line}`);
  const turns = (a: string, b: string) => {
    const [left, right] = [dress(a, own('adds')), dress(b, own('pays'))];
    return left.flatMap((line, index) => [line, right[index] ?? '']).join('\n');
  };

  test.each([
    ['turbo', '@acme/cart:test: ', '@acme/money:test: '],
    ['pnpm -r', 'packages/cart test: ', 'packages/money test: '],
    ['docker compose', 'cart-1   | ', 'money-1  | '],
    ['concurrently', '[cart] ', '[money] '],
    ['yarn workspaces', '➤ YN0000: [@acme/cart]: ', '➤ YN0000: [@acme/money]: '],
    ['lerna', '@acme/cart: ', '@acme/money: '],
  ])('%s', async (_name, a, b) => {
    const { failing, counts } = await read(turns(a, b));
    expect(counts).toEqual([2, 2, 0]);
    expect(failing.map((id) => id.split('::')[1])).toEqual(['adds', 'pays']);
    if (/acme|packages/.test(a))
      expect(failing).toEqual(['packages/cart/test/cart.test.ts::adds', 'packages/money/test/cart.test.ts::pays']);
  });

  test("Maven's levels are no labels", async () => {
    const { run } = await read(
      '[INFO] Results:\n[INFO]\n[ERROR] CartTest.total:9 was 2\n[INFO]\n[INFO] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0\n',
    );
    expect(run).toMatchObject({ runner: 'maven', failed: 1 });
  });
});

describe('names as people give them', () => {
  const pytest = (name: string) =>
    `=== FAILURES ===\n____ ${name} ____\nE   assert 1 == 2\n\ntests/test_a.py:9: AssertionError\n=== short test summary info ===\nFAILED tests/test_a.py::${name} - assert 1 == 2\n=== 1 failed in 0.02s ===`;
  test.each(['test_range[3 - 7 days]', 'test_a["x" - b]', 'test_a[a] - b]', 'test_a[x::y]', 'test_plain'])('%s', async (name) => {
    const { run } = await read(pytest(name));
    expect(run.failures.map((one) => [one.name, one.message])).toEqual([[name.replace('::', ' > '), 'assert 1 == 2']]);
  });

  test('pytest without its short summary', async () => {
    const text = pytest('TestCart.test_adds').replace(/=== short[\s\S]*?\n(?==== 1 failed)/, '');
    expect(await read(text)).toMatchObject({ failing: ['tests/test_a.py::TestCart > test_adds'] });
  });

  test('expected failures of unittest are none', async () => {
    expect(await read('..x\nRan 10 tests in 1.0s\n\nOK (expected failures=2)\n')).toMatchObject({ outcome: 'green', counts: [8, 0, 2] });
    expect(await read('..x\nRan 10 tests in 1.0s\n\nFAILED (failures=1, expected failures=2)\n')).toMatchObject({
      outcome: 'red',
      counts: [7, 1, 2],
    });
  });
});

describe('TAP', () => {
  test('a file that stands before the name is the file of the test', async () => {
    const flat =
      'TAP version 13\n1..2\nok 1 - packages/cart/test/cart.test.ts > cart > adds\nnot ok 2 - packages/cart/test/cart.test.ts > cart > sells\n';
    expect((await read(flat)).failing).toEqual(['packages/cart/test/cart.test.ts::cart > sells']);
  });

  test("what node's runner writes is the same test as a run of ours tells, with or without groups", async () => {
    const point = (depth: string, name: string) =>
      `${depth}# Subtest: ${name}\n${depth}not ok 1 - ${name}\n${depth}  ---\n${depth}  duration_ms: 1.2\n${depth}  location: '${root}/packages/cart/test/cart.test.ts:4:1'\n${depth}  error: 'no'\n${depth}  stack: |-\n${depth}    TestContext.<anonymous> (${root}/packages/cart/test/cart.test.ts:4:3)\n${depth}    Test.run (node:internal/runner/packages:796:25)\n${depth}  ...\n`;
    const flat = `TAP version 13\n${point('', 'sum of two')}1..1\n# tests 1\n# pass 0\n# fail 1\n`;
    const grouped = `TAP version 13\n# Subtest: cart\n${point('    ', 'sum of two')}    1..1\nnot ok 1 - cart\n  ---\n  duration_ms: 2\n  type: 'suite'\n  ...\n1..1\n`;
    const { failing, run } = await read(flat);
    expect(failing).toEqual(['packages/cart/test/cart.test.ts::sum of two']);
    expect(run.failures[0]?.frames.map(({ file }) => file)).toEqual(['packages/cart/test/cart.test.ts']);
    expect((await read(grouped)).failing).toEqual(['packages/cart/test/cart.test.ts::cart > sum of two']);
  });

  test('a comment below a failing point is what Bats and Test::More say of it', async () => {
    const bats =
      '1..3\nok 1 adds\nnot ok 2 takes the coupon off\n# (in test file test/cart.bats, line 8)\n#   `[ "$output" = 180 ]\' failed\nok 3 is empty\n';
    expect(await read(bats, 'auto')).toMatchObject({ counts: [2, 1, 0], run: { failures: [{ name: 'takes the coupon off', line: 8 }] } });
    const perl =
      "# Seeded\nok 1 - adds\nnot ok 2 - sells\n#   Failed test 'sells'\n#   at t/cart.t line 3.\n#          got: '3'\n#     expected: '4'\nok 3 - pays\n1..3\n";
    expect(await read(perl, 'auto')).toMatchObject({
      counts: [2, 1, 0],
      run: { failures: [{ name: 'sells', line: 3, actual: "'3'", expected: "'4'" }] },
    });
  });

  test('a comment of tape names the test below', async () => {
    const tape =
      'TAP version 13\n# adds\nok 1 should be equal\nok 2 should be equal\n# sells\nnot ok 3 no\n  ---\n    operator: equal\n  ...\n\n1..3\n# tests 3\n# pass  2\n# fail  1\n';
    expect(await read(tape, 'auto')).toMatchObject({ counts: [1, 1, 0], failing: ['::sells'] });
  });
});

describe('lines that cargo prints and tests tear', () => {
  test.each([
    [
      'what a test prints stands before its result',
      'test tests::adds ... adding 2 and 2 ok\ntest tests::sells ... adding 2 and 3 FAILED\n',
    ],
    ['and before the word test', 'adding 2test tests::adds ... ok\nadding 3test tests::sells ... FAILED\n'],
    ['a result is lost, the list has it', 'test tests::adds ... ok\ntest tests::sells ... \nsomething else\n'],
  ])('%s', async (_name, results) => {
    const text = `running 2 tests\n${results}\nfailures:\n    tests::sells\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n`;
    expect(await read(text, 'log')).toMatchObject({ counts: [1, 1, 0], failing: ['::tests::sells'] });
  });

  test('a count that nothing bears out is a doubt', async () => {
    const text =
      'running 2 tests\ntest tests::adds ... ok\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n';
    expect(await read(text, 'auto')).toMatchObject({ outcome: 'unclear' });
  });
});
