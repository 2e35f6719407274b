import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { makeWorktree } from '../../src/repo/worktree.ts';
import { git, imprint, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);
const make = async (root: string) => makeWorktree({ git: await open(root), folders: own.folders, tell: () => {} });

test('HEAD, staged, unstaged and untracked files are there as they are on disk; the user’s side stays byte-identical', async () => {
  const root = await makeRepo(own.home, 'state', {
    'a.txt': 'one\n',
    'b.txt': 'one\n',
    'crlf.txt': 'one\r\ntwo\r\n',
    'gone.txt': 'x\n',
    '.gitattributes': '* text=auto\n',
    '.gitignore': '.env\ncache/\nfixtures/\n__pycache__/\n',
  });
  write(root, {
    'a.txt': 'staged\n',
    'crlf.txt': 'one\r\nchanged\r\n',
    'new dir/ünter acked.txt': 'new\n',
    '.env': 'A=1\n',
    'fixtures/x.json': '{}\n',
    '__pycache__/x.pyc': 'x',
  });
  await git(root, 'add', 'a.txt');
  await git(root, 'stash', 'store', '-m', 'kept', (await git(root, 'stash', 'create')).trim());
  write(root, { 'a.txt': 'unstaged\n' });
  await runProcess({ argv: ['rm', 'gone.txt'], cwd: root, env: { PATH: process.env.PATH ?? '' } });
  await runProcess({ argv: ['chmod', '755', 'b.txt'], cwd: root, env: { PATH: process.env.PATH ?? '' } });
  const before = imprint(root);
  const tree = await make(root);
  const read = (path: string) => readFileSync(join(tree.path, path), 'utf8');
  expect([read('a.txt'), read('b.txt'), read('crlf.txt'), read('new dir/ünter acked.txt')]).toEqual([
    'unstaged\n',
    'one\n',
    'one\r\nchanged\r\n',
    'new\n',
  ]);
  expect([read('.env'), read('fixtures/x.json')]).toEqual(['A=1\n', '{}\n']);
  expect(existsSync(join(tree.path, '__pycache__'))).toBe(false);
  expect(existsSync(join(tree.path, 'gone.txt'))).toBe(false);
  expect(lstatSync(join(tree.path, 'b.txt')).mode & 0o777).toBe(0o755);
  expect(await git(tree.path, 'status', '--porcelain')).toBe(await git(root, '--no-optional-locks', 'status', '--porcelain'));
  expect(await git(tree.path, 'log', '--format=%H %D')).toContain('HEAD -> main');

  const change = await tree.change([
    { path: 'crlf.txt', before: 'one\r\nchanged\r\n', after: 'one\r\nagain\r\n' },
    { path: 'made/deep.txt', before: null, after: 'deep\n' },
    { path: 'b.txt', before: 'one\n', after: null },
  ]);
  expect(read('crlf.txt')).toBe('one\r\nagain\r\n');
  await tree.reset();
  expect(read('crlf.txt')).toBe('one\r\nchanged\r\n');
  expect(read('b.txt')).toBe('one\n');
  expect(existsSync(join(tree.path, 'made'))).toBe(false);
  expect(imprint(root)).toEqual(before);

  const patch = join(own.home, 'p.diff');
  writeFileSync(patch, change.diff);
  await git(root, 'apply', patch);
  expect(readFileSync(join(root, 'crlf.txt'), 'utf8')).toBe('one\r\nagain\r\n');
  expect(readFileSync(join(root, 'made/deep.txt'), 'utf8')).toBe('deep\n');
  await tree.remove();
  expect(existsSync(tree.path)).toBe(false);
});

test('reset undoes whatever tests have done, and follows no link out', async () => {
  const root = await makeRepo(own.home, 'reset', { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'link.ts': 'x\n' });
  const tree = await make(root);
  const before = imprint(root);
  write(tree.path, { 'src/a.ts': 'broken\n', 'coverage/x.json': '{}', 'src/new.ts': 'n\n' });
  await runProcess({
    argv: ['sh', '-c', `rm -r src/b.ts link.ts && ln -s '${root}/src/b.ts' link.ts && rm -rf src/b.ts && ln -s '${root}' src/b.ts`],
    cwd: tree.path,
    env: { PATH: process.env.PATH ?? '' },
  });
  await tree.change([{ path: 'link.ts', before: 'x\n', after: 'patched\n' }]);
  await tree.reset();
  expect(readdirSync(join(tree.path, 'src')).sort()).toEqual(['a.ts', 'b.ts']);
  expect(readFileSync(join(tree.path, 'src/a.ts'), 'utf8')).toBe('a\n');
  expect(lstatSync(join(tree.path, 'link.ts')).isFile()).toBe(true);
  expect(imprint(root)).toEqual(before);
  await tree.remove();
});

test('dependencies are links, package by package; workspace links lead into the worktree and caches are private', async () => {
  const root = await makeRepo(own.home, 'space', {
    'package.json': '{"workspaces":["packages/*"]}',
    'packages/a/package.json': '{"name":"a"}',
    'packages/b/index.js': 'b',
    '.gitignore': 'node_modules\n.venv\n',
  });
  write(root, {
    'node_modules/dep/index.js': 'dep',
    'node_modules/@s/dep/index.js': 'dep',
    'node_modules/.package-lock.json': '{}',
    'node_modules/.cache/x': 'cache',
    'node_modules/.vite/x': 'cache',
    'packages/a/node_modules/only-a/index.js': 'x',
    '.venv/pyvenv.cfg': 'home = /usr\n',
    '.venv/bin/python': '',
  });
  mkdirSync(join(root, 'node_modules/.bin'));
  symlinkSync('../dep/index.js', join(root, 'node_modules/.bin/dep'));
  symlinkSync('../packages/b', join(root, 'node_modules/b'));
  symlinkSync('../../packages/a', join(root, 'node_modules/@s/a'));
  const before = imprint(root);
  const tree = await make(root);
  const at = (path: string) => join(tree.path, path);
  expect(lstatSync(at('node_modules')).isDirectory()).toBe(true);
  expect(readlinkSync(at('node_modules/dep'))).toBe(join(root, 'node_modules/dep'));
  expect(realpathSync(at('node_modules/b'))).toBe(at('packages/b'));
  expect(realpathSync(at('node_modules/@s/a'))).toBe(at('packages/a'));
  expect(realpathSync(at('node_modules/.bin/dep'))).toBe(join(root, 'node_modules/dep/index.js'));
  expect(existsSync(at('packages/a/node_modules/only-a/index.js'))).toBe(true);
  expect(existsSync(at('node_modules/.cache'))).toBe(false);
  expect(lstatSync(at('.venv')).isSymbolicLink()).toBe(true);
  write(tree.path, { 'node_modules/.vite/y': 'private' });
  await tree.reset();
  expect(existsSync(at('node_modules/dep/index.js'))).toBe(true);
  await tree.remove();
  expect(imprint(root)).toEqual(before);
});

test('submodules, LFS pointers, sparse checkouts and nested repositories are named or brought', async () => {
  const inner = await makeRepo(own.home, 'inner', { 'lib.txt': 'inner\n' });
  const root = await makeRepo(own.home, 'outer', {
    'a.txt': 'a\n',
    'sparse.txt': 's\n',
    '.gitattributes': '*.bin filter=lfs\n',
    'x.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
  });
  await git(root, 'submodule', '-q', 'add', inner, 'sub');
  await git(root, 'commit', '-q', '-m', 'sub');
  await runProcess({ argv: ['rm', 'sparse.txt'], cwd: root, env: { PATH: process.env.PATH ?? '' } });
  const tree = await make(root);
  expect(readFileSync(join(tree.path, 'sub/lib.txt'), 'utf8')).toBe('inner\n');
  expect(existsSync(join(tree.path, 'sub/.git'))).toBe(false);
  expect(tree.look('sub')).toBe('submodule');
  expect(tree.notes.join(' ')).toMatch(/1 tracked files are not on disk.*Submodules.*sub.*1 files are Git LFS pointers/);
  await tree.remove();
});

test('a worktree of a killed run is found and removed; one of a living run stays', async () => {
  const root = await makeRepo(own.home, 'stale', { 'a.txt': 'a\n' });
  const records = join(own.folders.cache, 'worktrees');
  const dead = join(records, 'dead0001');
  mkdirSync(dead, { recursive: true });
  writeFileSync(join(records, 'dead0001.json'), JSON.stringify({ pid: process.pid, started: 'another start', folder: dead }));
  writeFileSync(join(records, 'dead0002.json'), '{ cut');
  const innocent = join(own.home, 'innocent');
  mkdirSync(innocent);
  writeFileSync(join(records, 'dead0003.json'), JSON.stringify({ pid: 1 << 30, started: '', folder: innocent }));
  const first = await make(root);
  const second = await make(root);
  expect(existsSync(dead)).toBe(false);
  expect(existsSync(innocent)).toBe(true);
  expect(first.path).not.toBe(second.path);
  expect(existsSync(first.path)).toBe(true);
  await Promise.all([first.remove(), second.remove()]);
  expect(readdirSync(records)).toEqual([]);
});
