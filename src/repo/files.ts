import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Folders } from '../config.ts';
import { checkStopped } from '../errors.ts';
import { deniedPath, ignoreFiles } from '../safety/paths.ts';
import type { LeftOut, ReadText, RepoFile } from '../schema/context.ts';
import type { Git } from './git.ts';
import { deniedOf, find, type Listing, listByGit, place } from './listing.ts';
import type { State } from './status.ts';

/** Larger files are data, whatever their name. */
export const maxFileBytes = 1 << 20;

/**
 * The files of a repository. `read` gives the text of a listed file, never of one that the path rules deny, that leads out of the
 * repository, or is binary or too large. `skipped` names what was asked for and not given.
 */
export type Tree = {
  readonly root: string;
  readonly files: readonly RepoFile[];
  readonly read: ReadText;
  /** The bytes of a file in one reused buffer, good until the next call; undefined as for `read`. */
  readonly load: (path: string) => Uint8Array | undefined;
  /** The bytes of a file of whatever kind up to `mostBytes`, in a buffer of their own; undefined as for `read`. */
  readonly loadWhole: (path: string, mostBytes: number) => Uint8Array | undefined;
  /** The blob id of a listed file that is as git knows it. */
  readonly oid: (path: string) => string | undefined;
  readonly skipped: () => readonly LeftOut[];
  /** Why the last try to read a file gave nothing. */
  readonly why: (path: string) => string;
  /** What is listed and can never be read: links, submodules, denied paths. */
  readonly leftOut: readonly LeftOut[];
  readonly drift: Listing['drift'];
  /** Paths that differ from HEAD, untracked ones included; empty without git. */
  readonly changed: readonly string[];
};

type Options = {
  readonly git: Git | undefined;
  readonly folders: Folders;
  readonly signal: AbortSignal | undefined;
  /** Patterns of files that are never listed, as in a .gitignore. */
  readonly ignore?: readonly string[] | undefined;
  /** What git said of the work tree, where it was asked already. */
  readonly state?: State | undefined;
};

/** Lists the work tree from git's index and its untracked files; without git, by walking it with its .gitignore files. */
export async function openTree(root: string, { git, folders, signal, ignore = [], state }: Options): Promise<Tree> {
  checkStopped(signal);
  const { files, changed, leftOut, drift } = git ? await listByGit(git, folders, ignore, state) : await listByGlob(root, ignore);
  return { root, files, changed, leftOut, drift, oid: (path) => find(files, path)?.oid, ...makeReader(root, files) };
}

async function listByGlob(root: string, ignore: readonly string[]): Promise<Listing> {
  const { globby } = await import('globby');
  const paths = await globby('**', {
    cwd: root,
    dot: true,
    gitignore: true,
    ignoreFiles: ignoreFiles.map((name) => `**/${name}`),
    followSymbolicLinks: false,
    ignore: ['**/.git/**', '**/node_modules/**', ...ignore],
  });
  const files = paths.sort().map((path) => ({ path }));
  return { files, changed: [], leftOut: deniedOf(files) };
}

function makeReader(root: string, files: readonly RepoFile[]): Pick<Tree, 'read' | 'load' | 'loadWhole' | 'skipped' | 'why'> {
  const buffer = Buffer.allocUnsafe(maxFileBytes + 1);
  const skipped = new Map<string, string>();
  const skip = (path: string, reason: string): undefined => {
    skipped.set(path, reason);
    return undefined;
  };
  const realFolders = new Map<string, boolean>([['.', true]]);
  /** No part of the way is a link: it may lead out of the repository. */
  const isRealFolder = (folder: string): boolean => {
    const known = realFolders.get(folder);
    if (known !== undefined) return known;
    const real = isRealFolder(dirname(folder)) && (lstatSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() ?? false);
    realFolders.set(folder, real);
    return real;
  };
  let next = 0;
  /** Most are asked for in their order: the next one is looked at before the list is searched. */
  const listed = (path: string): RepoFile | undefined => {
    const at = files[next]?.path === path ? next : place(files, path);
    next = at + 1;
    return files[at];
  };
  /** Opens a listed file that may be read and hands it on. */
  const opened = (path: string, use: (handle: number, bytes: number) => Uint8Array | undefined): Uint8Array | undefined => {
    const file = listed(path);
    if (!file) return undefined;
    const denied =
      deniedPath(path) ?? (isRealFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.') ? undefined : 'behind a link');
    if (denied) return skip(path, denied);
    let handle: number;
    try {
      // A link is not followed: it may lead out of the repository.
      handle = openSync(`${root}${sep}${path}`, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    } catch {
      return skip(path, 'cannot be read');
    }
    try {
      const stat = fstatSync(handle);
      if (!stat.isFile()) return skip(path, 'not a regular file');
      // A hard link may be a file from elsewhere; one that git knows by its content is not.
      if (stat.nlink > 1 && file.oid === undefined) return skip(path, 'a hard link');
      return use(handle, stat.size);
    } finally {
      closeSync(handle);
    }
  };
  const load = (path: string) =>
    opened(path, (handle, size) => {
      let length = 0;
      // A read that gives the whole size need not be asked whether there is more.
      for (let got = -1; got !== 0 && length <= maxFileBytes && (length === 0 || length !== size); length += got)
        got = readSync(handle, buffer, length, buffer.length - length, null);
      if (length > maxFileBytes) return skip(path, `larger than ${maxFileBytes >> 20} MiB`);
      const bytes = buffer.subarray(0, length);
      return bytes.subarray(0, 8_000).includes(0) ? skip(path, 'binary') : bytes;
    });
  const loadWhole = (path: string, mostBytes: number) =>
    opened(path, (handle, size) => (size > mostBytes ? skip(path, `larger than ${mostBytes >> 20} MiB`) : readFileSync(handle)));
  const read = (path: string): string | undefined => {
    const bytes = load(path);
    if (!bytes) return undefined;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  };
  return {
    load,
    loadWhole,
    read,
    why: (path) => skipped.get(path) ?? 'cannot be read',
    skipped: () => [...skipped].sort().map(([path, reason]) => ({ path, reason })),
  };
}
