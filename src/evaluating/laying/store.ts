import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../../repo/git.ts';
import { layEmpty } from '../../repo/lay.ts';

/** The objects that every bug may see, because all that is older than the oldest of them is in the past of each. */
export type ObjectStore = {
  /** Folder of objects, for the alternates of a laid-out repository. Undefined: the bugs have no common past. */
  readonly objects: string | undefined;
  /** A pack with what a commit needs beyond the store. */
  readonly packOf: (commit: string) => Promise<Buffer>;
};

/**
 * Copies the common past of the bases out of the user's repository. Git's own transport is not used: it is switched off for repositories
 * that nobody vouches for, and a pack is all that is needed.
 */
export async function openStore(git: Git, bases: readonly string[], folder: string): Promise<ObjectStore> {
  const common = await commonPast(git, bases);
  const pack = (revisions: readonly string[]) =>
    git.run(['pack-objects', '--revs', '--stdout', '-q', '--delta-base-offset'], { input: `${revisions.join('\n')}\n` });
  if (common === undefined) return { objects: undefined, packOf: (commit) => pack([commit]) };
  mkdirSync(folder, { recursive: true });
  layEmpty(folder, git.objectFormat);
  await indexPack(git, folder, await pack([common]));
  return { objects: join(folder, 'objects'), packOf: (commit) => pack([commit, `^${common}`]) };
}

/** Puts a pack into the objects of a repository; `folder` is its git directory. */
export async function indexPack(git: Git, folder: string, pack: Buffer): Promise<void> {
  await git.run(['index-pack', '--stdin', '--fix-thin'], { cwd: folder, env: { GIT_DIR: folder }, input: pack });
}

/** One base more at a time: all at once is more than git compares. */
async function commonPast(git: Git, bases: readonly string[]): Promise<string | undefined> {
  const [first, ...rest] = new Set(bases);
  let common = first;
  for (const base of rest) {
    if (common === undefined) return undefined;
    common = (await git.run(['merge-base', common, base], { codes: [0, 1] })).toString().trim().split('\n')[0] || undefined;
  }
  return common;
}
