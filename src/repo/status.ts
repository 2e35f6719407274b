import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { discard, evict } from '../cache/cache.ts';
import type { Folders } from '../config.ts';
import type { Git } from './git.ts';

const mostBytes = 256 << 20;
const tailBytes = 32;
const mostHashed = 200;
const mostHashedBytes = 8 << 20;
const question = ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all'];

/** What git remembers of untracked files is only used where the setting agrees with the question. */
const settings = [
  ['core.untrackedCache', 'true'],
  ['core.splitIndex', 'false'],
  ['status.showUntrackedFiles', 'all'],
] as const;

/** How the work tree differs from its index, in the words of `git status --porcelain=v1 -z`, and the stamp of that index. */
export type State = { readonly stamp: string | undefined; readonly status: string };

export async function readState(git: Git, folders: Folders): Promise<State> {
  const stamp = stampIndex(git);
  return { stamp, status: await readStatus(git, folders, stamp) };
}

/** The paths of a status with their two letters. */
export function listStatus({ status }: State): { readonly code: string; readonly path: string }[] {
  return status.split('\0').flatMap((entry) => (entry.length > 3 ? [{ code: entry.slice(0, 2), path: entry.slice(3) }] : []));
}

/** Names what lies in the work tree: the same digest, the same bytes in every listed file. Undefined where too much differs from the index. */
export function digestState(git: Git, state: State): string | undefined {
  const entries = listStatus(state);
  if (state.stamp === undefined || entries.length > mostHashed) return undefined;
  const hash = createHash('sha256').update(`${git.root}\0${git.head}\0${state.stamp}\0${state.status}`);
  for (const { path } of entries) {
    const file = join(git.root, path);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) hash.update(`\0${stat?.mode}`);
    else if (stat.size > mostHashedBytes) return undefined;
    else hash.update(`\0${stat.mode} ${stat.nlink} ${stat.size}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Size, time and last bytes (its digest) of the user's index: the same stamp, the same content. Undefined where there is none. */
function stampIndex(git: Git): string | undefined {
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
async function readStatus(git: Git, folders: Folders, stamp: string | undefined): Promise<string> {
  const copy = stamp === undefined ? undefined : copyIndex(git, folders, stamp);
  if (!copy) return (await git.run(question)).toString();
  const configs = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const env = { GIT_INDEX_FILE: copy.path, GIT_OPTIONAL_LOCKS: copy.fresh ? '1' : '0' };
  try {
    return (await git.run([...configs, ...question], { env })).toString();
  } catch {
    // Damaged, or evicted by another process meanwhile.
    discard(copy.path);
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
    discard(temporary);
    return undefined;
  }
}

const digest = (text: string) => createHash('sha1').update(text).digest('hex').slice(0, 20);
