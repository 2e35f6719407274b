import { expect, test } from 'vitest';
import { toResults } from '../../../src/suite/failure.ts';
import { writtenText } from '../../../src/suite/output-text.ts';
import { readRecords } from '../../../src/suite/reports/records.ts';
import { runSuite } from '../../../src/suite/run/run.ts';
import { findRunner } from '../../../src/suite/runners/runners.ts';
import { doors, lay, look } from '../world.ts';
import { readEnded } from './ended.ts';

const start = async (argv: readonly string[], files?: readonly string[], name = argv[0] ?? '') => {
  const root = lay({ 'test/a.test.js': '', 'playwright.config.js': '' });
  const suite = { runner: name, argv, cwd: '', env: {}, why: '' };
  const started = await findRunner(name)?.start({ suite, root, folder: root, scratch: root, env: {}, only: undefined, files });
  return started?.argv.filter((word) => !word.includes(root) && !word.includes('reporter'));
};

test.each([
  ['borp', ['borp', '--timeout', '60000', 'test/*.test.js'], ['borp', '--timeout', '60000', 'x.js'], 'node:test'],
  [
    'node',
    ['node', '--test', '--test-concurrency', '1', '--import', './setup.js', 'test/a.test.js'],
    ['node', '--test', '--test-concurrency', '1', '--import', './setup.js', 'x.js'],
    'node:test',
  ],
  ['ava', ['ava', '--timeout', '2m', 'test/a.test.js'], ['ava', '--timeout', '2m', 'x.js', '--tap', '--no-fail-fast'], 'ava'],
  [
    'playwright',
    ['playwright', 'test', '--config', 'playwright.config.js', '--project', 'chromium', 'test'],
    ['playwright', 'test', '--config', 'playwright.config.js', '--project', 'chromium', 'x.js', '--max-failures=0'],
    'playwright',
  ],
])('%s narrowed to a file keeps the values of its options', async (_name, argv, expected, runner) => {
  expect(await start(argv, ['x.js'], runner)).toEqual(expected);
});

test.each([
  ['node:test', ['node', '--test', '--test-rerun-failures', 'state.json'], '--test-rerun-failures', undefined],
  ['phpunit', ['phpunit', '--stop-on-failure'], '--stop-on-failure', undefined],
  ['playwright', ['playwright', 'test', '-x'], '-x', '--max-failures=0'],
  ['pytest', ['pytest', '-x'], '-x', '--maxfail=0'],
  ['jest', ['jest', '--bail'], '--bail', '--bail=0'],
  ['maven', ['mvn', '-ff', 'test'], '-ff', '--fail-at-end'],
  ['gotestsum', ['gotestsum', '--max-fails=2'], '--max-fails=2', undefined],
])('%s: what ends a run early, or runs a part of it, is lifted', async (name, argv, gone, instead) => {
  const started = await start(argv, undefined, name);
  expect(started).not.toContain(gone);
  if (instead) expect(started).toContain(instead);
});

test('pytest: -x in the configuration is lifted', async () => {
  const root = lay({ 'pytest.ini': '[pytest]\naddopts = -x\n', 'test_a.py': 'def test_a(): assert 0\ndef test_b(): assert 0\n' });
  expect((await look(root)).run).toMatchObject({ outcome: 'red', failed: 2 });
});

const lines = (records: readonly object[]) => records.map((record) => JSON.stringify(record)).join('\n');
const asResults = (records: readonly object[]) =>
  toResults(readRecords(writtenText(lines(records))).tests, { relate: (path) => path, package: '' }).tests;

test('the same test in two projects keeps the name of its project, whichever is faster', () => {
  const slow = { type: 'test', file: 'a.js', names: ['same'], status: 'failed', project: 'slow', errors: [] };
  const fast = { ...slow, status: 'passed', project: 'fast' };
  const alone = { ...slow, names: ['alone'], status: 'passed' };
  const ids = (records: readonly object[]) => asResults(records).map(({ id, status }) => `${id} ${status}`);
  const expected = ['a.js::alone passed', 'a.js::same [project fast] passed', 'a.js::same [project slow] failed'];
  expect(ids([slow, fast, alone]).sort()).toEqual(expected);
  expect(ids([fast, alone, slow]).sort()).toEqual(expected);
});

test('what passed on a retry is flaky, and a run that stopped says so', () => {
  const retried = { type: 'test', file: 'a.py', names: ['test_a'], status: 'passed', flaky: 'first time', errors: [] };
  expect(asResults([retried])).toMatchObject([{ status: 'passed', flaky: 'first time' }]);
  const stopped = lines([{ type: 'begin' }, retried, { type: 'stopped', why: 'stopping after 1 failures' }, { type: 'end' }]);
  expect(readRecords(writtenText(stopped)).note).toBe(
    'The runner stopped early (stopping after 1 failures): the rest of the tests never ran.',
  );
});

test('PHPUnit 9: a risky test has passed', async () => {
  const report =
    '<testsuites><testsuite name="CartTest" file="/r/CartTest.php" tests="2" errors="1"><testcase name="testNothing" class="CartTest" file="/r/CartTest.php"><error type="PHPUnit\\Framework\\RiskyTestError">Risky Test\n</error></testcase><testcase name="testAdds" class="CartTest" file="/r/CartTest.php"/></testsuite></testsuites>';
  const reading = await readEnded('phpunit', '/r', { report });
  expect(reading?.tests.map(({ status }) => status)).toEqual(['passed', 'passed']);
  expect(reading?.note).toMatch(/1 of the tests that passed are risky/);
});

test('tests do not see the hook of git or the runner that started us', async () => {
  const root = lay({
    'a.test.js':
      "require('node:test').test('clean', () => { for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_WORK_TREE', 'NODE_V8_COVERAGE']) require('assert').equal(process.env[name], undefined, name); });\n",
  });
  const suite = { runner: 'node:test', argv: ['node', '--test'], cwd: '', env: {}, why: '' };
  const strange = {
    GIT_DIR: '/elsewhere/.git',
    GIT_INDEX_FILE: '/x',
    GIT_WORK_TREE: '/y',
    NODE_TEST_CONTEXT: 'child-v8',
    NODE_V8_COVERAGE: root,
  };
  const run = await runSuite(suite, { root, timeoutMs: 60_000, tell: () => {}, env: { ...doors().env, ...strange }, scratch: lay({}) });
  expect(run).toMatchObject({ outcome: 'green', passed: 1 });
});

test('where there was no test, the runner says why', async () => {
  const root = lay({ 'all.sh': 'echo "watchman cannot start: no socket"' });
  expect((await look(root, { command: 'sh all.sh' })).run).toMatchObject({
    outcome: 'no_tests',
    note: expect.stringContaining('The runner says: watchman cannot start: no socket'),
  });
});
