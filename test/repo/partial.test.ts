import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readChanges } from '../../src/repo/changes.ts';
import { missingObjects } from '../../src/repo/clones/commits.ts';
import { findUnmerged, refuseMarked } from '../../src/repo/uncommitted.ts';
import { git, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);

async function commit(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  write(root, files);
  await git(root, 'add', '-A');
  await git(root, 'commit', '-q', '-m', 'next');
}

async function cloned(name: string, from: string, ...how: string[]): Promise<string> {
  await git(own.home, 'clone', '-q', ...how, pathToFileURL(from).href, name);
  return join(own.home, name);
}

test('a clone without older files or history shows what it holds and says what to fetch', async () => {
  const from = await makeRepo(own.home, 'from', { 'a.txt': 'one\n', 'b.txt': 'b\n' });
  await commit(from, { 'a.txt': 'two\n' });
  await commit(from, { 'a.txt': 'three\n' });
  await git(from, 'config', 'uploadpack.allowFilter', 'true');

  const blobless = await cloned('blobless', from, '--filter=blob:none');
  writeFileSync(join(blobless, 'b.txt'), 'b\nmore\n');
  const partial = await open(blobless);
  expect(await missingObjects(partial, ['HEAD'])).toEqual(new Set());
  expect((await missingObjects(partial, ['HEAD~2'])).size).toBe(1);
  const read = (path: string) => readFileSync(join(blobless, path), 'utf8');
  const { files, leftOut } = await readChanges(partial, { since: 'HEAD~2' }, read);
  expect(files.map(({ path }) => path)).toEqual(['b.txt']);
  expect(leftOut).toEqual([{ path: 'a.txt', reason: expect.stringContaining('git fetch --refetch --no-filter origin') }]);

  const shallow = await cloned('shallow', from, '--depth=1');
  await expect(readChanges(await open(shallow), { since: 'HEAD~2' }, read)).rejects.toMatchObject({
    message: 'HEAD~2 is no commit that this repository holds.',
    hint: expect.stringContaining('git fetch --unshallow'),
  });

  await git(blobless, 'fetch', '-q', '--refetch', '--no-filter', 'origin');
  expect(await missingObjects(partial, ['HEAD~2'])).toEqual(new Set());
});

test('files of a merge that is not finished are named, and refused while both sides stand in them', async () => {
  const root = await makeRepo(own.home, 'merged', { 'a.txt': 'one\n' });
  await git(root, 'checkout', '-q', '-b', 'other');
  await commit(root, { 'a.txt': 'two\n' });
  await git(root, 'checkout', '-q', 'main');
  await commit(root, { 'a.txt': 'three\n' });
  await git(root, 'merge', '-q', 'other').catch(() => {});
  const found = await findUnmerged(await open(root));
  expect(found).toEqual({ paths: ['a.txt'], marked: ['a.txt'] });
  expect(() => refuseMarked(found)).toThrow('1 file is unmerged: a.txt.');
  write(root, { 'a.txt': 'both\n' });
  expect(await findUnmerged(await open(root))).toEqual({ paths: ['a.txt'], marked: [] });
});
