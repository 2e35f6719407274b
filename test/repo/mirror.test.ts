import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkOut } from '../../src/repo/clones/mirror.ts';
import { git, makeHome, makeRepo, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);
const deps = { ...own, signal: undefined, tell: () => {}, now: Date.now };

test('a branch, a tag, an old commit and main~1 are checked out from one mirror, and nothing is left', async () => {
  const repo = await makeRepo(own.home, 'origin', { 'a.txt': 'first', '.gitattributes': 'a.txt filter=x\n' });
  const first = (await git(repo, 'rev-parse', 'HEAD')).trim();
  await git(repo, 'tag', 'v1');
  write(repo, { 'a.txt': 'second' });
  await git(repo, 'commit', '-q', '-a', '-m', 'second');
  const second = (await git(repo, 'rev-parse', 'HEAD')).trim();
  const text = async (ref: string | undefined) => {
    const { root, commit, remove } = await checkOut(`file://${repo}`, ref, deps);
    const found = [commit, readFileSync(join(root, 'a.txt'), 'utf8'), (await git(root, 'status', '--porcelain')).trim()];
    await remove();
    return found;
  };
  const all = await Promise.all([undefined, 'v1', 'main~1', first].map(text));
  const [old, fresh] = [
    [first, 'first', ''],
    [second, 'second', ''],
  ];
  expect(all).toEqual([fresh, old, old, old]);
  expect(readdirSync(join(own.folders.cache, 'mirrors'))).toHaveLength(1);
  expect(readdirSync(join(own.folders.cache, 'worktrees'))).toEqual([]);
  await expect(text('nope')).rejects.toThrow('has no branch, tag or commit nope');
  // A commit that is there already needs nobody.
  rmSync(repo, { recursive: true });
  expect(await text(second)).toEqual(fresh);
  await expect(text('main')).rejects.toMatchObject({ code: 'no_git' });
  expect(readdirSync(join(own.folders.cache, 'worktrees'))).toEqual([]);
});
