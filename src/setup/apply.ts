import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm, rmdir, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Folders } from '../config.ts';
import { GlmError, messageOf } from '../errors.ts';
import { writeAtomic } from '../store.ts';
import { readConfig } from './place.ts';
import { copyProgram, dropPrograms } from './program.ts';
import { writeRecord } from './record.ts';
import { stateOf } from './skill-step.ts';
import type { SetupPlan, Write } from './steps.ts';

type Undo = () => Promise<void>;

/**
 * Carries a plan out: all of it or, if a step fails, none. Throws `tree_changed` when a file is no longer what the plan was made from.
 * Each file and folder is swapped in by a rename, so that no client ever reads half of one.
 */
export async function applySetup(plan: SetupPlan, folders: Folders): Promise<void> {
  const { writes, record, previous, copy } = plan.work;
  for (const write of writes) await checkUnchanged(write);
  await sweep(writes);
  const made = missingFolders(writes);
  // Written before the files: a run that is killed half way can then still be taken back.
  await writeRecord(folders, { ...record, folders: [...new Set([...record.folders, ...made])] });
  const undos: Undo[] = [];
  const leftovers: string[] = [];
  try {
    if (copy) await copyProgram(copy);
    for (const write of writes) {
      undos.push(write.kind === 'file' ? await writeFile(write, plan.scope) : await writeSkill(write, leftovers));
    }
  } catch (error) {
    for (const undo of undos.toReversed()) await undo();
    await removeFolders(made);
    await writeRecord(folders, previous ?? { ...record, files: [], skills: [] });
    throw mendable(error);
  }
  for (const path of leftovers) await rm(path, { recursive: true, force: true });
  const left = await removeFolders([...record.folders, ...made]);
  await writeRecord(folders, { ...record, folders: left });
  await dropPrograms(folders, copy?.to);
}

async function checkUnchanged(write: Write): Promise<void> {
  const same =
    write.kind === 'file' ? (await readConfig(write.path, write.name)) === write.before : (await stateOf(write.path)) === write.state;
  if (!same) throw new GlmError('tree_changed', `${write.name} changed while the plan was made.`, { hint: 'Run the same command again.' });
}

async function writeFile(write: Write & { readonly kind: 'file' }, scope: SetupPlan['scope']): Promise<Undo> {
  const { path, before, after } = write;
  const mode = await stat(path).then(
    (facts) => facts.mode & 0o7777,
    () => (scope === 'user' ? 0o600 : 0o644),
  );
  const put = async (text: string | undefined) => {
    if (text === undefined) return rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true });
    await writeAtomic(path, text, mode);
    await chmod(path, mode);
  };
  await put(after);
  return () => put(before);
}

/** Removes what a run that was killed left beside the skill folders. */
async function sweep(writes: readonly Write[]): Promise<void> {
  const besides = new Set(writes.flatMap(({ kind, path }) => (kind === 'skill' ? [dirname(dirname(path))] : [])));
  for (const folder of besides) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names)
      if (/^\.glm-skill-[0-9a-f]{12}\.(new|old)$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Swaps a skill folder in, or out. What stood there is kept beside it until all steps are done. */
async function writeSkill({ path, make }: Write & { readonly kind: 'skill' }, leftovers: string[]): Promise<Undo> {
  const aside = join(dirname(dirname(path)), `.glm-skill-${randomBytes(6).toString('hex')}`);
  const [fresh, old] = [`${aside}.new`, `${aside}.old`];
  await mkdir(dirname(path), { recursive: true });
  try {
    if (make && 'copyOf' in make) await cp(make.copyOf, fresh, { recursive: true });
    else if (make) await symlink(relative(dirname(path), make.linkTo), fresh, 'dir');
    const stood = (await stateOf(path)) !== 'absent';
    if (stood) await rename(path, old);
    if (stood) leftovers.push(old);
    if (make) await rename(fresh, path);
    return async () => {
      await rm(path, { recursive: true, force: true });
      if (stood) await rename(old, path);
    };
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (existsSync(old)) await rename(old, path);
    throw error;
  }
}

/** A full disk, a read-only place and missing rights are the user's to mend. */
function mendable(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS' && code !== 'ENOSPC') return error;
  return new GlmError('forbidden_path', `Setup could not write: ${messageOf(error)}. Nothing was changed.`, {
    hint: 'Check the rights of that folder and the free disk space.',
    cause: error,
  });
}

/** Folders above what is to be written that do not exist yet. */
function missingFolders(writes: readonly Write[]): string[] {
  const missing = new Set<string>();
  for (const write of writes) {
    for (let folder = dirname(write.path); !existsSync(folder); folder = dirname(folder)) missing.add(folder);
  }
  return [...missing];
}

/** Removes those of our folders that are empty, the deepest first. Returns the others that still exist. */
async function removeFolders(folders: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const folder of [...new Set(folders)].sort((a, b) => b.length - a.length)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed && existsSync(folder)) left.push(folder);
  }
  return left;
}
