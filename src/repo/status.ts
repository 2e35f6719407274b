import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Folders } from '../config.ts';
import { evict } from './cache.ts';
import type { Git } from './git.ts';

const mostBytes = 256 << 20;
const tailBytes = 32;
const question = ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all'];

/** What git remembers of untracked files is only used where the setting agrees with the question. */
const settings = [
  ['core.untrackedCache', 'true'],
  ['core.splitIndex', 'false'],
  ['status.showUntrackedFiles', 'all'],
] as const;

/** Size, time and last bytes (its digest) of the user's index: the same stamp, the same content. Undefined where there is none. */
export function stampIndex(git: Git): string | undefined {
  let handle: number;
  try {
    handle = openSync(join(git.gitDir, 'index'), 'r');
  } catch {
    return undefined;
  }
  try {
    const { size, mtimeNs } = fstatSync(handle, { bigint: true });
    const tail = Buffer.alloc(tailBytes);
    const got = readSync(handle, tail, 0, tailBytes, Math.max(0, Number(size) - tailBytes));
    return `${size} ${mtimeNs} ${tail.toString('hex', 0, got)}`;
  } finally {
    closeSync(handle);
  }
}

/**
 * The output of `git status`, asked of a copy of the index in the cache folder that git may refresh and where it remembers untracked
 * folders; the user's index stays as it is. The second time on the same index takes a third of the time.
 */
export async function readStatus(git: Git, folders: Folders, stamp: string | undefined): Promise<string> {
  const copy = stamp === undefined ? undefined : copyIndex(git, folders, stamp);
  if (!copy) return (await git.run(question)).toString();
  const configs = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const env = { GIT_INDEX_FILE: copy.path, GIT_OPTIONAL_LOCKS: copy.fresh ? '1' : '0' };
  try {
    return (await git.run([...configs, ...question], { env })).toString();
  } catch {
    // Damaged, or evicted by another process meanwhile.
    rmSync(copy.path, { force: true });
    return (await git.run(question)).toString();
  }
}

function copyIndex(git: Git, folders: Folders, stamp: string): { readonly path: string; readonly fresh: boolean } | undefined {
  const folder = join(folders.cache, 'indexes');
  const owner = digest(git.gitDir);
  const path = join(folder, `${owner}-${digest(stamp)}`);
  if (existsSync(path)) return { path, fresh: false };
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) if (name.startsWith(`${owner}-`)) rmSync(join(folder, name), { force: true });
    evict(folder, mostBytes);
    copyFileSync(join(git.gitDir, 'index'), temporary);
    // Whatever changed after the index was written must still look newer than it, so its time is kept, a little earlier.
    const seconds = Math.floor(Number(stamp.split(' ')[1]) / 1e9);
    utimesSync(temporary, seconds, seconds);
    renameSync(temporary, path);
    return { path, fresh: true };
  } catch {
    rmSync(temporary, { force: true });
    return undefined;
  }
}

const digest = (text: string) => createHash('sha1').update(text).digest('hex').slice(0, 20);
