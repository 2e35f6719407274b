import { availableParallelism } from 'node:os';
import { checkStopped, Stopped } from '../errors.ts';
import type { Tell } from '../schema/model.ts';
import type { Failure, Suite, TestRun } from '../schema/run.ts';
import { mergeRuns } from '../suite/run/merge.ts';
import { compareRuns, type Difference, isReadable } from './compare.ts';
import type { Site } from './site.ts';

/** One suite of the repository, run in a worktree. `files` where the whole of it does not end in time. */
export type Part = { readonly suite: Suite; readonly files: readonly string[] | undefined; readonly run: TestRun };

/** What of the repository gave a result without the patch; `left` names the suites that did not, with the reason. */
export type Whole = { readonly parts: readonly Part[]; readonly left: readonly string[] };

export type Time = { readonly now: () => number; readonly untilMs: number; readonly signal?: AbortSignal | undefined };

const leastMs = 2_000;

/** Runs every suite without a patch, as many at a time as there are cores; two suites of one folder never at once. */
export async function runWhole(
  site: Site,
  suites: readonly Suite[],
  targets: readonly Failure[],
  { now, untilMs, signal }: Time,
): Promise<Whole> {
  const parts = new Map<Suite, Part>();
  const left = new Map<Suite, string>();
  await inParallel(suites, async (suite) => {
    const timeoutMs = untilMs - now();
    if (parts.size + left.size > 0 && timeoutMs < leastMs) left.set(suite, `${labelOf(suite)}: no time was left`);
    else {
      const part = await runPart(site, suite, targets, timeoutMs, signal);
      if (typeof part === 'string') left.set(suite, `${labelOf(suite)}: ${part}`);
      else if (part) parts.set(suite, part);
    }
  });
  const inOrder = <T>(found: ReadonlyMap<Suite, T>) => suites.flatMap((suite) => found.get(suite) ?? []);
  return { parts: inOrder(parts), left: inOrder(left) };
}

/** The whole suite if it ends in time, else the files of the failing tests that lie in it; a sentence where there is no result. */
async function runPart(site: Site, suite: Suite, targets: readonly Failure[], timeoutMs: number, signal: AbortSignal | undefined) {
  const whole = await site.run(suite, { timeoutMs }, signal);
  if (isReadable(whole)) return { suite, files: undefined, run: whole };
  if (whole.outcome === 'no_tests') return undefined;
  const why = whole.outcome === 'timeout' ? 'it does not end in time' : `it ends as ${whole.outcome}`;
  const files = filesOf(targets).filter((file) => suite.cwd === '' || file.startsWith(`${suite.cwd}/`));
  if (files.length === 0) return why;
  const run = await site.run(suite, { files, timeoutMs }, signal);
  return isReadable(run) ? { suite, files, run } : why;
}

async function inParallel(suites: readonly Suite[], each: (suite: Suite) => Promise<void>): Promise<void> {
  const folders = [...new Set(suites.map(({ cwd }) => cwd))].map((cwd) => suites.filter((suite) => suite.cwd === cwd));
  const next = folders.values();
  const work = async () => {
    for (const folder of next) for (const suite of folder) await each(suite);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), folders.length) }, work));
}

export function filesOf(failures: readonly Failure[]): string[] {
  return [...new Set(failures.flatMap(({ file }) => file ?? []))];
}

export type Compared = {
  readonly scope: string;
  readonly before: TestRun;
  readonly after: TestRun;
  /** Undefined: a run after the patch gave no result. */
  readonly difference: Difference | undefined;
  readonly note?: string | undefined;
};

export type Comparison = {
  readonly whole: Whole;
  /** The patched worktree, and the unpatched one. */
  readonly site: Site;
  readonly plain: Site;
  /** In the order in which they are run. */
  readonly suites: readonly Suite[];
  readonly time: Time;
  readonly tell: Tell;
};

/** Runs with the patch what gave a result without it, and stops where something is shown to have got worse. */
export async function compareWhole({ whole, site, plain, suites, time, tell }: Comparison): Promise<Compared> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(time.signal ? [time.signal] : [])]);
  const done = new Map<
    Part,
    { readonly after: TestRun; readonly difference: Difference | undefined; readonly unsteady: readonly string[] }
  >();
  const left = new Map<Part, string>();
  await inParallel(suites, async (suite) => {
    const part = whole.parts.find((one) => one.suite === suite);
    if (!part || stop.signal.aborted) return;
    const timeoutMs = time.untilMs - time.now();
    if (done.size > 0 && timeoutMs < leastMs) {
      left.set(part, `${labelOf(suite)}: no time was left`);
      return;
    }
    tell({
      type: 'stage',
      stage: 'prove',
      message: `Running ${labelOf(suite)} with the patch (${done.size + 1} of ${whole.parts.length})`,
    });
    try {
      const after = await site.run(suite, { files: part.files, timeoutMs: Math.max(timeoutMs, part.run.durationMs * 3 + leastMs) }, signal);
      const { difference, unsteady } = await weigh(part, after, { site, plain, signal });
      done.set(part, { after, difference, unsteady });
      if (difference === undefined || isHarm(difference)) stop.abort();
    } catch (error) {
      // What was stopped because another suite has shown harm is not asked any more.
      if (!(error instanceof Stopped) || !stop.signal.aborted) throw error;
    }
  });
  checkStopped(time.signal);
  const ran = suites.flatMap((suite) => [...done].filter(([part]) => part.suite === suite));
  const differences = ran.map(([, { difference }]) => difference);
  const unsteady = ran.flatMap(([, one]) => one.unsteady);
  const unrun = [...whole.left, ...left.values()];
  const known = differences.filter((one) => one !== undefined);
  const merged = ran.length > 0;
  const before = merged ? mergeRuns(ran.map(([part]) => part.run)) : mergeRuns(whole.parts.map(({ run }) => run));
  return {
    scope: scopeOf(whole.parts, unrun),
    before,
    after: merged ? mergeRuns(ran.map(([, { after }]) => after)) : before,
    difference: known.length < differences.length || !merged ? undefined : union(known),
    note: unsteady.length > 0 ? `Not counted, because they do not fail every time: ${unsteady.slice(0, 5).join(', ')}.` : undefined,
  };
}

/** The word "whole" is for what was compared whole. */
function scopeOf(parts: readonly Part[], unrun: readonly string[]): string {
  const tests = parts.reduce((sum, { run }) => sum + run.collected, 0);
  const narrow = parts.flatMap(({ files }) => files ?? []);
  const what = `${tests} tests${parts.length > 1 ? ` in ${parts.length} suites` : ''}`;
  const notRun =
    unrun.length > 0 ? `not compared: ${unrun.slice(0, 8).join('; ')}${unrun.length > 8 ? ` and ${unrun.length - 8} more` : ''}` : '';
  if (narrow.length > 0 && narrow.length === parts.length)
    return `${narrow.join(', ')} (${[what, 'the rest of the suite gives no result', notRun].filter(Boolean).join('; ')})`;
  if (narrow.length > 0) return `${what}, of one suite ${narrow.join(', ')} alone${notRun && `; ${notRun}`}`;
  if (notRun) return `${what}; ${notRun}`;
  return parts.length > 1 ? `the whole repository (${what})` : `the whole suite (${what})`;
}

export function labelOf({ runner, cwd }: Suite): string {
  return cwd ? `${runner} in ${cwd}` : runner;
}

export function isHarm({ newFailures, missing, newSkips }: Difference): boolean {
  return newFailures.length + missing.length + newSkips.length > 0;
}

function union(differences: readonly Difference[]): Difference {
  return {
    newFailures: differences.flatMap(({ newFailures }) => newFailures),
    missing: differences.flatMap(({ missing }) => missing),
    newSkips: differences.flatMap(({ newSkips }) => newSkips),
  };
}

type Weights = Pick<Comparison, 'site' | 'plain'> & { readonly signal?: AbortSignal | undefined };
export type Weighed = { readonly difference: Difference | undefined; readonly unsteady: readonly string[] };

/** What a run shows against the one before. A new failure counts once it shows again with the patch, and not without it. */
export async function weigh(part: Part, after: TestRun, weights: Weights): Promise<Weighed> {
  if (!isReadable(after) || (after.complete === false && part.run.complete !== false)) return { difference: undefined, unsteady: [] };
  // The runner was content before and is not now, though every test passed.
  if (after.outcome === 'crashed' && part.run.outcome === 'green') return { difference: undefined, unsteady: [] };
  const found = compareRuns(part.run, after);
  const difference = part.run.complete === false ? { ...found, missing: [] } : found;
  const real = await confirm(difference.newFailures, part, after, weights);
  return { difference: { ...difference, newFailures: real }, unsteady: difference.newFailures.filter((id) => !real.includes(id)) };
}

const mostConfirmed = 50;

async function confirm(ids: readonly string[], part: Part, after: TestRun, { site, plain, signal }: Weights): Promise<string[]> {
  if (ids.length === 0 || ids.length > mostConfirmed) return [...ids];
  const suspects = after.failures.filter(({ id }) => ids.includes(id));
  const alone = await site.run(part.suite, { only: suspects }, signal);
  const fails = (run: TestRun, id: string) => run.failures.some((failure) => failure.id === id);
  const again =
    ids.every((id) => fails(alone, id)) || !isReadable(alone) ? alone : await site.run(part.suite, { files: part.files }, signal);
  const real = ids.filter((id) => fails(alone, id) || fails(again, id) || !isReadable(alone));
  if (real.length === 0) return real;
  // What a stop at the first failure kept from running, or what fails now and then, is red without the patch as well.
  const unpatched = await plain.run(part.suite, { only: suspects.filter(({ id }) => real.includes(id)) }, signal);
  return real.filter((id) => !fails(unpatched, id));
}
