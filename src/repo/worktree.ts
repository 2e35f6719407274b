import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Folders } from '../config.ts';
import { checkStopped, GlmError } from '../errors.ts';
import type { Tell } from '../schema/model.ts';
import type { FileChange } from '../schema/patch.ts';
import { blobId, type Copied, changedAt, clearPath, walk } from './copy.ts';
import { openPackages } from './dependencies.ts';
import type { Git } from './git.ts';
import { makeRoom, removeTree, takeLease } from './leases.ts';
import type { Neighbour } from './outside.ts';
import { copyLocal } from './plug.ts';
import { type Kept, makeLinks, takeSnapshot } from './snapshot.ts';
import { findStrays } from './strays.ts';
import { type Survey, surveyTree } from './survey.ts';
import { openTrees } from './trees.ts';

export type Change = { readonly diff: string; readonly sha256: string; readonly tree: string };

/**
 * A private repository with the user's files as they are on disk: committed, staged, changed and untracked. It borrows the user's
 * objects read-only and has its own index, refs, hooks and config.
 */
export type Worktree = {
  readonly path: string;
  /** What the worktree does not hold, or holds otherwise than the user's tree; one sentence each. */
  readonly notes: readonly string[];
  /** What lies outside of it and has to be read by what runs in it: dependencies, and the user's objects. */
  readonly borrowed: readonly string[];
  /** Links beside it to what lies beside the user's repository. */
  readonly neighbours: readonly Neighbour[];
  /** Text of a file as it was brought in. Undefined: no such file, a link, not UTF-8, or binary. */
  readonly read: (path: string) => string | undefined;
  /** Paths of the tracked and untracked files. */
  readonly paths: readonly string[];
  /** What stands at a path in the baseline. */
  readonly look: (path: string) => 'file' | 'folder' | 'link' | 'submodule' | 'missing';
  /** Writes the files, and no more. */
  readonly put: (changes: readonly FileChange[]) => void;
  /** Writes the files and makes the diff against the baseline. */
  readonly change: (changes: readonly FileChange[]) => Promise<Change>;
  /** Paths of files of the baseline that hold something else now. */
  readonly altered: () => string[];
  /**
   * Where no sandbox stands before the user's packages: lets each be a real folder of links, so that what tests put beside a package's
   * files stays here.
   */
  readonly guard: () => void;
  /** What was written into the user's packages since the worktree was made; absolute paths. */
  readonly strays: () => Promise<string[]>;
  /** Back to the baseline, whatever the tests or a change have left. */
  readonly reset: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

type Needs = {
  readonly git: Git;
  /** What git lists, where it has been asked already. */
  readonly survey?: Survey | undefined;
  readonly folders: Folders;
  readonly signal?: AbortSignal | undefined;
  readonly tell: Tell;
};

export async function makeWorktree({ git, survey, folders, signal, tell }: Needs): Promise<Worktree> {
  const lease = await takeLease(folders);
  try {
    const name = basename(git.root);
    const room = await makeRoom(lease);
    const path = join(room, /^[\w-][\w.@+-]*$/.test(name) && name !== 'node_modules' ? name : 'repo');
    mkdirSync(path);
    const snapshot = await takeSnapshot({ git, survey: survey ?? (await surveyTree(git)), path, signal });
    const trees = await openTrees({
      git,
      folder: join(room, 'trees'),
      worktree: path,
      files: snapshot.files,
      oids: snapshot.oids,
    });
    for (const note of snapshot.notes) tell({ type: 'warning', message: note });
    const kept = new Map(snapshot.kept.map((one) => [one.path, one]));
    const modes = new Map(snapshot.files.map((file) => [file.path, file]));

    const restore = async () => {
      checkStopped(signal);
      const entries = [...kept.values()];
      const folders = new Set(['.git', ...entries.flatMap((one) => foldersOf(one))]);
      const made: string[] = [];
      const enter = (at: string) => {
        if (!folders.has(at)) made.push(at);
        return folders.has(at) && at !== '.git';
      };
      const extra = walk(path, '', enter).filter((at) => !kept.has(at));
      for (const at of [...extra, ...made]) await removeTree(join(path, at));
      const lost = entries.filter((one) =>
        one.kind === 'folder' ? standing(join(path, one.path)) !== 'folder' : changedAt(join(path, one.path)) !== one.ctimeMs,
      );
      // What the user has not changed since is nearer than git's objects.
      const near = new Map(lost.flatMap((one) => (one.kind === 'file' ? [[one.oid, readBytes(git.root, one, git.objectFormat)]] : [])));
      const blobs = await trees.read([...near].flatMap(([oid, bytes]) => (bytes ? [] : [oid])));
      for (const [oid, bytes] of near) if (bytes) blobs.set(oid, bytes);
      for (const one of lost) kept.set(one.path, bringBack(one, blobs));
    };

    /** Puts one entry back as it was; its new ctime is the mark from now on. */
    const bringBack = (one: Kept, blobs: ReadonlyMap<string, Buffer>): Kept => {
      const target = clearPath(path, one.path);
      if (one.kind === 'folder') {
        mkdirSync(target);
        return one;
      }
      if (one.kind === 'link') symlinkSync(one.target, target);
      else if (one.kind === 'local') copyLocal({ from: git.root, to: path, format: git.objectFormat }, one.path);
      else {
        const bytes = blobs.get(one.oid);
        if (!bytes) throw new GlmError('tree_changed', `${one.path} can no longer be read from the repository's objects.`);
        writeFileSync(target, bytes, { mode: one.mode === '100755' ? 0o755 : 0o644, flag: 'wx' });
      }
      return { ...one, ctimeMs: changedAt(target) };
    };

    let guarded = false;
    const guard = () => {
      if (guarded) return;
      guarded = true;
      const links = [...kept.values()].flatMap((one) => (one.kind === 'link' ? [one] : []));
      // Moved away, because to remove many links can take longer than all the rest.
      const replaced = join(room, 'replaced');
      mkdirSync(replaced, { recursive: true });
      for (const [place, [at, entries]] of [...openPackages(links)].entries()) {
        renameSync(join(path, at), join(replaced, String(place)));
        kept.delete(at);
        for (const one of makeLinks(path, entries)) kept.set(one.path, one);
      }
    };

    const put = (changes: readonly FileChange[]) =>
      changes.map(({ path: at, after: text, from, runs }) => {
        const target = clearPath(path, at);
        const mode = (runs ?? modes.get(from ?? at)?.mode === '100755') ? ('100755' as const) : ('100644' as const);
        if (text !== null) writeFileSync(target, text, { mode: mode === '100755' ? 0o755 : 0o644, flag: 'wx' });
        return { path: at, mode, text };
      });

    const madeMs = changedAt(join(path, '.git', 'HEAD'));
    return {
      path,
      guard,
      strays: () => findStrays(snapshot.packages, madeMs),
      notes: snapshot.notes,
      borrowed: [...snapshot.objects, ...snapshot.packages, ...snapshot.outside.files],
      neighbours: snapshot.outside.links,
      paths: snapshot.files.map((file) => file.path),
      look: (at) => (snapshot.submodules.includes(at) ? 'submodule' : standing(join(path, at))),
      read: (at) => readText([path, git.root], at, modes.get(at)?.oid, git.objectFormat),
      put,
      change: async (changes) => {
        const { diff, tree } = await trees.record(put(changes));
        return { diff, tree, sha256: createHash('sha256').update(diff).digest('hex') };
      },
      altered: () =>
        [...kept.values()].flatMap((one) => {
          const at = join(path, one.path);
          if (one.kind !== 'file' || changedAt(at) === one.ctimeMs) return [];
          const stat = lstatSync(at, { throwIfNoEntry: false });
          return stat?.isFile() && blobId(git.objectFormat, readFileSync(at)) === one.oid ? [] : [one.path];
        }),
      reset: restore,
      remove: lease.release,
    };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** The folder an entry is, and those it lies in. */
function foldersOf({ kind, path }: Kept): string[] {
  const parts = path.split('/');
  return parts.slice(0, kind === 'folder' ? parts.length : -1).map((_part, at) => parts.slice(0, at + 1).join('/'));
}

function standing(path: string): 'file' | 'folder' | 'link' | 'missing' {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 'missing';
  return stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : 'file';
}

/** The baseline's text, from the first place that still has the baseline's bytes. */
function readText(roots: readonly string[], path: string, oid: string | undefined, format: 'sha1' | 'sha256'): string | undefined {
  if (oid === undefined) return undefined;
  for (const root of roots) {
    const bytes = readBytes(root, { path, oid }, format);
    if (bytes) return decode(bytes);
  }
  return undefined;
}

/** A file's bytes, where they still are those of the baseline. */
function readBytes(root: string, { path, oid }: Pick<Copied, 'path' | 'oid'>, format: Git['objectFormat']): Buffer | undefined {
  if (!lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile()) return undefined;
  const bytes = readFileSync(join(root, path));
  return blobId(format, bytes) === oid ? bytes : undefined;
}

function decode(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
