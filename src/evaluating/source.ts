import { basename } from 'node:path';
import type { Git } from '../repo/git.ts';
import type { Bug } from './bug.ts';
import { toBug } from './mining/bugs.ts';
import type { Candidate as Mined } from './mining/candidate.ts';
import { mine } from './mining/mine.ts';
import { readInstances } from './swe-bench.ts';

/** What may be a past bug. `mined`: the change that it is; absent where it stands in a list. Its diffs are made when its turn comes. */
export type Candidate = {
  readonly id: string;
  readonly base: string;
  readonly mined?: Mined | undefined;
  readonly open: () => Promise<Bug>;
};

/** Where bugs come from, in the order in which they are tried. */
export type Source = {
  /** Changes that were looked at, and those of them that may be fixes with tests. */
  readonly looked: number;
  readonly found: number;
  readonly candidates: readonly Candidate[];
};

/** The repository's own history. So many candidates at most: a common past of very old and new ones would be short. */
export async function fromHistory(git: Git, most: number, signal: AbortSignal | undefined): Promise<Source> {
  const repo = await nameOf(git);
  const { candidates, looked } = await mine(git, signal);
  return {
    looked,
    found: candidates.length,
    candidates: candidates.slice(0, most).map((one) => ({ id: one.sha, base: one.base, mined: one, open: () => toBug(git, repo, one) })),
  };
}

/** A list in SWE-bench's form; instances of other repositories are left out. Throws `bad_input`. */
export async function fromList(git: Git, text: string, name: string): Promise<Source> {
  const { bugs, elsewhere } = await readInstances(text, name, git);
  return {
    looked: bugs.length + elsewhere,
    found: bugs.length,
    candidates: bugs.map((bug) => ({ id: `list-${bug.id}-${bug.base.slice(0, 12)}`, base: bug.base, open: async () => bug })),
  };
}

/** `owner/name` of the remote, else the name of the folder. */
export async function nameOf(git: Git): Promise<string> {
  const url = (await git.run(['config', '--get', 'remote.origin.url'], { codes: [0, 1] })).toString().trim();
  return /^(?:https?:\/\/|ssh:\/\/|git@)[^\s/:]+[/:](?:.*\/)?([^/\s]+\/[^/\s]+?)(?:\.git)?\/?$/.exec(url)?.[1] ?? basename(git.root);
}
