import type { Shown } from '../context/rank/lift.ts';
import { hasDelve } from '../coverage/values-go.ts';
import { bisect } from '../proof/bisect.ts';
import { stateOf } from '../proof/compare.ts';
import type { Cause } from '../schema/cause.ts';
import type { FileChange, Patch } from '../schema/patch.ts';
import type { Since } from '../schema/run.ts';
import { findBlame, findPlace } from './blame.ts';
import { type Change, committed, uncommitted, undo } from './change.ts';
import type { Hide } from './hiding.ts';
import { without } from './links.ts';
import { placesOfBlame, placesOfValues } from './places.ts';
import type { Needs, Situation } from './situation.ts';
import { openTrials, type Trials } from './trials.ts';
import { openWatch, type Watch } from './values.ts';

export type CauseRequest = Situation & {
  /** A ref before which the test is believed to have passed; without it, some commits are looked through. */
  readonly since?: string | undefined;
  /** What can be shown in some seconds: a part of something longer. */
  readonly quick?: boolean | undefined;
};

/** `patch`: the undo that passes every suite, where there is one. `places`: what of it leads to the fault. `notes`: why something is not there. */
export type Found = {
  readonly cause: Cause;
  readonly patch?: Patch | undefined;
  readonly places: readonly Shown[];
  readonly notes: readonly string[];
};

/** How far back a good commit is looked for where nobody names one. */
const commitsBack = 24;

/** How long the history is looked through, and how far a change is taken apart. */
const whole = { searchMs: 120_000, blameMs: 60_000, runs: 40, suiteMs: 120_000 } as const;
/** Failing tests that take longer are not run a dozen times by the way. */
const quickMs = 4_000;
/** By the way, for so many runs of the failing tests. */
const quickly = (failingMs: number) => ({ searchMs: 5_000 + 10 * failingMs, blameMs: 5_000 + 10 * failingMs, runs: 16, suiteMs: 8_000 });

/**
 * Why tests are red, shown by running them: with their values, beside a tree on which they pass, else beside tests that pass. Sends nothing, and
 * the user's files stay as they are.
 */
export async function findCause(it: CauseRequest, deps: Needs): Promise<Found> {
  if (!it.run.rerun) return none('The tests were run elsewhere, so nothing can be shown by running them.');
  const hide: Hide = (text) => deps.redactor.redact(text).text;
  const watch = await openWatch(it, deps);
  try {
    const notes = watch.failing.length > 0 ? [] : [noValues(it, deps)];
    const good = it.git?.head ? await beforeChange({ ...it, git: it.git }, watch, hide, deps) : none();
    if (good.cause.values) return { ...good, notes: [...notes, ...good.notes] };
    const values = await watch.beside(hide);
    const places = [...good.places, ...placesOfValues(values, 'tests')];
    return { ...good, cause: { ...good.cause, ...(values && { values }) }, places, notes: [...notes, ...good.notes] };
  } finally {
    await watch.close();
  }
}

function noValues({ suite }: CauseRequest, { env }: Needs): string {
  const delve = suite.runner === 'go test' && !hasDelve(env.PATH) ? ': Go shows them through delve (dlv), which is not installed' : '';
  return `${suite.runner} shows no values here${delve}.`;
}

const none = (...notes: string[]): Found => ({ cause: {}, places: [], notes });

type WithGit = CauseRequest & { readonly git: NonNullable<Situation['git']> };

/** What a tree without the change says, where there is a change without which the tests pass. */
async function beforeChange(it: WithGit, watch: Watch, hide: Hide, deps: Needs): Promise<Found> {
  if (it.quick && it.git.parent === undefined && (it.clean ?? (await isClean(it.git)))) return none();
  const trials = await openTrials(it, deps);
  try {
    const base = await trials.attempt([]);
    if (it.failures.some((one) => stateOf(one, base.run, trials.read) !== 'red'))
      return none('In a worktree the tests do not fail as they do here, so nothing was taken back.');
    const long = it.quick === true && base.run.durationMs > quickMs;
    const within = it.quick ? quickly(base.run.durationMs) : whole;
    const work = await uncommitted(it.git, trials.read);
    const all = await goodTree(work, trials);
    const calls = watch.failing;
    // Some of the red tests may be new ones that need the rest of the work.
    const place =
      all || long || work.hunks.length < 2
        ? undefined
        : await findPlace({ it, change: work, trials, calls, values: undefined, within }, deps);
    if (place) return { cause: { blame: place.blame }, patch: place.patch, places: placesOfBlame(place.blame), notes: [] };
    const found = all ?? (long ? undefined : await sinceCommit(it, trials, within.searchMs, deps));
    const since = found && 'since' in found ? found.since : undefined;
    if (!found?.changes || !found.change) return { ...none(), cause: { ...(since && { since }) } };
    const { change, changes } = found;
    const values = await watch.against(trials, changes, `the tree without ${change.name}`, hide);
    const { blame, patch } = long ? {} : await findBlame({ it, change, trials, calls, values, within }, deps);
    return {
      cause: { ...(since && { since }), ...(blame && { blame }), ...(values && { values }) },
      patch,
      places: [...placesOfBlame(blame), ...placesOfValues(values, 'trees')],
      notes: [],
    };
  } finally {
    await trials.close();
  }
}

/** Without a change there is nothing to take back: no worktree is laid out for it. */
async function isClean(git: WithGit['git']): Promise<boolean> {
  return (await git.run(['status', '--porcelain', '-z'])).length === 0;
}

type GoodTree = { readonly change: Change; readonly changes: readonly FileChange[] };

/** The whole change is taken back first, then all but what its own tests need: what does not mend the whole group is not its cause. */
async function goodTree(change: Change, trials: Trials): Promise<GoodTree | undefined> {
  for (const hunks of [change.hunks, without(change.hunks, change.kept)]) {
    const changes = undo(hunks, trials.read);
    if (changes && changes.length > 0 && (await trials.attempt(changes)).green) return { change: { ...change, hunks }, changes };
  }
  return undefined;
}

async function sinceCommit(it: WithGit, trials: Trials, searchMs: number, deps: Needs): Promise<{ since?: Since } & Partial<GoodTree>> {
  const start = it.since ?? (await commitBefore(it));
  if (start === undefined) return {};
  deps.tell({ type: 'stage', stage: 'cause', message: `looking for the first commit at which ${it.failure.name} fails` });
  const since = await bisect({ ...it, since: start, timeoutMs: Math.min(it.timeoutMs, searchMs) }, deps);
  if (!since.commit) return { since };
  const change = await committed(it.git, since.commit.sha, since.commit.subject);
  return { since, ...(await goodTree(change, trials)) };
}

async function commitBefore({ git }: WithGit): Promise<string | undefined> {
  if (git.parent === undefined) return undefined;
  const listed = await git.run(['rev-list', '--first-parent', `--max-count=${commitsBack + 1}`, 'HEAD']);
  const shas = listed.toString().split('\n').filter(Boolean);
  return shas.at(-1);
}
