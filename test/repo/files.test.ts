import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { folders } from '../../src/config.ts';
import { maxFileBytes, openTree } from '../../src/repo/files.ts';
import { openGit } from '../../src/repo/git.ts';
import { readHistory, splitLog } from '../../src/repo/history.ts';

let root = '';
let home = '';
const env = () => ({ PATH: process.env.PATH ?? '', HOME: home, GLM_SKILL_HOME: join(home, 'glm') });
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: root, env: env() });
const write = (path: string, content: string | Uint8Array) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const open = async (withGit = true) => {
  const places = folders(env());
  const opened = withGit ? await openGit(root, { env: env() }) : undefined;
  return openTree(root, { git: opened, folders: places, signal: undefined });
};

beforeEach(() => {
  const base = mkdtempSync(join(tmpdir(), 'glm-skill-files-'));
  root = join(base, 'repo');
  home = join(base, 'home');
  mkdirSync(root);
  mkdirSync(home);
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(dirname(root), { recursive: true, force: true }));

test('tracked and untracked files are listed, ignored, deleted and linked ones are not', async () => {
  write('.gitignore', 'ignored/\n');
  write('src/a.ts', 'a');
  write('src/gone.ts', 'b');
  write('with space/ü "quoted".ts', 'c');
  symlinkSync('/etc/passwd', join(root, 'link.ts'));
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
  rmSync(join(root, 'src/gone.ts'));
  write('src/new.ts', 'new');
  write('ignored/x.ts', 'x');
  write('src/a.ts', 'changed');
  const tree = await open();
  expect(tree.files.map(({ path }) => path)).toEqual(['.gitignore', 'src/a.ts', 'src/new.ts', 'with space/ü "quoted".ts']);
  expect(tree.files.find(({ path }) => path === 'src/a.ts')?.oid).toBeUndefined();
  expect(tree.files.find(({ path }) => path.startsWith('with'))?.oid).toMatch(/^[0-9a-f]{40}$/);
  expect([...tree.changed].sort()).toEqual(['src/a.ts', 'src/gone.ts', 'src/new.ts']);
  expect(tree.read('src/a.ts')).toBe('changed');
  expect(tree.read('link.ts')).toBeUndefined();
  expect(tree.read('../home')).toBeUndefined();
});

test('denied, binary and huge files and late links are never read, and it is said why', async () => {
  write('.env', 'TOKEN=1');
  write('bin.ts', new Uint8Array([1, 0, 2]));
  write('huge.ts', 'x'.repeat(maxFileBytes + 1));
  write('full.ts', 'x'.repeat(maxFileBytes));
  write('late.ts', 'x');
  git('add', '-A', '-f');
  const tree = await open();
  rmSync(join(root, 'late.ts'));
  symlinkSync('/etc/passwd', join(root, 'late.ts'));
  for (const path of ['.env', 'bin.ts', 'huge.ts', 'late.ts']) expect(tree.read(path)).toBeUndefined();
  expect(tree.read('full.ts')?.length).toBe(maxFileBytes);
  expect(tree.skipped().map(({ path }) => path)).toEqual(['.env', 'bin.ts', 'huge.ts', 'late.ts']);
});

test('bytes that are not UTF-8 are read with marks in their place', async () => {
  write('latin.ts', new Uint8Array([0x61, 0xe9, 0x62]));
  expect((await open()).read('latin.ts')).toBe('a\ufffdb');
});

test('without git the folder is walked with its .gitignore', async () => {
  rmSync(join(root, '.git'), { recursive: true });
  write('.gitignore', 'skip/\n');
  write('skip/a.ts', '');
  write('node_modules/x/i.js', '');
  write('src/a.ts', 'a');
  expect((await open(false)).files.map(({ path }) => path)).toEqual(['.gitignore', 'src/a.ts']);
});

test('the history lists the files of each commit, and is read from the cache the second time', async () => {
  write('a.ts', '1');
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
  write('a.ts', '2');
  write('ü.ts', '2');
  git('add', '-A');
  git('commit', '-q', '-m', 'two\n\nbody');
  const opened = await openGit(root, { env: env() });
  const cache = openCache(folders(env()));
  const first = await readHistory(opened, cache, folders(env()));
  expect(first.commits).toEqual([['a.ts', 'ü.ts'], ['a.ts']]);
  expect(await readHistory(opened && { ...opened, run: () => Promise.reject(new Error('git was asked')) }, cache, folders(env()))).toEqual(
    first,
  );
  expect(splitLog(`\x01${Array.from({ length: 90 }, (_, i) => `f${i}`).join('\0')}`)).toEqual([[]]);
});

test('a cache entry that was damaged is gone, and the oldest entries make room', () => {
  const places = folders(env());
  const cache = openCache(places, 100);
  cache.set('a', Buffer.from('value'));
  expect(Buffer.from(cache.get('a') ?? []).toString()).toBe('value');
  const folder = join(places.cache, 'derived');
  const name = execFileSync('ls', [folder]).toString().trim();
  writeFileSync(join(folder, name), 'valuX, not what its digest says');
  expect(cache.get('a')).toBeUndefined();
  for (let i = 0; i < 10; i++) cache.set(`k${i}`, Buffer.alloc(30));
  expect(execFileSync('ls', [folder]).toString().trim().split('\n').length).toBeLessThanOrEqual(2);
});
