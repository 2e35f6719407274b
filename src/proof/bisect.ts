import { GlmError } from '../errors.ts';
import { makeWorktree } from '../repo/worktree.ts';
import type { Machine } from '../schema/deps.ts';
import type { Since } from '../schema/run.ts';
import { describeCommit } from './commit.ts';
import { openProbe, type ProbeRequest } from './probe.ts';
import { search } from './search.ts';

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
  const { git, since, failure } = request;
  const start = (await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${since}^{commit}`], { codes: [0, 1, 128] }))
    .toString()
    .trim();
  if (!start) throw new GlmError('bad_input', `There is no commit ${since}.`, { hint: 'Give a branch, tag or commit of this repository.' });
  if (!git.head) throw new GlmError('no_git', 'There is no commit yet.');
  const commits = (await git.run(['rev-list', '--first-parent', '--reverse', `${start}..${git.head}`]))
    .toString()
    .split('\n')
    .filter(Boolean);
  const existed = failure.file !== undefined && (await git.run(['ls-tree', '--name-only', start, '--', failure.file])).length > 0;
  const worktree = await makeWorktree({ git, folders: deps.folders, signal: deps.signal, tell: deps.tell });
  try {
    const probe = await openProbe(request, worktree, deps);
    const found = await search([start, ...commits], probe);
    const notes = existed ? [found.why] : [found.why, `The test did not exist at ${since}: it was run there as it is today.`];
    const commit = found.index === undefined ? undefined : await describeCommit(git, [start, ...commits][found.index] ?? '');
    return { verdict: found.verdict, why: notes.join(' '), runs: probe.runs(), ...(commit && { commit }) };
  } finally {
    await worktree.remove();
  }
}
