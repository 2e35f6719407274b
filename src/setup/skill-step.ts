import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { SkillRecord } from './record.ts';
import { hashFiles, type SkillFile } from './skill-file.ts';

/** What is to become of one skill folder. `remove` and `refuse` write nothing new. */
export type SkillChange = {
  readonly action: 'create' | 'update' | 'remove' | 'keep' | 'refuse';
  readonly why: string;
  /** What stands there now, as `stateOf` names it: checked again before anything is written. */
  readonly state: string;
  readonly record: SkillRecord | undefined;
};

export type SkillCase = {
  readonly path: string;
  readonly skill: string;
  readonly record: SkillRecord | undefined;
  readonly force: boolean;
};

/** The shipped skill: hash of its files, and where to link to instead of copying. */
export type Wanted = { readonly hash: string; readonly linkTo: string | undefined };

/** `absent`, `link:<target>`, `other` (a file or device), or the hash of the folder's files. */
export async function stateOf(path: string): Promise<string> {
  const facts = await lstat(path).catch(() => undefined);
  if (!facts) return 'absent';
  if (facts.isSymbolicLink()) return `link:${await readlink(path)}`;
  return facts.isDirectory() ? hashFiles(await readSkill(path)) : 'other';
}

/** All files of a folder, paths with `/`. Links and devices inside count by their kind, so that they show as drift. */
export async function readSkill(folder: string): Promise<readonly SkillFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const content = entry.isFile() ? await readFile(path) : Buffer.from('not a regular file');
      return { path: relative(folder, path).replaceAll('\\', '/'), content };
    }),
  );
}

/** Decides how a skill gets to its place. A folder that was edited, or that somebody else put there, is only replaced by force. */
export async function planSkill(at: SkillCase, wanted: Wanted): Promise<SkillChange> {
  const { path, skill, record, force } = at;
  const state = await stateOf(path);
  const target = wanted.linkTo === undefined ? undefined : relative(dirname(path), wanted.linkTo);
  const aim = target === undefined ? wanted.hash : `link:${target}`;
  const written: SkillRecord = { path, skill, form: target === undefined ? 'copy' : 'link', hash: aim };
  if (state === aim) return { action: 'keep', why: 'is up to date', state, record: written };
  if (state === 'absent')
    return { action: 'create', why: target === undefined ? 'is copied' : `becomes a link to ${target}`, state, record: written };
  if (state === record?.hash || state === wanted.hash) return { action: 'update', why: 'gets this version', state, record: written };
  if (force) return { action: 'update', why: 'is replaced, local changes are lost', state, record: written };
  const why = record
    ? 'was edited locally (--force replaces it)'
    : 'is another version or was put there by somebody else (--force replaces it)';
  return { action: 'refuse', why, state, record };
}

/** Decides whether a skill may be taken away again: only as we wrote it. `shipped` is the hash of this version's files. */
export async function planSkillRemoval(at: SkillCase, shipped: string): Promise<SkillChange> {
  const { path, record, force } = at;
  const state = await stateOf(path);
  if (state === 'absent') return { action: record ? 'remove' : 'keep', why: 'is gone already', state, record: undefined };
  if (state === record?.hash || state === shipped || force) return { action: 'remove', why: 'is deleted', state, record: undefined };
  return { action: 'refuse', why: 'was edited locally (--force deletes it)', state, record };
}
