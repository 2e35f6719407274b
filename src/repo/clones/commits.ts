import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GlmError } from '../../errors.ts';
import type { Git } from '../git.ts';

/** The commit that a name stands for, where this repository holds it. */
export async function findCommit(git: Git, name: string): Promise<string | undefined> {
  const found = await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], { codes: [0, 1, 128] });
  return found.toString().trim() || undefined;
}

/** A clone whose history was cut: what it does not hold may well exist. */
export const isShallow = ({ commonDir }: Git): boolean => existsSync(join(commonDir, 'shallow'));

/** That a name stands for no commit here, and what to fetch. */
export function noCommit(git: Git, name: string): GlmError {
  const pull = /(?:^|\/)pull\/\d+/.test(name);
  const hint = pull
    ? `Fetch it first: git fetch origin ${name.replace(/^(?:refs\/|origin\/)+/, '')}:${name}`
    : isShallow(git)
      ? 'This clone is shallow: fetch the rest with git fetch --unshallow --tags, another branch with git fetch origin NAME:NAME.'
      : 'Name a branch, tag or commit; fetch it first.';
  return new GlmError('bad_input', `${name} is no commit that this repository holds.`, { hint });
}

/**
 * Objects of some commits that are not there, as partial clones leave them out. git itself may end a checkout of such a commit with
 * success and without the files.
 */
export async function missingObjects(git: Git, commits: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = ['rev-list', '--objects', '--no-object-names', '--missing=print', '--no-walk', ...commits];
  const listed = (await git.run(asked)).toString();
  return new Set(listed.split('\n').flatMap((line) => (line.startsWith('?') ? [line.slice(1)] : [])));
}
