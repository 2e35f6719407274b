import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import type { Folders } from '../config.ts';
import { deniedPath, ignoreFiles } from '../safety/paths.ts';
import type { LeftOut, RepoFile } from '../schema/context.ts';
import type { Git } from './git.ts';
import { decodeList, encodeList, type Tracked } from './list-file.ts';
import { listStatus, readState, type State } from './status.ts';

/** Files sorted by path; what was changed since HEAD; what is listed and is no file that may be read. */
export type Listing = {
  readonly files: readonly RepoFile[];
  readonly changed: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** How the files differ from what the index of this stamp lists. */
  readonly drift?: { readonly stamp: string; readonly gone: readonly string[]; readonly fresh: readonly RepoFile[] } | undefined;
};

const isIgnoreFile = (name: string) => ignoreFiles.some((one) => one === name);
const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** Lists the work tree from git's index, remembered by its stamp, and from what git says differs from it. */
export async function listByGit(git: Git, folders: Folders, ignore: readonly string[], known?: State): Promise<Listing> {
  const state = known ?? (await readState(git, folders));
  const { stamp } = state;
  const tracked = await readTracked(git, folders, stamp);
  const gone = new Set<string>();
  const fresh = new Map<string, RepoFile>();
  const changed: string[] = [];
  for (const { code, path } of listStatus(state)) {
    changed.push(path);
    if (code[1] === 'D' || (code[0] === 'D' && code[1] === ' ')) gone.add(path);
    else if (!path.endsWith('/') && (code === '??' || find(tracked.files, path))) fresh.set(path, { path });
  }
  for (const path of await hidden(git, tracked.ignoring, fresh.keys(), ignore)) {
    gone.add(path);
    fresh.delete(path);
  }
  const files = gone.size + fresh.size === 0 ? tracked.files : merge(tracked.files, gone, fresh);
  const drift = stamp === undefined ? undefined : { stamp, gone: [...gone], fresh: [...fresh.values()] };
  return { files, changed, leftOut: [...tracked.leftOut, ...deniedOf(fresh.values())], drift };
}

/** Files that the path rules deny, each with the reason. */
export function deniedOf(files: Iterable<RepoFile>): LeftOut[] {
  return [...files].flatMap(({ path }) => {
    const reason = deniedPath(path);
    return reason === undefined ? [] : [{ path, reason }];
  });
}

/** Where a path stands in a sorted list; -1 where it does not. */
export function place(files: readonly RepoFile[], path: string): number {
  let low = 0;
  for (let high = files.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((files[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return files[low]?.path === path ? low : -1;
}

/** The file at a path in a sorted list. */
export function find(files: readonly RepoFile[], path: string): RepoFile | undefined {
  return files[place(files, path)];
}

function merge(files: readonly RepoFile[], gone: ReadonlySet<string>, fresh: ReadonlyMap<string, RepoFile>): readonly RepoFile[] {
  const kept = files.filter(({ path }) => !gone.has(path) && !fresh.has(path));
  return [...kept, ...fresh.values()].sort(byPath);
}

async function readTracked(git: Git, folders: Folders, stamp: string | undefined): Promise<Tracked> {
  const cache = openCache(folders);
  const key = `files 1 ${git.gitDir}`;
  const known = stamp === undefined ? undefined : decodeList(cache.get(key), stamp);
  if (known) return known;
  const tracked = readIndex(git, (await git.run(['ls-files', '--stage', '-t', '-z'])).toString());
  if (stamp !== undefined) cache.set(key, encodeList(tracked, stamp));
  return tracked;
}

/** `ls-files --stage -t -z`: tag, mode, blob id, stage, path. Links, submodules and what a sparse checkout leaves out are named. */
function readIndex(git: Git, output: string): Tracked {
  const files: RepoFile[] = [];
  const leftOut: LeftOut[] = [];
  const sparse = new Map<string, number>();
  let previous = '';
  for (let at = 0; at < output.length; ) {
    const tab = output.indexOf('\t', at);
    const end = output.indexOf('\0', tab);
    const path = output.slice(tab + 1, end);
    const mode = output.slice(at + 2, at + 8);
    if (path !== previous) {
      if (output[at] === 'S') {
        const top = path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : path;
        sparse.set(top, (sparse.get(top) ?? 0) + 1);
      } else if (mode === '120000') leftOut.push({ path, reason: 'a symbolic link' });
      else if (mode === '160000') leftOut.push({ path, reason: 'a submodule' });
      else files.push({ path, oid: output.slice(at + 9, output.indexOf(' ', at + 9)) });
    }
    previous = path;
    at = end + 1;
  }
  if (files.some((file, at) => at > 0 && (files[at - 1]?.path ?? '') > file.path)) files.sort(byPath);
  for (const [path, count] of sparse)
    leftOut.push({ path, reason: `not checked out: ${count} file${count === 1 ? '' : 's'} of a sparse checkout` });
  const doubles = sameFiles(git.root, files);
  const ignoring = new Set(files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).filter(isIgnoreFile));
  return {
    ignoring: [...ignoring],
    files: doubles.length === 0 ? files : files.filter((file) => !doubles.some(({ path }) => path === file.path)),
    leftOut: [...leftOut, ...doubles, ...deniedOf(files)].sort(byPath),
  };
}

/** Paths that differ only in case and are one file, because the file system knows no case. */
function sameFiles(root: string, files: readonly RepoFile[]): LeftOut[] {
  const seen = new Map<string, string>();
  return files.flatMap(({ path }) => {
    const plain = path.toLowerCase();
    if (plain === path) return [];
    const other = seen.get(plain) ?? find(files, plain)?.path;
    if (other === undefined) {
      seen.set(plain, path);
      return [];
    }
    const [one, two] = [other, path].map((name) => lstatSync(join(root, name), { throwIfNoEntry: false }));
    return one && two && one.ino === two.ino && one.dev === two.dev ? [{ path, reason: `the same file as ${other} here` }] : [];
  });
}

/** Files that an ignore file of an agent, or a pattern of the settings, hides: git itself reads the patterns, nested and negated ones too. */
async function hidden(git: Git, ignoring: readonly string[], fresh: Iterable<string>, ignore: readonly string[]): Promise<string[]> {
  const present = new Set([...ignoring, ...[...fresh].map((path) => basename(path)).filter(isIgnoreFile)]);
  const excludes = [
    ...[...present].sort().map((name) => `--exclude-per-directory=${name}`),
    ...ignore.map((pattern) => `--exclude=${pattern}`),
  ];
  const lists = await Promise.all(
    excludes.flatMap((exclude) => ['--cached', '--others'].map((kind) => git.run(['ls-files', '-z', kind, '--ignored', exclude]))),
  );
  return lists.flatMap((list) => list.toString().split('\0').filter(Boolean));
}
