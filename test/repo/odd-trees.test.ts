import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeWorktree, type Worktree } from '../../src/repo/worktree.ts';
import { git, imprint, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);

/** Makes a worktree of a repository, looks at it, resets and removes it, and holds that the user's side did not change. */
async function visit(root: string, look: (tree: Worktree, at: (path: string) => string) => unknown): Promise<void> {
  const before = imprint(root);
  const tree = await makeWorktree({ git: await open(root), folders: own.folders, tell: () => {} });
  try {
    await look(tree, (path) => join(tree.path, path));
    await tree.reset();
  } finally {
    await tree.remove();
  }
  expect(imprint(root)).toEqual(before);
}

const asGit = async (root: string) => git(root, '--no-optional-locks', 'status', '--porcelain', '-z');

test('names with line ends, quotes, other scripts and cases, hard links, read-only and large files are brought byte by byte', async () => {
  const names = ['new\nline.txt', '"quoted".txt', 'tab\t.txt', 'ünïcode/日本.txt', 'Case.txt', 'case.txt', '-dash', ' blank '];
  const root = await makeRepo(own.home, 'names', Object.fromEntries(names.map((name) => [name, `${name}\n`])));
  write(root, { 'new\nline.txt': 'changed\n', 'un\ntracked': 'u', 'closed/inner.txt': 'c', large: '' });
  truncateSync(join(root, 'large'), 100 << 20);
  linkSync(join(root, 'case.txt'), join(root, 'hard.txt'));
  chmodSync(join(root, 'closed/inner.txt'), 0o444);
  chmodSync(join(root, 'closed'), 0o555);
  await visit(root, async (tree, at) => {
    for (const name of names.slice(1)) expect(readFileSync(at(name), 'utf8')).toBe(`${name}\n`);
    expect(readFileSync(at('new\nline.txt'), 'utf8')).toBe('changed\n');
    expect(statSync(at('large')).size).toBe(100 << 20);
    expect([lstatSync(at('hard.txt')).nlink, lstatSync(at('closed/inner.txt')).mode & 0o777]).toEqual([1, 0o444]);
    expect(await git(tree.path, 'status', '--porcelain', '-z')).toBe(await asGit(root));
    const { diff } = await tree.change([{ path: 'un\ntracked', before: 'u', after: 'v' }]);
    expect(diff).toContain('-u');
    rmSync(at('ünïcode'), { recursive: true });
    await tree.reset();
    expect(readFileSync(at('ünïcode/日本.txt'), 'utf8')).toBe('ünïcode/日本.txt\n');
  });
  chmodSync(join(root, 'closed'), 0o755);
});

test('pipes and sockets are not opened, empty folders are there, and a reset takes the folders of the tests away', async () => {
  const root = await makeRepo(own.home, 'special', { 'a.txt': 'a', '.gitignore': 'out/\n' });
  write(root, { 'out/built.js': 'built' });
  for (const folder of ['tmp', 'deep/er', 'out/logs']) mkdirSync(join(root, folder), { recursive: true });
  execFileSync('mkfifo', [join(root, 'pipe'), join(root, 'out/pipe')]);
  const server = createServer().listen(join(root, 'out/socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  await visit(root, async (tree, at) => {
    expect(readdirSync(tree.path).sort()).toEqual(['.git', '.gitignore', 'a.txt', 'deep', 'out', 'tmp']);
    expect(readdirSync(at('out')).sort()).toEqual(['built.js', 'logs']);
    write(tree.path, { 'tmp/x': 'x', 'made/deep/x': 'x' });
    mkdirSync(at('made/empty'), { recursive: true });
    rmSync(at('deep'), { recursive: true });
    await tree.reset();
    expect(readdirSync(tree.path).sort()).toEqual(['.git', '.gitignore', 'a.txt', 'deep', 'out', 'tmp']);
    expect([readdirSync(at('tmp')), readdirSync(at('deep/er'))]).toEqual([[], []]);
  });
  server.close();
});

test('linked worktrees, detached, shared, shallow and SHA-256 repositories look in the worktree as they are', async () => {
  const root = await makeRepo(own.home, 'origin', { 'a.txt': 'a\n' });
  write(root, { 'b.txt': 'b\n' });
  await git(root, 'add', '-A');
  await git(root, 'commit', '-q', '-m', 'second');
  const places = Object.fromEntries(['linked', 'shared', 'shallow', 'sha256'].map((name) => [name, join(own.home, name)]));
  const { linked = '', shared = '', shallow = '', sha256 = '' } = places;
  await git(root, 'worktree', 'add', '-q', '--detach', linked, 'HEAD~1');
  await git(own.home, 'clone', '-q', '--shared', root, shared);
  await git(own.home, 'clone', '-q', '--depth', '1', `file://${root}`, shallow);
  await git(own.home, 'init', '-q', '--object-format=sha256', sha256);
  write(sha256, { 'a.txt': 'a\n' });
  await git(sha256, 'add', '-A');
  await git(sha256, 'commit', '-q', '-m', 'first');
  for (const place of [linked, shared, shallow, sha256]) {
    write(place, { 'a.txt': 'dirty\n' });
    await visit(place, async (tree) => {
      expect(await git(tree.path, 'status', '--porcelain', '-z')).toBe(await asGit(place));
      for (const command of [
        ['log', '--format=%H %s'],
        ['rev-parse', '--abbrev-ref', 'HEAD'],
        ['show', 'HEAD:a.txt'],
      ])
        expect(await git(tree.path, ...command)).toBe(await git(place, ...command));
      const { diff } = await tree.change([{ path: 'a.txt', before: 'dirty\n', after: 'clean\n' }]);
      expect(diff).toContain('+clean');
    });
  }
  await visit(shared, (tree) => expect(tree.borrowed).toContain(join(root, '.git/objects')));
});

test('sparse checkouts, missing submodules, an unborn HEAD and a linked root do not stop it, and what is absent is named', async () => {
  const root = await makeRepo(own.home, 'sparse', { 'in/a.txt': 'a', 'out/b.txt': 'b', 'out/c.txt': 'c', 'top.txt': 't' });
  const inner = await makeRepo(own.home, 'module', { 'lib.txt': 'l' });
  await git(root, 'submodule', '-q', 'add', inner, 'in/sub');
  await git(root, 'commit', '-q', '-m', 'module');
  await git(root, 'submodule', '-q', 'deinit', '-f', 'in/sub');
  for (const cone of ['--cone', '--no-cone']) {
    await git(root, 'sparse-checkout', 'set', cone, ...(cone === '--cone' ? ['in'] : ['/in/', '/top.txt']));
    await visit(root, (tree, at) => {
      expect([existsSync(at('in/a.txt')), existsSync(at('out')), readdirSync(at('in/sub'))]).toEqual([true, false, []]);
      expect(tree.notes.join(' ')).toMatch(/[23] tracked files are not on disk.*Submodules.*in\/sub/);
    });
  }
  const link = join(own.home, 'by-link');
  symlinkSync(root, link);
  expect((await open(link)).root).toBe(realpathSync(root));
  const unborn = join(own.home, 'unborn');
  await git(own.home, 'init', '-q', unborn);
  write(unborn, { 'a.txt': 'a', 'staged.txt': 's' });
  await git(unborn, 'add', 'staged.txt');
  await visit(unborn, async (tree, at) => {
    expect([readFileSync(at('a.txt'), 'utf8'), readFileSync(at('staged.txt'), 'utf8')]).toEqual(['a', 's']);
    expect(await git(tree.path, 'status', '--porcelain', '-z')).toBe(await asGit(unborn));
  });
});
