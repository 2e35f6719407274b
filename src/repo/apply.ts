import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Folders } from '../config.ts';
import { checkStopped, GlmError } from '../errors.ts';
import type { Patch } from '../schema/patch.ts';
import { writeAtomic } from '../store.ts';
import { blobId } from './copy.ts';
import type { Git } from './git.ts';
import { layEmpty } from './lay.ts';
import { takeLease } from './leases.ts';
import { replaceAll } from './replace.ts';
import { pathsOfDiff, type Touched } from './touched.ts';

type Needs = { readonly git: Git; readonly patch: Patch; readonly folders: Folders; readonly signal?: AbortSignal | undefined };

/** `files` that were written, none where they were as the patch makes them, and the command that takes the patch back as long as they stay so. */
export type Applied = { readonly files: string[]; readonly undo: string };

/**
 * Puts a proven patch into the user's files: all of them or none. Refused where the patch is not what was proven, or where a file is no
 * longer what the proof started from. The index, the stash and the commits stay as they are.
 */
export async function applyPatch({ git, patch, folders, signal }: Needs): Promise<Applied> {
  if (createHash('sha256').update(patch.diff).digest('hex') !== patch.sha256) {
    throw new GlmError('bad_input', 'The stored patch is not the one that was proven: its sha256 differs.', { hint: 'Run fix again.' });
  }
  const touched = pathsOfDiff(patch.diff);
  const kept = join(folders.state, 'patches', `${patch.sha256.slice(0, 16)}.diff`);
  const undo = `git -C ${shellWord(git.root)} apply -R ${shellWord(kept)}`;
  if (touched.length > 0 && (await Promise.all(touched.map((file) => isMade(git, file)))).every(Boolean)) return { files: [], undo };
  for (const file of touched) await checkFile(git, file);
  const lease = await takeLease(folders);
  try {
    const made = await makeFiles(git, patch, touched, lease.folder, signal);
    await writeAtomic(kept, patch.diff);
    checkStopped(signal);
    const files = touched.map(({ path, runs }) => ({ path, before: made.get(path)?.before, after: made.get(path)?.after, runs }));
    await replaceAll(git.root, files, lease.folder, async () => {
      for (const file of touched) await checkFile(git, file);
    });
    return { files: touched.map(({ path }) => path), undo };
  } finally {
    await lease.release();
  }
}

/** Whether a file is what the patch makes of it. */
async function isMade(git: Git, { path, after, runs, sameText }: Touched): Promise<boolean> {
  const stat = await lstat(join(git.root, path)).catch(() => undefined);
  if (stat?.isFile() && runs !== undefined && runs !== (stat.mode & 0o100) > 0) return false;
  if (sameText) return stat?.isFile() === true;
  if (!stat?.isFile()) return !stat && after === undefined;
  return after !== undefined && blobId(git.objectFormat, await readFile(join(git.root, path))) === after;
}

/** The way to a file leads through real folders only, and the file is byte for byte what the diff starts from. */
async function checkFile(git: Git, { path, before, sameText }: Touched): Promise<void> {
  const parts = path.split('/');
  if (path === '' || parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')) {
    throw new GlmError('forbidden_path', `The patch names ${JSON.stringify(path)}, which is not a file of the repository.`);
  }
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    const stat = await lstat(join(git.root, folder)).catch(() => undefined);
    if (stat && !stat.isDirectory())
      throw new GlmError('forbidden_path', `${folder} is no folder of the repository, so ${path} is not written.`);
  }
  const stat = await lstat(join(git.root, path)).catch(() => undefined);
  if (stat && !stat.isFile()) throw new GlmError('forbidden_path', `${path} is not a plain file, so it is not written.`);
  const there = stat && !sameText ? blobId(git.objectFormat, await readFile(join(git.root, path))) : undefined;
  if (sameText ? stat : there === before) return;
  const how = !stat ? 'is gone' : before === undefined ? 'exists now' : 'has changed';
  throw new GlmError('tree_changed', `${path} ${how} since the patch was proven, so nothing was applied.`, {
    hint: 'Run fix again on the tree as it is now.',
  });
}

type Made = { readonly before: Buffer | undefined; readonly after: Buffer | undefined };

/** Applies the diff to copies, where nothing but git's own reading of the diff counts. Gives old and new bytes by path. */
async function makeFiles(git: Git, patch: Patch, touched: readonly Touched[], folder: string, signal: AbortSignal | undefined) {
  const work = join(folder, 'work');
  const meta = join(folder, 'meta');
  mkdirSync(work);
  layEmpty(meta, git.objectFormat);
  const old = new Map<string, Buffer>();
  for (const { path, before, sameText } of touched) {
    if (before === undefined && !sameText) continue;
    const bytes = await readFile(join(git.root, path));
    old.set(path, bytes);
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), bytes, { flag: 'wx', mode: 0o600 });
  }
  const env = { GIT_DIR: meta, GIT_WORK_TREE: work };
  await git.run(['apply', '--whitespace=nowarn', '-'], { cwd: work, env, input: patch.diff, signal });
  const made = new Map<string, Made>();
  for (const { path, after, sameText } of touched) {
    const bytes = after === undefined && !sameText ? undefined : readFileSync(join(work, path));
    if (bytes && !sameText && blobId(git.objectFormat, bytes) !== after) {
      throw new GlmError('tree_changed', `${path} would not become what was proven, so nothing was applied.`);
    }
    made.set(path, { before: old.get(path), after: bytes });
  }
  return made;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
