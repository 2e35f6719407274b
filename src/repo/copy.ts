import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

const wholeBytes = 8 << 20;

/**
 * Copies files as bytes, with their mode, so that no filter or line-end setting of git can change what the tests see. A path that is gone,
 * special, not to be read, or behind a link is left out. Never follows a link on either side. One after the other and without the thread
 * pool: making a file locks its folder, so several writers only wait for each other, and what comes later is newer, as built files have to be.
 */
export async function copyFiles(job: CopyJob, paths: readonly string[], copy = copyOne): Promise<Copied[]> {
  const copied: Copied[] = [];
  const folders = new Map<string, boolean>([['.', true]]);
  for (const [at, path] of paths.entries()) {
    if (at % 128 === 0) {
      await breathe();
      checkStopped(job.signal);
    }
    const one = bringFolder(job, dirname(path), folders) ? copy(job, path) : undefined;
    if (one) copied.push(one);
  }
  return copied;
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

export function copyOne(job: CopyJob, path: string): Copied | undefined {
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
  try {
    if (stat.size > wholeBytes) return { path, mode, ...copyLarge(job, source, target) };
    const bytes = readFileSync(source);
    return { path, mode, oid: blobId(job.format, bytes), ctimeMs: writeNew(target, bytes, stat.mode & 0o777) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return undefined;
    throw error;
  }
}

/** Writes a file that is not there yet and says when it was. */
export function writeNew(path: string, bytes: Uint8Array | string, mode: number): number {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, bytes);
    return fstatSync(file).ctimeMs;
  } finally {
    closeSync(file);
  }
}

/** By a clone where the file system can; the hash is of the copy, which nobody writes to. */
function copyLarge({ format }: CopyJob, source: string, target: string): { oid: string; ctimeMs: number } {
  copyFileSync(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  const file = openSync(target, 'r');
  try {
    const { size, ctimeMs } = fstatSync(file);
    const hash = createHash(format).update(`blob ${size}\0`);
    const chunk = Buffer.allocUnsafe(wholeBytes);
    for (let got = readSync(file, chunk); got > 0; got = readSync(file, chunk)) hash.update(chunk.subarray(0, got));
    return { oid: hash.digest('hex'), ctimeMs };
  } finally {
    closeSync(file);
  }
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

/** All files and links below a folder, POSIX and relative to `root`. `enter` decides on folders, `empty` is told of those without an entry. */
export function walk(root: string, folder: string, enter: (path: string) => boolean, empty: (path: string) => void = () => {}): string[] {
  const found: string[] = [];
  const visit = (at: string) => {
    const entries = readdirSync(join(root, at), { withFileTypes: true });
    if (entries.length === 0) empty(at);
    for (const entry of entries) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (!entry.isDirectory()) {
        if (entry.name !== '.git') found.push(path);
      } else if (enter(path)) visit(path);
    }
  };
  visit(folder.split(sep).join('/'));
  return found;
}
