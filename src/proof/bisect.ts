import { GlmError, wordsOf } from '../errors.ts';
import { findCommit, isShallow, noCommit } from '../repo/clones/commits.ts';
import { fetchAll, promisorOf } from '../repo/clones/partial.ts';
import type { Git } from '../repo/git.ts';
import { makeWorktree } from '../repo/worktree.ts';
import type { Machine } from '../schema/deps.ts';
import type { Since } from '../schema/run.ts';
import { describeCommit } from './commit.ts';
import { openProbe, type ProbeRequest } from './probe-commit.ts';
import { type Found, search } from './search-history.ts';

export type BisectRequest = ProbeRequest & {
  /** A ref before which the test is believed to have passed. */
  readonly since: string;
};

/**
 * Finds the first commit after `since` at which today's failing test fails, along first parents, in a worktree of its own. The test file
 * stays as it is today, so that a test written with the fix can be used; a commit at which it cannot run is passed over. Bad is a commit at
 * which it fails in the same way as today; a commit is named only where the odds that chance named it are below one in a hundred.
 */
export async function bisect(request: BisectRequest, deps: Machine): Promise<Since> {
  try {
    return await searchHistory(request, deps);
  } catch (error) {
    // What git cannot give must not cost what was found before.
    if (!(error instanceof GlmError)) throw error;
    return { verdict: 'unknown', why: wordsOf(error), runs: 0 };
  }
}

async function searchHistory(request: BisectRequest, deps: Machine): Promise<Since> {
  const { git, since, failure } = request;
  const named = await findCommit(git, since);
  if (!git.head || !named) return { verdict: 'unknown', why: wordsOf(noCommit(git, since)), runs: 0 };
  const commits = (await git.run(['rev-list', '--first-parent', '--reverse', `${named}..${git.head}`]))
    .toString()
    .split('\n')
    .filter(Boolean);
  // From a commit that HEAD does not come from, the search begins where they parted.
  const parted = commits[0] && (await findCommit(git, `${commits[0]}^1`));
  const start = parted ?? named;
  const existed = failure.file !== undefined && (await git.run(['ls-tree', '--name-only', start, '--', failure.file])).length > 0;
  const worktree = await makeWorktree({ git, folders: deps.folders, signal: deps.signal, tell: deps.tell });
  try {
    const probe = await openProbe(request, worktree, deps);
    const cut = parted === undefined && commits[0] !== undefined;
    const found = acrossCut(await search([start, ...commits], probe), cut, { git, since, oldest: commits[0] });
    const notes = [
      found.why,
      ...(existed ? [] : [`The test did not exist at ${since}: it was run there as it is today.`]),
      ...unfetched(git, probe.lacking()),
    ];
    const commit = found.index === undefined ? undefined : await describeCommit(git, [start, ...commits][found.index] ?? '');
    return { verdict: found.verdict, why: notes.join(' '), runs: probe.runs(), ...(commit && { commit }) };
  } finally {
    await worktree.remove();
  }
}

type Cut = { readonly git: Git; readonly since: string; readonly oldest: string | undefined };

/** Where history was cut off between the good commit and the oldest one that is there, that one may be innocent. */
function acrossCut(found: Found, cut: boolean, { git, since, oldest = '' }: Cut): Found {
  if (!cut || found.verdict !== 'found' || found.index !== 1) return found;
  const remedy = isShallow(git) ? ' This clone is shallow: git fetch --unshallow brings them.' : '';
  const why = `It passes at ${since} and fails at ${oldest.slice(0, 10)}; the commits between are not in this clone.${remedy}`;
  return { verdict: 'unknown', why };
}

function unfetched(git: Git, commits: number): string[] {
  if (commits === 0) return [];
  const remote = promisorOf(git.settings);
  const them = commits === 1 ? '1 commit' : `${commits} commits`;
  return remote === undefined
    ? [`Files of ${them} are missing from the repository: git fsck names them.`]
    : [`This partial clone holds no files of ${them} that had to be run: ${fetchAll(remote)} brings them.`];
}
