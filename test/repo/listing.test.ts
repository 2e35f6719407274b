import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openTree } from '../../src/repo/files.ts';
import { digestState, readState } from '../../src/repo/status.ts';
import { git, imprint, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);

const tree = async (root: string, folders = own.folders) => openTree(root, { git: await open(root), folders, signal: undefined });
const pathsOf = async (root: string) => (await tree(root)).files.map(({ path }) => path);
const reasons = async (root: string) => Object.fromEntries((await tree(root)).leftOut.map(({ path, reason }) => [path, reason]));

test('the list follows every change, from the remembered one too, and the user’s index is not touched', async () => {
  const root = await makeRepo(own.home, 'follow', { 'a.txt': 'a\n', 'b/c.txt': 'c\n', 'b/d.txt': 'd\n' });
  expect(await pathsOf(root)).toEqual(['a.txt', 'b/c.txt', 'b/d.txt']);
  write(root, { 'b/new.txt': 'new\n', 'a.txt': 'A\n' });
  rmSync(join(root, 'b/d.txt'));
  const before = imprint(join(root, '.git'));
  const dirty = await tree(root);
  expect(dirty.files.map(({ path, oid }) => [path, oid !== undefined])).toEqual([
    ['a.txt', false],
    ['b/c.txt', true],
    ['b/new.txt', false],
  ]);
  expect([...dirty.changed].sort()).toEqual(['a.txt', 'b/d.txt', 'b/new.txt']);
  expect(imprint(join(root, '.git'))).toEqual(before);
  await git(root, 'add', '-A');
  await git(root, 'commit', '-q', '-m', 'second');
  const clean = await tree(root);
  expect(clean.files.every(({ oid }) => oid !== undefined)).toBe(true);
  expect(clean.changed).toEqual([]);
  // Of the same size and within the same second: only the content tells.
  write(root, { 'a.txt': 'B\n' });
  expect((await tree(root)).changed).toEqual(['a.txt']);
});

test('a damaged copy of the index, or none that can be written, changes nothing', async () => {
  const root = await makeRepo(own.home, 'damaged', { 'a.txt': 'a\n' });
  await pathsOf(root);
  const folder = join(own.folders.cache, 'indexes');
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'no index');
  write(root, { 'new.txt': 'new\n' });
  expect(await pathsOf(root)).toEqual(['a.txt', 'new.txt']);
  const blocked = join(own.home, 'blocked');
  writeFileSync(blocked, '');
  expect((await tree(root, { ...own.folders, cache: join(blocked, 'cache') })).files.length).toBe(2);
});

test('processes that look at once see the same', async () => {
  const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`d${at % 7}/f${at}.txt`, `${at}\n`]));
  const root = await makeRepo(own.home, 'crowd', files);
  const seen = await Promise.all(Array.from({ length: 8 }, () => pathsOf(root)));
  expect(new Set(seen.map((paths) => paths.join('\n'))).size).toBe(1);
});

test('links, submodules, denied files and what a sparse checkout leaves out are named', async () => {
  const inner = await makeRepo(own.home, 'inner', { 'i.txt': 'i\n' });
  const root = await makeRepo(own.home, 'outer', { 'src/a.txt': 'a\n', 'docs/x.txt': 'x\n', 'docs/y.txt': 'y\n', '.env': 'A=1\n' });
  symlinkSync('/etc/passwd', join(root, 'link.txt'));
  await git(root, 'submodule', '--quiet', 'add', inner, 'module');
  await git(root, 'add', '-A');
  await git(root, 'commit', '-q', '-m', 'second');
  expect(await reasons(root)).toEqual({ '.env': 'environment file', 'link.txt': 'a symbolic link', module: 'a submodule' });
  await git(root, 'sparse-checkout', 'set', '--no-cone', '/*', '!/docs/');
  expect(await pathsOf(root)).toEqual(['.env', '.gitmodules', 'src/a.txt']);
  expect(await reasons(root)).toMatchObject({ 'docs/': 'not checked out: 2 files of a sparse checkout' });
  await git(root, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'src');
  expect(await pathsOf(root)).toEqual(['.env', '.gitmodules', 'src/a.txt']);
});

test('two names of one file, as where a file system knows no case, are one', async () => {
  const root = await makeRepo(own.home, 'cases', { 'Read.txt': 'r\n', 'read.txt': 'r\n', 'other/Read.txt': 'o\n' });
  expect(await pathsOf(root)).toEqual(['Read.txt', 'other/Read.txt', 'read.txt']);
  rmSync(join(root, 'read.txt'));
  linkSync(join(root, 'Read.txt'), join(root, 'read.txt'));
  const elsewhere = { ...own.folders, cache: join(own.home, 'other-cache') };
  const seen = await tree(root, elsewhere);
  expect(seen.files.map(({ path }) => path)).toEqual(['other/Read.txt', 'read.txt']);
  expect(seen.leftOut).toEqual([{ path: 'Read.txt', reason: 'the same file as read.txt here' }]);
});

test('a state has one digest, and every change of content, mode or list another', async () => {
  const root = await makeRepo(own.home, 'states', { 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const digest = async () => {
    const opened = await open(root);
    return digestState(opened, await readState(opened, own.folders));
  };
  const seen = [await digest()];
  expect(await digest()).toBe(seen[0]);
  const changes = [
    () => write(root, { 'a.txt': 'A\n' }),
    () => write(root, { 'a.txt': 'B\n' }),
    () => chmodSync(join(root, 'a.txt'), 0o755),
    () => write(root, { 'new.txt': 'n\n' }),
    () => write(root, { 'new.txt': 'm\n' }),
    () => rmSync(join(root, 'b.txt')),
    () => mkdirSync(join(root, 'deep')),
    () => renameSync(join(root, 'new.txt'), join(root, 'deep/new.txt')),
  ];
  for (const change of changes) {
    const before = statSync(root).mtimeMs;
    change();
    seen.push(await digest());
    expect(before).toBeGreaterThan(0);
  }
  // An empty folder is nothing to git.
  expect(new Set(seen).size).toBe(seen.length - 1);
  expect(readFileSync(join(root, 'deep/new.txt'), 'utf8')).toBe('m\n');
});
