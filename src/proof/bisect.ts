import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case } from '../case.ts';
import { checkStopped, GlmError } from '../errors.ts';
import { type Git, openGit } from '../repo/git.ts';
import { makeWorktree, type Worktree } from '../repo/worktree.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import type { Machine } from '../schema/deps.ts';
import type { Since } from '../schema/run.ts';
import { makeScratch } from '../store.ts';
import { runSuite } from '../suite/run/run.ts';

/** The time is for the whole search. */
export type BisectRequest = Pick<Case, 'root' | 'suite' | 'failure' | 'timeoutMs' | 'envNames'> & {
  readonly git: Git;
  /** A ref before which the test is believed to have passed. */
  readonly since: string;
};

type Seen = 'red' | 'green' | 'unclear';

const maxDiff = 20_000;
const maxFiles = 100;

/**
 * Finds the first commit after `since` at which today's failing test fails, along first parents, in a worktree of its own. The test file
 * stays as it is today, so that a test written with the fix can be used; a commit at which it cannot run is passed over.
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
    const commit = found.index === undefined ? undefined : await describe(git, [start, ...commits][found.index] ?? '');
    return { verdict: found.verdict, why: notes.join(' '), runs: probe.runs(), ...(commit && { commit }) };
  } finally {
    await worktree.remove();
  }
}

type Probe = { readonly at: (sha: string) => Promise<Seen>; readonly left: () => boolean; readonly runs: () => number };

async function openProbe(
  { git, root, suite, failure, timeoutMs, envNames }: BisectRequest,
  worktree: Worktree,
  deps: Machine,
): Promise<Probe> {
  const own = await openGit(worktree.path, deps);
  if (!own) throw new GlmError('no_git', `${git.root} has no worktree.`);
  const below = root.slice(git.root.length + 1);
  const path = failure.file && (below ? `${below}/${failure.file}` : failure.file);
  const today = path === undefined ? undefined : worktree.read(path);
  const env = suiteEnvironment(deps.env, { mode: 'own', names: envNames });
  const deadline = deps.now() + timeoutMs;
  const known = new Map<string, Seen>();
  const left = () => deadline - deps.now();
  const run = async (sha: string): Promise<Seen> => {
    checkStopped(deps.signal);
    await own.run(['checkout', '--quiet', '--force', '--detach', sha]);
    if (path !== undefined && today !== undefined) {
      mkdirSync(dirname(join(worktree.path, path)), { recursive: true });
      writeFileSync(join(worktree.path, path), today);
    }
    deps.tell({ type: 'progress', message: `bisect: ${failure.name} at ${sha.slice(0, 10)}` });
    const scratch = await makeScratch(deps.folders.temp);
    try {
      const seen = await runSuite(suite, {
        root: join(worktree.path, below),
        only: [failure],
        timeoutMs: Math.max(left(), 1),
        signal: deps.signal,
        tell: deps.tell,
        env,
        scratch,
      });
      const status = seen.tests.find(({ id }) => id === failure.id)?.status;
      return status === 'failed' ? 'red' : status === 'passed' ? 'green' : 'unclear';
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  };
  return {
    left: () => left() > 0,
    runs: () => known.size,
    at: async (sha) => {
      const seen = known.get(sha) ?? (await run(sha));
      known.set(sha, seen);
      return seen;
    },
  };
}

type Found = { readonly verdict: Since['verdict']; readonly why: string; readonly index?: number };

/** Halves the range between a commit seen green and one seen red; unclear commits are stepped over to the nearest that can be told. */
async function search(shas: readonly string[], probe: Probe): Promise<Found> {
  const last = shas.length - 1;
  const newest = await probe.at(shas[last] ?? '');
  if (newest === 'green') return { verdict: 'uncommitted', why: 'The test passes at HEAD: what broke it is not committed.' };
  if (newest === 'unclear') return { verdict: 'unknown', why: 'The test cannot be run at HEAD without the uncommitted changes.' };
  if (last === 0) return { verdict: 'already_red', why: 'There is no commit after it.' };
  const oldest = await probe.at(shas[0] ?? '');
  if (oldest === 'red') return { verdict: 'already_red', why: 'The test fails there already: an older commit broke it.' };
  let good = 0;
  let bad = last;
  if (oldest === 'unclear') {
    const first = await firstClear(shas, good, bad, probe);
    if (first === undefined) return { verdict: 'unknown', why: 'The test cannot be run at the commits before it began to fail.' };
    if ((await probe.at(shas[first] ?? '')) === 'red')
      return { verdict: 'unknown', why: 'The test fails at the oldest commit at which it can be run.' };
    good = first;
  }
  while (bad - good > 1 && probe.left()) {
    const middle = await nearestClear(shas, good, bad, probe);
    if (middle === undefined) break;
    if ((await probe.at(shas[middle] ?? '')) === 'red') bad = middle;
    else good = middle;
  }
  if (bad - good === 1) return { verdict: 'found', why: 'It passes at the commit before and fails at this one.', index: bad };
  const reason = probe.left() ? 'the commits between cannot be run' : 'the time was up';
  return { verdict: 'unknown', why: `It broke after ${shas[good]?.slice(0, 10)} and not after ${shas[bad]?.slice(0, 10)}: ${reason}.` };
}

async function nearestClear(shas: readonly string[], good: number, bad: number, probe: Probe): Promise<number | undefined> {
  const middle = Math.floor((good + bad) / 2);
  for (let away = 0; away < bad - good && probe.left(); away++) {
    for (const at of away === 0 ? [middle] : [middle - away, middle + away]) {
      if (at > good && at < bad && (await probe.at(shas[at] ?? '')) !== 'unclear') return at;
    }
  }
  return undefined;
}

/** The oldest commit at which the test can be run, by halving: what could not run early may run later. */
async function firstClear(shas: readonly string[], from: number, to: number, probe: Probe): Promise<number | undefined> {
  let low = from;
  let high = to;
  while (high - low > 1 && probe.left()) {
    const middle = Math.floor((low + high) / 2);
    if ((await probe.at(shas[middle] ?? '')) === 'unclear') low = middle;
    else high = middle;
  }
  return high === to ? undefined : high;
}

async function describe(git: Git, sha: string): Promise<NonNullable<Since['commit']>> {
  const [facts, names, diff] = await Promise.all([
    git.run(['show', '--no-patch', '--format=%H%x00%s%x00%an%x00%aI', sha]),
    git.run(['diff-tree', '--root', '-m', '--first-parent', '-r', '-z', '--no-commit-id', '--name-only', sha]),
    git.run([
      'diff-tree',
      '--root',
      '-m',
      '--first-parent',
      '-r',
      '-p',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '--no-commit-id',
      sha,
    ]),
  ]);
  const [full = sha, subject = '', author = '', authorDate = ''] = facts.toString().trim().split('\0');
  const text = diff.toString();
  return {
    sha: full,
    subject,
    author,
    authorDate,
    files: names.toString().split('\0').filter(Boolean).slice(0, maxFiles),
    diff: text.length > maxDiff ? `${text.slice(0, maxDiff)}\n[cut]` : text,
  };
}
