import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../../repo/git.ts';
import { layEmpty } from '../../repo/lay.ts';

/** The objects that every bug may see, because all that is older than the oldest of them is in the past of each. */
export type ObjectStore = {
  /** Folder of objects, for the alternates of a laid-out repository. Undefined: the bugs have no common past. */
  readonly objects: string | undefined;
  /** Brings what a commit needs beyond the store into a repository; `folder` is its git directory. */
  readonly bring: (commit: string, folder: string) => Promise<void>;
};

/** Copies the common past of the bases out of the user's repository, once for all bugs. */
export async function openStore(git: Git, bases: readonly string[], folder: string): Promise<ObjectStore> {
  const common = await commonPast(git, bases);
  if (common === undefined) return { objects: undefined, bring: (commit, into) => bring(git, [commit], into) };
  layEmpty(folder, git.objectFormat);
  await bring(git, [common], folder);
  return { objects: join(folder, 'objects'), bring: (commit, into) => bring(git, [commit, `^${common}`], into) };
}

/**
 * Packs what the revisions reach into a repository of ours. git runs in that one and borrows the user's objects for this command alone, so
 * that its temporary files lie there too; what a partial clone lacks stays lacking. Git's transport would do the same, and is switched off for repositories that nobody vouches for.
 */
async function bring(git: Git, revisions: readonly string[], folder: string): Promise<void> {
  const shallow = join(git.commonDir, 'shallow');
  if (existsSync(shallow)) copyFileSync(shallow, join(folder, 'shallow'));
  await git.run(['pack-objects', '-q', '--revs', '--missing=allow-any', '--delta-base-offset', join(folder, 'objects', 'pack', 'pack')], {
    cwd: folder,
    env: { GIT_DIR: folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(git.commonDir, 'objects')) },
    input: `${revisions.join('\n')}\n`,
  });
}

/** Git splits the variable at colons. */
function quoted(path: string): string {
  return path.includes(':') || path.startsWith('"') ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}

/** Some at a time: git compares each with what the others have in common. */
async function commonPast(git: Git, bases: readonly string[]): Promise<string | undefined> {
  const rest = [...new Set(bases)];
  let common = rest.shift();
  while (common !== undefined && rest.length > 0) {
    const some = rest.splice(0, atOnce);
    common = (await git.run(['merge-base', '--octopus', common, ...some], { codes: [0, 1] })).toString().trim().split('\n')[0] || undefined;
  }
  return common;
}

const atOnce = 60;
