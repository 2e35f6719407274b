import { createHash } from 'node:crypto';
import { constants, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { checkStopped } from '../errors.ts';

/** A copied file. `oid` is the git blob id of its bytes as they are on disk; `ctimeMs` tells later whether anything touched the copy. */
export type Copied = {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  readonly oid: string;
  readonly ctimeMs: number;
};

export type CopyJob = {
  readonly from: string;
  readonly to: string;
  readonly format: 'sha1' | 'sha256';
  readonly signal?: AbortSignal | undefined;
};

const streamedBytes = 8 << 20;

/** How many files are written at once: most file systems are slow to make one, and nothing else holds a copy up. */
const writers = 8;

/**
 * Copies files as bytes, with their mode, so that no filter or line-end setting of git can change what the tests see. A path that is gone,
 * special, or lies behind a link is left out. Never follows a link on either side. `ordered`: what comes later is newer, as built files
 * have to be.
 */
export async function copyFiles(job: CopyJob, paths: readonly string[], ordered = false): Promise<Copied[]> {
  const copied: (Copied | undefined)[] = [];
  const folders = new Map<string, boolean>([['.', true]]);
  let next = 0;
  const work = async () => {
    try {
      for (let at = next++; at < paths.length; at = next++) {
        if (at % 128 === 0) {
          await breathe();
          checkStopped(job.signal);
        }
        const path = paths[at] ?? '';
        if (bringFolder(job, dirname(path), folders)) copied[at] = await copyOne(job, path);
      }
    } finally {
      next = paths.length;
    }
  };
  // All of them have to end before anybody removes what they write.
  const ends = await Promise.allSettled(Array.from({ length: ordered ? 1 : writers }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return copied.filter((one) => one !== undefined);
}

/** Makes the folder of a path where the source is a real folder all the way. */
function bringFolder(job: CopyJob, folder: string, known: Map<string, boolean>): boolean {
  const seen = known.get(folder);
  if (seen !== undefined) return seen;
  const stat = bringFolder(job, dirname(folder), known) ? lstatSync(join(job.from, folder), { throwIfNoEntry: false }) : undefined;
  const real = stat?.isDirectory() ?? false;
  if (real) mkdirSync(join(job.to, folder), { recursive: true });
  known.set(folder, real);
  return real;
}

export async function copyOne(job: CopyJob, path: string): Promise<Copied | undefined> {
  const source = join(job.from, path);
  const target = join(job.to, path);
  const stat = lstatSync(source, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (stat.isSymbolicLink()) {
    const text = readlinkSync(source);
    symlinkSync(inWorktree(job, text), target);
    return { path, mode: '120000', oid: blobId(job.format, Buffer.from(text)), ctimeMs: changedAt(target) };
  }
  if (!stat.isFile()) return undefined;
  const mode = stat.mode & 0o100 ? '100755' : '100644';
  const bytes = stat.size > streamedBytes ? undefined : readFileSync(source);
  if (bytes) await writeFile(target, bytes, { mode: stat.mode & 0o777, flag: 'wx' });
  else await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  return { path, mode, oid: blobId(job.format, bytes ?? readFileSync(target)), ctimeMs: changedAt(target) };
}

/** An absolute link to a place inside the user's repository would let the tests write there. */
function inWorktree({ from, to }: CopyJob, text: string): string {
  if (!isAbsolute(text)) return text;
  const inside = relative(from, text);
  return inside.startsWith('..') || isAbsolute(inside) ? text : join(to, inside);
}

export function changedAt(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}

export function blobId(format: 'sha1' | 'sha256', bytes: Uint8Array): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Removes what stands at a path below `root`, be it a link, and makes the way to it of real folders only. */
export function clearPath(root: string, path: string): string {
  let at = root;
  for (const part of path.split('/').slice(0, -1)) {
    at = join(at, part);
    if (lstatSync(at, { throwIfNoEntry: false })?.isDirectory()) continue;
    rmSync(at, { force: true });
    mkdirSync(at);
  }
  const target = join(root, path);
  rmSync(target, { recursive: true, force: true });
  return target;
}

/** Removes a file and the folders that are empty without it. */
export function removeFile(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    try {
      rmdirSync(join(root, at));
    } catch {
      return;
    }
  }
}

/** All files and links below a folder, POSIX and relative to `root`. `enter` decides on folders. */
export function walk(root: string, folder: string, enter: (path: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (at: string) => {
    for (const entry of readdirSync(join(root, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (!entry.isDirectory()) {
        if (entry.name !== '.git') found.push(path);
      } else if (enter(path)) visit(path);
    }
  };
  visit(folder.split(sep).join('/'));
  return found;
}
