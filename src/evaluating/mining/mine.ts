import { checkStopped } from '../../errors.ts';
import type { Git } from '../../repo/git.ts';
import { type Candidate, type Refused, readCandidate } from './candidate.ts';
import { readBranch, readMainLine } from './changes.ts';

export type Mined = {
  /** Newest first, but what does not call itself a fix counts as so many times older. */
  readonly candidates: readonly Candidate[];
  /** Changes that were looked at. */
  readonly looked: number;
  readonly refused: Readonly<Partial<Record<Refused, number>>>;
};

/** Branches that were merged and are too large as a whole: so many are looked through commit by commit. */
const mostBranches = 400;

/** What is said to be a fix is one more often, and what is recent can be run more often. */
const unsaidAge = 3;

/** Looks through the history for changes that may be fixes with tests. Nothing is run. */
export async function mine(git: Pick<Git, 'run'>, signal?: AbortSignal): Promise<Mined> {
  const refused: Partial<Record<Refused, number>> = {};
  const candidates = new Map<string, Candidate>();
  let looked = 0;
  let branches = 0;
  for (const change of await readMainLine(git)) {
    checkStopped(signal);
    const read = readCandidate(change);
    looked++;
    if (typeof read !== 'string') candidates.set(read.sha, read);
    else if (read !== 'too_large' || !change.merge || ++branches > mostBranches) refused[read] = (refused[read] ?? 0) + 1;
    else
      for (const part of (await readBranch(git, change)).map(readCandidate)) {
        if (typeof part !== 'string') candidates.set(part.sha, part);
        else refused[part] = (refused[part] ?? 0) + 1;
      }
  }
  const aged = [...candidates.values()].map((one, at) => ({ one, age: one.says ? at : (at + 1) * unsaidAge }));
  return { candidates: aged.sort((a, b) => a.age - b.age).map(({ one }) => one), looked, refused };
}
