import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case } from '../case.ts';
import { checkStopped, GlmError } from '../errors.ts';
import { isShallow, missingObjects } from '../repo/clones/commits.ts';
import { promisorOf } from '../repo/clones/partial.ts';
import { type Git, openGit } from '../repo/git.ts';
import type { Worktree } from '../repo/worktree.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { confine } from '../safety/sandbox/confine.ts';
import type { Machine } from '../schema/deps.ts';
import { makeScratch } from '../store.ts';
import { runSuite } from '../suite/run/run.ts';
import { findSame, isSameFailure } from '../suite/same.ts';
import type { Tally } from './odds.ts';

/** The time is for the whole search. */
export type ProbeRequest = Pick<Case, 'root' | 'suite' | 'failure' | 'timeoutMs' | 'envNames'> & { readonly git: Git };

/** `other`: it fails, and not in the way of today. `unclear`: it cannot be run there. */
export type Seen = 'red' | 'green' | 'other' | 'unclear';

export type Probe = {
  /** What is known of a commit: its first run, or a failure of a later one. */
  readonly at: (sha: string) => Promise<Seen>;
  /** The tree of today, as the user has it. */
  readonly today: () => Promise<Seen>;
  /** Runs a commit until it has passed so often, or failed once. Undefined: the time was up. */
  readonly confirm: (sha: string, passes: number) => Promise<Seen | undefined>;
  /** Runs on code that is known to be bad: what was reported, today, and the commits that were seen red. */
  readonly tally: () => Tally;
  readonly left: () => boolean;
  readonly runs: () => number;
  /** Commits whose files are not all there, as in a partial clone. */
  readonly lacking: () => number;
  /** Is anything in the user's tree not committed? */
  readonly dirty: boolean;
};

export async function openProbe(
  { git, root, suite, failure, timeoutMs, envNames }: ProbeRequest,
  worktree: Worktree,
  deps: Machine,
): Promise<Probe> {
  const own = await openGit(worktree.path, deps);
  if (!own) throw new GlmError('no_git', `${git.root} has no worktree.`);
  const below = root.slice(git.root.length + 1);
  const path = failure.file && (below ? `${below}/${failure.file}` : failure.file);
  const text = path === undefined ? undefined : worktree.read(path);
  const env = suiteEnvironment(deps.env, { mode: 'own', names: envNames });
  const deadline = deps.now() + timeoutMs;
  const left = () => deadline - deps.now();
  const known = new Map<string, Seen>();
  const passes = new Map<string, number>();
  let runs = 0;
  const tally = { failed: 1, runs: 1 };
  const whole = new Set<string>();
  const cut = isShallow(git) || promisorOf(git.settings) !== undefined;
  let lacking = 0;

  const runOnce = async (where: string): Promise<Seen> => {
    checkStopped(deps.signal);
    runs++;
    deps.tell({ type: 'progress', message: `bisect: ${failure.name} ${where}` });
    const scratch = await makeScratch(deps.folders.temp);
    try {
      const run = await runSuite(suite, {
        root: join(worktree.path, below),
        only: [failure],
        timeoutMs: Math.max(left(), 1),
        signal: deps.signal,
        tell: deps.tell,
        env,
        scratch,
        state: deps.folders.state,
        wrap: await confine([worktree.path, scratch], deps, worktree.borrowed),
      });
      const there = findSame(run.failures, failure);
      if (there) return isSameFailure(failure, there, [worktree.path, git.root]) ? 'red' : there.kind === 'load' ? 'unclear' : 'other';
      const status = findSame(run.tests, failure)?.status;
      return status === 'passed' ? 'green' : 'unclear';
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  };
  const layOut = async (sha: string) => {
    await own.run(['checkout', '--quiet', '--force', '--detach', sha]);
    if (path === undefined || text === undefined) return;
    mkdirSync(dirname(join(worktree.path, path)), { recursive: true });
    writeFileSync(join(worktree.path, path), text);
  };
  const runAt = async (sha: string): Promise<Seen> => {
    if (cut && !whole.has(sha)) {
      if ((await missingObjects(own, [sha])).size > 0) {
        lacking++;
        known.set(sha, 'unclear');
        return 'unclear';
      }
      whole.add(sha);
    }
    await layOut(sha);
    const seen = await runOnce(`at ${sha.slice(0, 10)}`);
    known.set(sha, seen);
    const before = passes.get(sha) ?? 0;
    if (seen === 'green') passes.set(sha, before + 1);
    // A commit that failed once in this way is bad, however often it passed before.
    if (seen === 'red') {
      tally.failed++;
      tally.runs += 1 + before;
      passes.delete(sha);
    }
    return seen;
  };
  return {
    left: () => left() > 0,
    runs: () => runs,
    lacking: () => lacking,
    tally: () => ({ ...tally }),
    dirty: (await git.run(['status', '--porcelain', '-z', '--untracked-files=normal'])).length > 0,
    at: async (sha) => known.get(sha) ?? (await runAt(sha)),
    today: async () => {
      const seen = await runOnce('as it is today');
      if (seen === 'red') tally.failed++;
      if (seen === 'red' || seen === 'green') tally.runs++;
      return seen;
    },
    confirm: async (sha, wanted) => {
      while ((passes.get(sha) ?? 0) < wanted) {
        if (left() <= 0) return undefined;
        const seen = await runAt(sha);
        if (seen !== 'green') return seen;
      }
      return 'green';
    },
  };
}
