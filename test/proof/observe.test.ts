import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Failure, TestRun } from '../../src/schema/run.ts';
import { groupFailures } from '../../src/suite/classify.ts';
import { onlyNamed } from '../../src/suite/run/merge.ts';
import { lay, look } from '../suite/world.ts';

const packageJson = (name: string) => JSON.stringify({ name, scripts: { test: 'node --test' } });
const nodeTest = (body: string) => `const { test } = require('node:test');\nconst assert = require('node:assert');\n${body}\n`;

test('a monorepo is run package by package and its ids are those of the root', async () => {
  const root = lay({
    'package.json': JSON.stringify({ workspaces: ['packages/*'], scripts: { test: 'npm test --workspaces' } }),
    'packages/a/package.json': packageJson('a'),
    'packages/a/a.test.js': nodeTest("test('fine', () => {});"),
    'packages/b/package.json': packageJson('b'),
    'packages/b/b.test.js': nodeTest("test('red', () => assert.fail('x'));"),
    'packages/none/package.json': '{}',
  });
  const { run, suite, suites } = await look(root);
  expect(suites.map(({ cwd }) => cwd)).toEqual(['packages/a', 'packages/b']);
  expect(suite.cwd).toBe('packages/b');
  expect(run).toMatchObject({
    outcome: 'red',
    collected: 2,
    passed: 1,
    failed: 1,
    failures: [{ id: 'packages/b/b.test.js::red', package: 'packages/b' }],
  });
  expect((await look(root, { within: 'packages/a' })).run).toMatchObject({ outcome: 'green', collected: 1 });
});

const failure = (more: Partial<Failure>): Failure => ({ id: 'x', name: 'x', kind: 'error', message: 'boom', frames: [], ...more });

test('failures of one cause are one group, with the one that says most in front', () => {
  const frames = [
    { file: 'src/db.ts', line: 7 },
    { file: 'test/a.test.ts', line: 3 },
  ];
  const failures = Array.from({ length: 3000 }, (_, index) =>
    failure({ id: `test/a.test.ts::${index}`, file: 'test/a.test.ts', message: `no row ${index}`, frames }),
  );
  const [group, ...rest] = groupFailures({ failures }, { read: () => undefined });
  expect(rest).toEqual([]);
  expect(group).toMatchObject({ count: 3000, cause: expect.stringContaining('src/db.ts:7') });
  expect(group?.ids).toHaveLength(100);
});

test('integration tests come first, by path and by what they use', () => {
  const files: Readonly<Record<string, string>> = {
    'test/add.test.js': "import { add } from '../src/add.js';",
    'test/shop.test.js': "import request from 'supertest';",
    'test/e2e/buy.test.js': '',
    'test/integration/pay.test.js': '',
    'tests/test_web.py': 'from playwright.sync_api import Page',
  };
  const failures = Object.keys(files).map((file, index) => failure({ id: file, file, message: `fault ${'abcde'[index]}` }));
  const groups = groupFailures({ failures }, { read: (path) => files[path] });
  expect(groups.map(({ kind, first }) => [kind, first.file])).toEqual([
    ['integration', 'test/integration/pay.test.js'],
    ['integration', 'test/shop.test.js'],
    ['e2e', 'test/e2e/buy.test.js'],
    ['e2e', 'tests/test_web.py'],
    ['unit', 'test/add.test.js'],
  ]);
  for (const group of groups) expect(group.why).not.toBe('');
});

test('--report and --log give the same run without starting anything', async () => {
  const tap = 'TAP version 13\n# adds\nnot ok 1 should be equal\n  ---\n    operator: equal\n    expected: 3\n    actual: 2\n  ...\n1..1\n';
  const root = lay({ 'package.json': packageJson('a'), 'a.test.js': "require('node:fs').writeFileSync('ran', '')", 'ci.tap': tap });
  const { run, groups } = await look(root, { report: 'ci.tap' });
  expect(run).toMatchObject({ outcome: 'red', rerun: false, runner: 'tap', failures: [{ name: 'adds', expected: '3', actual: '2' }] });
  expect(groups).toHaveLength(1);
  expect((await look(root, { log: 'ci.tap' })).run).toMatchObject({ outcome: 'red', rerun: false });
  await expect(look(root, { report: 'gone.xml' })).rejects.toMatchObject({ code: 'no_report' });
  await expect(look(root, { report: 'a.test.js' })).rejects.toMatchObject({ code: 'no_report' });
});

test('what is missing outside the code comes last, and only where the repository says that it needs it', () => {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({ devDependencies: { supertest: '7' } }),
    '.gitignore': '/dist/\n',
    'node_modules/@shop/cart/package.json': '{"main": "./dist/index.js"}',
    'pyproject.toml':
      '[project]\nname = "shop"\nkeywords = ["shop", "carts"]\n[project.entry-points."shop.parts"]\nrates = "shop.rates:Rates"\n[dependency-groups]\ntests = ["pytest-httpbin>=2", "PyYAML"]\n',
  };
  const causes = (message: string, more: Partial<Failure> = {}) =>
    groupFailures({ failures: [failure({ file: 'test/a.test.js', kind: 'load', message, ...more })] }, { read: (path) => files[path] })[0]
      ?.environment;
  expect(causes("Cannot find module 'supertest'\nRequire stack:")).toMatch(/not installed: supertest, which package\.json names/);
  expect(causes("Cannot find module 'supertset'")).toBeUndefined();
  expect(causes("Cannot find module '../dist/index.js'")).toMatch(/not built/);
  expect(causes("Cannot find module '/home/me/shop/dist/index.mjs' imported from /home/me/shop/test/a.js")).toMatch(/not built.* dist is/);
  expect(causes("Cannot find module '../src/index.js'")).toBeUndefined();
  expect(causes('Failed to resolve entry for package "@shop/cart". The package may')).toMatch(
    /not built: @shop\/cart has no dist\/index\.js/,
  );
  const python = { file: 'tests/test_a.py' };
  expect(causes("ModuleNotFoundError: No module named 'rates'", python)).toMatch(/not installed: the project itself, which offers rates/);
  expect(causes("ModuleNotFoundError: No module named 'carts'", python)).toBeUndefined();
  expect(causes("ModuleNotFoundError: No module named 'yaml'", python)).toMatch(/not installed: yaml, which pyproject\.toml names/);
  expect(causes("ModuleNotFoundError: No module named 'shop'", python)).toBeUndefined();
  expect(causes("fixture 'httpbin_secure' not found", { ...python, kind: 'error' })).toMatch(/plugin of the fixture/);
  expect(causes("fixture 'basket' not found", { ...python, kind: 'error' })).toBeUndefined();

  const lacking = failure({ id: 'a', message: 'getaddrinfo ENOTFOUND example.com', file: 'test/integration/a.test.js' });
  const groups = groupFailures(
    { failures: [lacking, failure({ id: 'b', file: 'test/b.test.js', message: 'x is not a function' })] },
    { read: () => '' },
  );
  expect(groups.map(({ first, environment }) => [first.id, environment])).toEqual([
    ['b', undefined],
    ['a', 'network: the host example.com cannot be found'],
  ]);
});

test('errors without a place are one cause where they say the same, comparisons never', () => {
  const same = Array.from({ length: 200 }, (_, index) =>
    failure({ id: `t${index}`, file: `test/${index % 3}.py`, message: "in setup: fixture 'db' is broken" }),
  );
  const compared = ['a', 'b'].map((id) => failure({ id, kind: 'assertion', message: 'expected values to be equal' }));
  const groups = groupFailures({ failures: [...same, ...compared] }, { read: () => undefined });
  expect(groups.map(({ count }) => count)).toEqual([200, 1, 1]);
});

test('tests in changed files come first, time-outs last, then what most failures share', () => {
  const at = (file: string, line: number) => ({ file, frames: [{ file, line }] });
  const failures = [
    failure({ id: 'slow', message: 'timed out after 5 s', ...at('a.test.js', 1), kind: 'timeout' }),
    failure({ id: 'one', message: 'one is wrong here', ...at('b.test.js', 1), kind: 'assertion' }),
    failure({ id: 'two', message: 'another is wrong here', ...at('c.test.js', 1), kind: 'assertion' }),
    failure({ id: 'three', message: 'another is wrong here', ...at('c.test.js', 1), kind: 'assertion' }),
  ];
  const order = (changed: readonly string[]) =>
    groupFailures({ failures }, { read: () => undefined, changed: new Set(changed) }).map(({ ids }) => ids[0]);
  expect(order([])).toEqual(['two', 'one', 'slow']);
  expect(order(['b.test.js'])).toEqual(['one', 'two', 'slow']);
  expect(order(['a.test.js'])).toEqual(['slow', 'two', 'one']);
});

test('what suites share is built once, in its own folder, and a build that hangs is no failing test', async () => {
  const build = "require('node:fs').appendFileSync('built', 'x')";
  const files = (script: string) => ({
    'package.json': JSON.stringify({
      workspaces: ['packages/*'],
      scripts: { build: script, test: 'npm run build && npm test --workspaces' },
    }),
    'build.js': build,
    ...Object.fromEntries(
      ['a', 'b', 'c'].flatMap((name) => [
        [`packages/${name}/package.json`, packageJson(name)],
        [`packages/${name}/${name}.test.js`, nodeTest("test('fine', () => {});")],
      ]),
    ),
  });
  const root = lay(files('node build.js'));
  expect((await look(root)).run).toMatchObject({ outcome: 'green', passed: 3 });
  expect(readFileSync(join(root, 'built'), 'utf8')).toBe('x');
  const hangs = lay({ ...files('node build.js'), 'build.js': 'setInterval(() => {}, 1000)' });
  const { run, groups } = await look(hangs, { timeoutMs: 1_500 });
  expect(run).toMatchObject({ outcome: 'timeout', failed: 0, collected: 0, note: expect.stringContaining('did not end in time') });
  expect(groups).toEqual([]);
});

test('a test that a stopped run never reached is not called unknown', () => {
  const run: TestRun = {
    ...{
      runner: 'jest',
      command: [],
      cwd: '',
      why: '',
      outcome: 'red',
      exitCode: 1,
      durationMs: 1,
      collected: 1,
      passed: 0,
      failed: 1,
      skipped: 0,
    },
    ...{ rerun: true, tests: [{ id: 'a.test.js::one', name: 'one', status: 'failed' }], failures: [failure({ id: 'a.test.js::one' })] },
    complete: false,
    output: '',
  };
  expect(onlyNamed(run, ['later'])).toMatchObject({ outcome: 'crashed', note: expect.stringContaining('before it had come') });
  expect(onlyNamed({ ...run, complete: true }, ['later'])).toMatchObject({
    outcome: 'no_tests',
    note: expect.stringContaining('No test name'),
  });
});
