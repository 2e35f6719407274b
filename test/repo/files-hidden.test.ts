import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folders } from '../../src/config.ts';
import { openTree } from '../../src/repo/files.ts';
import { openGit } from '../../src/repo/git.ts';

let base: string;
let root: string;
const env = { PATH: process.env.PATH ?? '', HOME: tmpdir() };

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'glm-hidden-')));
  root = join(base, 'repo');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function put(path: string, text = 'x\n'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function commit(): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: root });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
}

async function open(ignore: string[] = []) {
  const git = await openGit(root, { env });
  return openTree(root, { git, folders: folders(env), signal: undefined, ignore });
}

test.each([true, false])('ignore files of agents hide files as git would, nested and negated (git: %s)', async (withGit) => {
  put('.glmignore', '*.log\n!keep.log\nprivate/\n');
  put('sub/.cursorignore', 'hidden.ts\n');
  for (const path of ['a.ts', 'b.log', 'keep.log', 'private/c.ts', 'sub/hidden.ts', 'sub/seen.ts', 'hidden.ts']) put(path);
  if (withGit) commit();
  put('late.log');
  const tree = await open();
  const paths = tree.files.map(({ path }) => path).filter((path) => !path.includes('ignore'));
  expect(paths).toEqual(['a.ts', 'hidden.ts', 'keep.log', 'sub/seen.ts']);
  expect(tree.read('b.log')).toBeUndefined();
});

test('patterns of the settings hide files too', async () => {
  put('a.ts');
  put('gen/b.ts');
  commit();
  expect((await open(['gen/'])).files.map(({ path }) => path)).toEqual(['a.ts']);
});

test('a folder that became a link is not followed', async () => {
  put('src/a.ts', 'inside\n');
  commit();
  mkdirSync(join(base, 'outside'));
  writeFileSync(join(base, 'outside', 'a.ts'), 'outside\n');
  renameSync(join(root, 'src'), join(base, 'moved'));
  symlinkSync(join(base, 'outside'), join(root, 'src'));
  const tree = await open();
  expect(tree.read('src/a.ts')).toBeUndefined();
});

test('an untracked hard link is not read, one whose content git knows is', async () => {
  put('a.ts', 'tracked\n');
  commit();
  writeFileSync(join(base, 'secret'), 'outside\n');
  linkSync(join(base, 'secret'), join(root, 'b.ts'));
  linkSync(join(root, 'a.ts'), join(base, 'copy-of-a'));
  const tree = await open();
  expect(tree.read('b.ts')).toBeUndefined();
  expect(tree.read('a.ts')).toBe('tracked\n');
  expect(tree.skipped()).toContainEqual({ path: 'b.ts', reason: 'a hard link' });
});
