import { expect, test } from 'vitest';
import { judge } from '../../src/patch/judge/judge.ts';
import { readAllowed, rules } from '../../src/patch/judge/rules.ts';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import type { FileChange } from '../../src/schema/patch.ts';

const bench = { isTest: () => false, allow: [] };
const change = (path: string, before: string | null = 'a\n', after: string | null = 'b\n'): FileChange => ({ path, before, after });
const rulesOf = (path: string, before?: string | null, after?: string | null) =>
  judge([change(path, before, after)], bench).map(({ rule }) => rule);

test('plain source files pass', () => {
  for (const path of [
    'src/a.ts',
    'lib/deep/er.py',
    'main.go',
    'docs/notes.md',
    'src/latest.ts',
    'src/contest.js',
    'testing.py',
    'a b/c.ts',
    'gitignore.ts',
    'src/env.ts',
  ]) {
    expect(rulesOf(path), path).toEqual([]);
  }
});

const fixed: Readonly<Record<string, readonly string[]>> = {
  path_outside: ['../x', 'a/../../x', '/etc/passwd', 'C:/x', 'c:x', '~/x', 'a/..'],
  path_invalid: ['', 'a//b', './a', 'a/./b', 'a/', 'a\\b', 'a\u200bb', 'a\u202eb', 'a\nb', 'a\0b', 'a/b.', 'a/b ', 'file:stream', 'a. /b'],
  git_folder: ['.git/config', '.GIT/hooks/x', 'a/.git/x', '.git./x', 'GIT~1/x', '.git', '.ｇｉｔ/config'],
};

test.each(Object.entries(fixed))('%s cannot be lifted', (rule, paths) => {
  for (const path of paths) {
    const found = judge([change(path)], { ...bench, allow: [rule, ...rules.map(({ name }) => name)] });
    expect(
      found.map((refusal) => refusal.rule),
      JSON.stringify(path),
    ).toContain(rule);
  }
});

const lifted: Readonly<Record<string, readonly string[]>> = {
  git_files: ['.gitmodules', '.gitattributes', 'a/.gitignore', '.GitAttributes'],
  hooks: ['.husky/pre-commit', '.pre-commit-config.yaml', 'lefthook.yml', '.githooks/x'],
  ci: [
    '.github/workflows/ci.yml',
    '.GitHub/Workflows/ci.yml',
    '.github/actions/x/action.yml',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    'Jenkinsfile',
    '.travis.yml',
  ],
  agent_config: [
    'CLAUDE.md',
    'AGENTS.md',
    'sub/agents.md',
    '.mcp.json',
    '.claude/settings.json',
    '.codex/config.toml',
    '.cursor/rules/x.mdc',
    '.vscode/tasks.json',
    '.idea/x.xml',
    '.devcontainer/devcontainer.json',
    'GEMINI.md',
    '.gemini/x',
  ],
  environment: ['.npmrc', '.yarnrc.yml', '.envrc', '.env', '.env.local', 'sitecustomize.py', 'x/evil.pth', '.python-version'],
  lockfile: ['package-lock.json', 'a/yarn.lock', 'pnpm-lock.yaml', 'go.sum', 'poetry.lock', 'Cargo.lock', 'bun.lockb'],
  snapshot: ['src/__snapshots__/a.snap', 'x.snap', 'x.golden', '__snapshots__/y.txt'],
  runner_config: [
    'vitest.config.ts',
    'jest.config.js',
    '.mocharc.yml',
    'pytest.ini',
    'tox.ini',
    'setup.cfg',
    'conftest.py',
    'vite.config.mts',
    'playwright.config.ts',
  ],
  build_config: [
    'Makefile',
    'tsconfig.json',
    'Dockerfile',
    'webpack.config.js',
    'setup.py',
    'pnpm-workspace.yaml',
    'go.mod',
    'Cargo.toml',
    'a.gemspec',
    'src/App.csproj',
    'deno.json',
  ],
  dependencies: ['node_modules/x/index.js', 'a/node_modules/.bin/y', '.venv/lib/x.py'],
  tests: [
    'test/a.ts',
    'src/a.test.ts',
    'src/a.spec.tsx',
    'tests/test_a.py',
    'a_test.go',
    'src/__tests__/a.js',
    'test_a.py',
    'testdata/x.txt',
    'spec/helper.rb',
  ],
};

test.each(Object.entries(lifted))('%s is refused by name and lifted by name', (rule, paths) => {
  expect(readAllowed([rule])).toEqual([rule]);
  for (const path of paths) {
    const found = rulesOf(path);
    expect(found, path).toContain(rule);
    expect(judge([change(path)], { ...bench, allow: found }), path).toEqual([]);
  }
});

test('a file that the runner collected is a test, whatever it is called', () => {
  expect(judge([change('checks/a.ts')], { ...bench, isTest: (path) => path === 'checks/a.ts' }).map(({ rule }) => rule)).toEqual(['tests']);
});

test('of package.json and pyproject.toml only some parts are guarded', () => {
  const json = (extra: object) => `${JSON.stringify({ name: 'a', version: '1.0.0', scripts: { test: 'vitest' }, ...extra })}\n`;
  expect(rulesOf('package.json', json({}), json({ version: '1.0.1' }))).toEqual([]);
  expect(rulesOf('package.json', json({}), json({ scripts: { test: 'true' } }))).toEqual(['package_scripts']);
  expect(rulesOf('package.json', json({}), json({ jest: { testMatch: [] } }))).toEqual(['package_scripts']);
  expect(rulesOf('package.json', json({}), null)).toEqual(['package_scripts']);
  expect(rulesOf('package.json', json({}), '{')).toEqual(['package_scripts']);
  expect(rulesOf('pyproject.toml', '[project]\nname = "a"\n', '[project]\nname = "b"\n')).toEqual([]);
  expect(rulesOf('pyproject.toml', '[tool.pytest.ini_options]\naddopts = ""\n', '[tool.pytest.ini_options]\naddopts = "-k x"\n')).toEqual([
    'runner_config',
  ]);
});

test('links, submodules, other spellings, binary and large files are refused', () => {
  const look = (path: string) =>
    path === 'link' ? 'link' : path === 'sub' ? 'submodule' : path === 'file' ? 'file' : path === 'folder' ? 'folder' : 'missing';
  const at = (path: string, before: string | null = null) =>
    judge([change(path, before)], { ...bench, look, paths: ['src/A.ts'] }).map(({ rule }) => rule);
  expect(at('link')).toEqual(['symlink']);
  expect(at('link/x')).toEqual(['symlink']);
  expect(at('sub/x')).toEqual(['submodule']);
  expect(at('file/x')).toEqual(['path_invalid']);
  expect(at('folder')).toEqual(['path_invalid']);
  expect(at('src/a.ts')).toEqual(['path_case']);
  expect(at('src/A.ts', 'x')).toEqual([]);
  expect(rulesOf('a.bin', 'a\0b', 'c')).toEqual(['binary']);
  expect(rulesOf('a.ts', 'a', 'x'.repeat(2 << 20))).toEqual(['large']);
  expect(
    judge(
      Array.from({ length: 41 }, (_, at) => change(`src/f${at}.ts`)),
      bench,
    ).map(({ rule }) => rule),
  ).toEqual(['large']);
});

const hostile = [...(fixed.path_outside ?? []), ...(fixed.git_folder ?? []), ...Object.values(lifted).flat()].filter(
  (path) => path !== '' && !/[\0\n]/.test(path),
);
const forms: readonly ((path: string) => string)[] = [
  (path) => `${path}\n<<<<<<< SEARCH\n=======\nevil\n>>>>>>> REPLACE\n`,
  (path) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+evil\n`,
  (path) => `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+evil\n`,
  (path) => `--- a/src/a.ts\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`,
  (path) => `diff --git a/src/a.ts b/${path}\nsimilarity index 100%\nrename from src/a.ts\nrename to ${path}\n`,
  (path) => `*** Begin Patch\n*** Add File: ${path}\n+evil\n*** End Patch\n`,
  (path) => `RENAME src/a.ts -> ${path}\n`,
  (path) => `DELETE ${path}\n`,
  (path) => JSON.stringify({ path, content: 'evil' }),
];

test('no form of an answer brings a forbidden path through', () => {
  for (const path of hostile)
    for (const [place, form] of forms.entries()) {
      const { edits, problems } = readEdits(form(path));
      const files: Readonly<Record<string, string>> = { 'src/a.ts': 'a\n', [path]: 'there\n' };
      const read = (asked: string) => (place === 7 || asked === 'src/a.ts' ? files[asked] : undefined);
      const placed = problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, read);
      const passed = placed.failures.length === 0 && judge(placed.changes, bench).length === 0;
      expect(passed, `form ${place}, ${JSON.stringify(path)}`).toBe(false);
    }
});

test('a rule that cannot be lifted is an error that names those that can', () => {
  expect(readAllowed()).toEqual([]);
  for (const name of ['test', 'path_outside', 'git_folder'])
    expect(() => readAllowed(['tests', name])).toThrow(
      expect.objectContaining({ code: 'bad_input', hint: expect.stringContaining('lockfile') }),
    );
});
