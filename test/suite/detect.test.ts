import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../src/config.ts';
import { detectSuites } from '../../src/suite/detect/detect.ts';
import { lay } from './world.ts';

type Files = Readonly<Record<string, string>>;
const json = (value: object) => JSON.stringify(value);
const detect = (files: Files, command?: string) => detectSuites(lay(files), { env: readEnvironment(), command });
const script = (test_: string, more: object = {}) => ({ 'package.json': json({ scripts: { test: test_, ...more } }) });

describe('scripts as people write them', () => {
  const table: readonly (readonly [string, Files, readonly string[], object?])[] = [
    ['plain', script('vitest run'), ['vitest', 'run']],
    ['a chain with lint and types', script('eslint . && tsc --noEmit && jest --ci'), ['jest', '--ci']],
    ['nested scripts', script('npm run lint && npm run test:unit', { lint: 'eslint .', 'test:unit': 'mocha test' }), ['mocha', 'test']],
    ['arguments handed on', script('npm run unit -- --grep x', { unit: 'mocha test' }), ['mocha', 'test', '--grep', 'x']],
    ['variables', script("NODE_OPTIONS='--import=tsx/esm' ava"), ['ava'], { NODE_OPTIONS: '--import=tsx/esm' }],
    ['cross-env', script('cross-env NODE_ENV=test TZ=UTC jest'), ['jest'], { NODE_ENV: 'test', TZ: 'UTC' }],
    ['coverage around', script('c8 --reporter=lcov node --test'), ['node', '--test']],
    ['nyc with a value', script('nyc --reporter lcov tape "test/**/*.js"'), ['tape', 'test/**/*.js']],
    ['sh globs lose their second star', script('mocha test/**/*.js'), ['mocha', 'test/*/*.js']],
    ['tsx', script('tsx --test src/a.test.ts'), ['tsx', '--test', 'src/a.test.ts']],
    ['npx', script('npx --no-install jest'), ['jest']],
    ['yarn with a program', script('yarn jest --silent'), ['jest', '--silent']],
    ['run-s with a pattern', script('run-s test:*', { 'test:lint': 'eslint .', 'test:unit': 'ava' }), ['ava']],
    [
      'jest by node',
      script('node --experimental-vm-modules node_modules/jest/bin/jest.js'),
      ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    ],
    ['a shell inside', script('sh -c "mocha test"'), ['mocha', 'test']],
    ['redirections', script('mocha test > out.txt 2>&1'), ['mocha', 'test']],
    ['a dependency and no script', { 'package.json': json({ devDependencies: { jest: '1' } }) }, ['jest']],
    ['test files and no script', { 'package.json': '{}', 'test/a.test.js': '' }, ['node', '--test']],
    ['a file that loads node:test', { ...script('node test/all.js'), 'test/all.js': "require('node:test')" }, ['node', 'test/all.js']],
    [
      'a file that starts a runner through its API',
      { 'package.json': json({ scripts: { test: 'node run.js' }, devDependencies: { mocha: '1' } }), 'run.js': "new (require('mocha'))()" },
      ['node', 'run.js'],
    ],
    [
      'make',
      { ...script('make check'), Makefile: 'BIN = ./node_modules/.bin\n\ncheck: build\n\t@$(BIN)/mocha --exit\n' },
      ['./node_modules/.bin/mocha', '--exit'],
    ],
    ['a Makefile alone', { Makefile: 'test:\n\tshellspec tests\n' }, ['make', 'test']],
    ['go', { 'go.mod': 'module a', 'a_test.go': '' }, ['go', 'test', './...']],
    ['cargo', { 'Cargo.toml': '' }, ['cargo', 'test']],
  ];
  for (const [name, files, argv, env = {}] of table) {
    test(name, async () => {
      const [suite] = await detect(files);
      expect(suite?.argv).toEqual(argv);
      expect(suite?.env).toEqual(env);
      expect(suite?.why).not.toBe('');
    });
  }

  test('a module of tests that tox starts, where that starts unittest by itself', async () => {
    const [suite] = await detect({
      'tox.ini': '[testenv]\ncommands =\n    python -m pkg.test {posargs}\n',
      'pkg/test/__main__.py': 'import unittest\n',
      'pkg/test/sums.py': 'import unittest\n',
    });
    expect(suite?.runner).toBe('unittest');
    expect(suite?.argv.slice(1)).toEqual(['-m', 'pkg.test']);
  });

  test('what a script also starts, and a Node that is too old, are said', async () => {
    const [suite] = await detect({
      'package.json': json({ scripts: { test: 'mocha test && karma start --single-run' }, engines: { node: '^998.1 || >=999' } }),
    });
    expect(suite?.why).toMatch(
      /runs mocha; it also starts `karma start --single-run`, which is not run; package\.json asks for Node \^998\.1/,
    );
    expect(
      (await detect({ 'package.json': json({ scripts: { test: 'mocha' }, engines: { node: '>=18 || >=998' } }) }))[0]?.why,
    ).not.toMatch(/asks for/);
  });

  test('builds come first, lint does not', async () => {
    const [suite] = await detect(
      script('npm run lint && npm run build && mocha dist', { lint: 'eslint .', build: 'tsc', pretest: 'rollup -c' }),
    );
    expect(suite?.before).toEqual([
      { argv: ['rollup', '-c'], cwd: '' },
      { argv: ['npm', 'run', 'build'], cwd: '' },
    ]);
  });

  test('several runners are all kept', async () => {
    const suites = await detect(script('npm run a && npm run b', { a: 'jest', b: 'mocha it' }));
    expect(suites.map(({ runner }) => runner)).toEqual(['jest', 'mocha']);
  });

  test('a script that nobody understands is run as it is', async () => {
    const [suite] = await detect(script('./run-tests.sh'));
    expect(suite).toMatchObject({ runner: 'command', argv: ['npm', 'test'] });
  });

  test('watch mode is refused', async () => {
    await expect(detect(script('mocha --watch'))).rejects.toMatchObject({ code: 'no_runner', message: expect.stringContaining('--watch') });
    await expect(detect({}, 'node --test --watch')).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('monorepos', () => {
  const packages = {
    'packages/a/package.json': json({ name: 'a', scripts: { test: 'jest' } }),
    'packages/b/package.json': json({ name: 'b', scripts: { test: 'vitest' } }),
    'packages/none/package.json': json({ name: 'none' }),
  };
  const cases: readonly (readonly [string, Files])[] = [
    ['npm', { 'package.json': json({ workspaces: ['packages/*'], scripts: { test: 'npm test --workspaces' } }) }],
    [
      'yarn',
      {
        'package.json': json({ workspaces: { packages: ['packages/*'] }, scripts: { test: 'yarn workspaces run test' } }),
        'yarn.lock': '',
      },
    ],
    ['pnpm', { 'package.json': json({ scripts: { test: 'pnpm -r test' } }), 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' }],
    ['turbo', { 'package.json': json({ workspaces: ['packages/*'], scripts: { test: 'turbo run test' } }) }],
    ['lerna', { 'package.json': json({ scripts: { test: 'lerna run test' } }), 'lerna.json': json({ packages: ['packages/*'] }) }],
    ['no script at all', { 'package.json': json({ workspaces: ['packages/*'] }) }],
  ];
  test.each(cases)('%s', async (_name, files) => {
    const suites = await detect({ ...files, ...packages });
    expect(suites.map(({ cwd, runner }) => `${cwd} ${runner}`)).toEqual(['packages/a jest', 'packages/b vitest']);
  });
});

describe('tasks of a workspace', () => {
  const packages = {
    'packages/money/package.json': json({ name: '@shop/money', scripts: { build: 'tsc', test: 'mocha', unit: 'ava' } }),
    'packages/cart/package.json': json({ name: '@shop/cart', scripts: { test: 'jest' }, dependencies: { '@shop/money': '1' } }),
    'packages/docs/package.json': json({ name: '@shop/docs', scripts: { build: 'exit 1' } }),
  };
  const build = [['packages/cart', ['turbo', 'run', 'build', '--filter=@shop/money']]];
  const table: readonly (readonly [string, Files, readonly string[], readonly unknown[]])[] = [
    ['turbo run test', { 'turbo.json': '{ // v2\n"tasks": {"test": {"dependsOn": ["^build"]}} }' }, ['cart jest', 'money mocha'], build],
    [
      'turbo run test',
      { 'turbo.json': json({ pipeline: { '@shop/cart#test': { dependsOn: ['@shop/money#build', '$CI'] } } }) },
      ['cart jest', 'money mocha'],
      build,
    ],
    ['turbo run test --filter=!@shop/money', {}, ['cart jest'], []],
    ['turbo run test --filter=@shop/money...', {}, ['cart jest', 'money mocha'], []],
    [
      'nx run-many --target=test',
      { 'nx.json': json({ targetDefaults: { test: { dependsOn: [{ target: 'build', dependencies: true }] } } }) },
      ['cart jest', 'money mocha'],
      [['packages/cart', ['nx', 'run-many', '-t', 'build', '-p', '@shop/money']]],
    ],
    ['nx test money', {}, ['money mocha'], []],
    [
      'lerna run test',
      { 'nx.json': json({ targetDefaults: { test: { dependsOn: ['^build'] } } }) },
      ['cart jest', 'money mocha'],
      [['packages/cart', ['lerna', 'run', 'build', '--scope=@shop/money']]],
    ],
    ['pnpm -r run unit', {}, ['money ava'], []],
    ['pnpm --filter ./packages/cart test', {}, ['cart jest'], []],
    ['npm test -w packages/cart', {}, ['cart jest'], []],
    ['yarn workspaces foreach -Ap run test', {}, ['cart jest', 'money mocha'], []],
    [
      'npm run build -w @shop/money && npm test --workspaces --if-present',
      {},
      ['cart jest', 'money mocha'],
      ['packages/cart', 'packages/money'].map((cwd) => [cwd, ['npm', 'run', 'build', '-w', '@shop/money']]),
    ],
  ];
  test.each(table)('%s %o', async (test_, files, wanted, built) => {
    const top = { 'package.json': json({ workspaces: ['packages/*'], scripts: { test: test_ } }) };
    const suites = await detect({ ...top, ...packages, ...files });
    expect(suites.map(({ cwd, runner }) => `${cwd.replace('packages/', '')} ${runner}`)).toEqual(wanted);
    // Built once for all: which suites wait for it is asked of the first.
    const first = suites.flatMap(({ cwd, before = [] }) => before.map(({ argv }) => [cwd, argv]));
    for (const one of built) expect(first).toContainEqual(one);
    if (built.length === 0) expect(first).toEqual([]);
  });

  test('a target that nx alone knows is run by the command of the repository', async () => {
    const [suite] = await detect({
      'package.json': json({ workspaces: ['packages/*'], scripts: { test: 'nx run-many -t test' }, devDependencies: { jest: '1' } }),
      ...packages,
      'packages/docs/project.json': json({ targets: { test: { executor: 'nx:run-commands' } } }),
    });
    expect(suite).toMatchObject({ runner: 'command', argv: ['npm', 'test'] });
  });
});

describe('Python', () => {
  test('a src layout that was never installed', async () => {
    const [suite] = await detect({
      'pyproject.toml': '[tool.pytest.ini_options]\n',
      'src/shop/__init__.py': '',
      'tests/test_a.py': 'import os\ndef test_a(): pass\n',
    });
    expect(suite).toMatchObject({ runner: 'pytest', env: { PYTHONPATH: 'src:.' } });
    expect(suite?.why).toMatch(/src\/ is put on PYTHONPATH.*|Python \d/);
  });

  test('the command of tox', async () => {
    const [suite] = await detect({
      'tox.ini': '[testenv]\ncommands = coverage run -m unittest discover {toxinidir}/tests\n',
      'tests/__init__.py': '',
      'tests/test_a.py': 'import unittest\n',
    });
    expect(suite).toMatchObject({ runner: 'unittest', why: expect.stringContaining('tox.ini') });
    expect(suite?.argv.slice(1)).toEqual(['-m', 'unittest', 'discover', 'tests', '-t', '.']);
  });

  test('unittest files without any command', async () => {
    const [suite] = await detect({ 'setup.py': '', 'tests/test_a.py': 'import unittest\nclass A(unittest.TestCase): pass\n' });
    expect(suite?.argv.slice(1)).toEqual(['-m', 'unittest', 'discover', '-s', 'tests']);
  });
});

describe('what the user has to mend', () => {
  test('no tests at all', async () => {
    await expect(detect({ 'README.md': '' })).rejects.toMatchObject({ code: 'no_runner', hint: expect.stringContaining('--command') });
  });
  test.each([
    ['package.json', '{ "scripts": '],
    ['pyproject.toml', '[tool\n'],
  ])('a broken %s', async (name, text) => {
    await expect(detect({ [name]: text, 'tests/test_a.py': '' })).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
