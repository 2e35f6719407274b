import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../store.ts';

/**
 * The plan of a change to several files, written down before the first is touched. `old` and `fresh` are copies in the journal's own
 * folder, null where the file does not exist on that side. Whoever finds the journal of a killed process takes the change back.
 */
const Journal = z.object({
  root: z.string(),
  tag: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      old: z.string().nullable(),
      fresh: z.string().nullable(),
      mode: z.number().int(),
      was: z.number().int().optional(),
    }),
  ),
  folders: z.array(z.string()),
});
type Journal = z.infer<typeof Journal>;

/** `runs`: whether the file may be run; else what is there keeps its mode. */
export type Replacement = {
  readonly path: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  readonly runs?: boolean | undefined;
};

const name = 'journal.json';

/**
 * Replaces files below `root`, all or none: new bytes are flushed beside their targets, `check` looks a last time, then only renames are
 * left. `folder` is private to this process and is removed by the caller afterwards.
 */
export async function replaceAll(root: string, files: readonly Replacement[], folder: string, check: () => Promise<void>): Promise<void> {
  const journal = await plan(root, files, folder);
  try {
    for (const at of journal.folders) await mkdir(join(root, at));
    for (const file of journal.files) if (file.fresh !== null) await putBeside(journal, file, file.fresh);
    await check();
    for (const file of journal.files) {
      if (file.fresh === null) await rm(join(root, file.path));
      else await rename(beside(journal, file.path), join(root, file.path));
    }
  } catch (error) {
    await takeBack(journal);
    throw error;
  }
  for (const file of journal.files) if (file.fresh === null) await removeEmptyAbove(root, file.path);
}

/** Undoes what a killed process has begun in a user's tree. A change that was complete stays. */
export async function recover(folder: string): Promise<void> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
  const journal = text === undefined ? undefined : Journal.safeParse(JSON.parse(text)).data;
  if (!journal) return;
  const states = await Promise.all(journal.files.map((file) => isFresh(journal, file)));
  if (states.every(Boolean)) await removeBeside(journal);
  else await takeBack(journal);
}

async function plan(root: string, files: readonly Replacement[], folder: string): Promise<Journal> {
  await mkdir(join(folder, 'bytes'));
  const folders = new Set<string>();
  const listed: Journal['files'] = [];
  for (const [place, { path, before, after, runs }] of files.entries()) {
    const store = async (side: string, bytes: Uint8Array | undefined) => {
      if (!bytes) return null;
      const copy = join(folder, 'bytes', `${place}.${side}`);
      await writeAtomic(copy, bytes);
      return copy;
    };
    const there = (await lstat(join(root, path)).catch(() => undefined))?.mode;
    const mode = modeOf(there, runs) & 0o777;
    listed.push({
      path,
      old: await store('old', before),
      fresh: await store('fresh', after),
      mode,
      was: there === undefined ? undefined : there & 0o777,
    });
    if (after) for (const at of await missingAbove(root, path)) folders.add(at);
  }
  const journal = { root, tag: randomBytes(6).toString('hex'), files: listed, folders: [...folders].sort() };
  await writeAtomic(join(folder, name), JSON.stringify(journal));
  return journal;
}

/** Who may read a file may run it, as git does it. */
function modeOf(there: number | undefined, runs: boolean | undefined): number {
  if (there === undefined) return runs ? 0o755 : 0o644;
  if (runs === undefined) return there;
  return runs ? there | ((there & 0o444) >> 2) : there & ~0o111;
}

/** Folders on the way to a file that are not there yet, the uppermost first. */
async function missingAbove(root: string, path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    if (await lstat(join(root, at)).catch(() => undefined)) break;
    missing.unshift(at);
  }
  return missing;
}

function beside(journal: Journal, path: string): string {
  return join(journal.root, `${path}.${journal.tag}.glm-skill`);
}

async function putBeside(journal: Journal, { path, mode }: Journal['files'][number], from: string): Promise<void> {
  const file = await open(beside(journal, path), 'wx', 0o600);
  try {
    await file.writeFile(await readFile(from));
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(beside(journal, path), mode);
}

async function removeBeside(journal: Journal): Promise<void> {
  for (const { path } of journal.files) await rm(beside(journal, path), { force: true });
}

async function isFresh({ root }: Journal, { path, fresh }: Journal['files'][number]): Promise<boolean> {
  const there = await readFile(join(root, path)).catch(() => undefined);
  return fresh === null ? there === undefined : (there?.equals(await readFile(fresh)) ?? false);
}

/** Puts back the old bytes of every file that has the new ones; a file that somebody else has written since is theirs. */
async function takeBack(journal: Journal): Promise<void> {
  await removeBeside(journal);
  for (const file of journal.files) {
    if (!(await isFresh(journal, file))) continue;
    if (file.old === null) await rm(join(journal.root, file.path), { force: true });
    else {
      await putBeside(journal, { ...file, mode: file.was ?? file.mode }, file.old);
      await rename(beside(journal, file.path), join(journal.root, file.path));
    }
  }
  for (const at of [...journal.folders].reverse()) await rmdir(join(journal.root, at)).catch(() => {});
}

/** Folders that a deletion has left empty, as git removes them. */
async function removeEmptyAbove(root: string, path: string): Promise<void> {
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    try {
      await rmdir(join(root, at));
    } catch {
      return;
    }
  }
}
