import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { setApart } from '../../src/proof/whose.ts';
import type { TestRun } from '../../src/schema/run.ts';
import { listFiles } from '../../src/suite/list-files.ts';
import { open } from '../repo/fixture.ts';
import { lay } from '../suite/world.ts';

const git = (root: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: root, stdio: 'ignore' });

/** A run in which the tests of these files ended so. */
function runOf(results: Readonly<Record<string, 'passed' | 'failed'>>): TestRun {
  const tests = Object.entries(results).map(([file, status]) => ({ id: `${file}::adds`, name: 'adds', file, status }));
  const failures = tests
    .filter(({ status }) => status === 'failed')
    .map(({ id, name, file }) => ({ id, name, file, kind: 'assertion' as const, message: 'no', frames: [] }));
  const counts = { collected: tests.length, passed: tests.length - failures.length, failed: failures.length, skipped: 0 };
  const outcome = failures.length > 0 ? 'red' : 'green';
  return {
    runner: 'x',
    command: [],
    cwd: '',
    why: '',
    outcome,
    exitCode: 1,
    durationMs: 1,
    ...counts,
    rerun: true,
    tests,
    failures,
    output: '',
    complete: true,
  };
}

function repository(): string {
  const root = lay({ 'test/a.test.js': '', '.gitignore': '.claude/\nout/\n', 'out/test/a.test.js': '', 'vendor/lib/a.test.js': '' });
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'start');
  git(root, 'worktree', 'add', '-q', '.claude/worktrees/one', '-b', 'one');
  return root;
}

test('what fails in another checkout, an ignored folder or a vendored copy is named apart', async () => {
  const root = repository();
  const away = ['.claude/worktrees/one/test/a.test.js', 'out/test/a.test.js', 'vendor/lib/a.test.js'];
  const red = Object.fromEntries(away.map((file) => [file, 'failed' as const]));
  const run = await setApart(root, runOf({ 'test/a.test.js': 'passed', ...red }), [], await open(root));
  expect(run).toMatchObject({ outcome: 'green', collected: 1, failures: [] });
  expect(run.note).toBe(
    "Set apart, as not the repository's own tests: 1 in .claude/worktrees/one (another checkout; 1 fail), 1 in vendor (a vendored copy; 1 fail), 1 in out/test (ignored by git; 1 fail).",
  );
  const asked = await setApart(
    root,
    runOf({ 'test/a.test.js': 'passed', [away[0] ?? '']: 'failed' }),
    ['.claude/worktrees/one'],
    await open(root),
  );
  expect(asked.outcome).toBe('red');
});

test('tests that are all generated are the own ones; those of a checkout never are', async () => {
  const root = repository();
  expect(await setApart(root, runOf({ 'out/test/a.test.js': 'failed' }), [], await open(root))).toMatchObject({ outcome: 'red' });
  expect(await setApart(root, runOf({ '.claude/worktrees/one/test/a.test.js': 'failed' }), [], await open(root))).toMatchObject({
    outcome: 'no_tests',
  });
});

test('a submodule belongs to the repository, a clone and a work tree do not', () => {
  const root = repository();
  for (const [path, text] of [
    ['modules/lib/.git', 'gitdir: ../../.git/modules/lib\n'],
    ['modules/lib/a.js', ''],
    ['clone/.git/HEAD', ''],
    ['clone/a.js', ''],
  ] as const) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  expect(listFiles(root).filter((path) => path.endsWith('.js'))).toEqual(['modules/lib/a.js', 'out/test/a.test.js', 'test/a.test.js']);
});
