import type { Tell } from '../schema/model.ts';
import type { Failure, TestRun } from '../schema/run.ts';
import { compareRuns, type Difference, isReadable, within } from './compare.ts';
import type { TargetState } from './verdict.ts';
import type { Workbench } from './workbench.ts';

/** The widest run of the unpatched tree that gave a result; `files` where it was not the whole suite. */
export type Wide = { readonly scope: string; readonly files: readonly string[] | undefined; readonly run: TestRun };

export type Comparison = {
  readonly failures: readonly Failure[];
  readonly flaky: readonly string[] | undefined;
  readonly bench: Workbench;
  readonly wide: Wide;
  readonly states: readonly (readonly TargetState[])[];
};

/** The whole suite if it ends in time, else the files of the failing tests. */
export async function runWide(failures: readonly Failure[], bench: Workbench, signal: AbortSignal): Promise<Wide | undefined> {
  const whole = await bench.run({}, signal);
  if (isReadable(whole)) return { scope: `the whole suite (${whole.collected} tests)`, files: undefined, run: whole };
  const files = [...new Set(failures.flatMap(({ file }) => file ?? []))];
  if (files.length === 0) return undefined;
  const run = await bench.run({ files }, signal);
  if (!isReadable(run)) return undefined;
  const why = whole.outcome === 'timeout' ? 'the whole suite does not end in time' : `the whole suite ends as ${whole.outcome}`;
  return { scope: `${files.join(', ')} (${run.collected} tests; ${why})`, files, run };
}

export type Compared = {
  readonly scope: string;
  readonly before: TestRun;
  readonly after: TestRun;
  /** Undefined: the run after the patch gave no result. */
  readonly difference: Difference | undefined;
  readonly note?: string | undefined;
};

/** As wide as the run before, but no wider than the failing tests' own files while none of them is green. */
export async function compareWide(it: Comparison, tell: Tell): Promise<Compared> {
  const { failures, bench, wide, states } = it;
  const own = [...new Set(failures.flatMap(({ file }) => file ?? []))];
  const narrow = own.length > 0 && states.every((all) => !all.includes('green'));
  const files = narrow ? own : wide.files;
  const before = narrow ? within(wide.run, new Set(own)) : wide.run;
  const scope = narrow ? `${own.join(', ')} (${before.collected} tests)` : wide.scope;
  tell({ type: 'stage', stage: 'prove', message: `Running ${scope} with the patch` });
  const after = await bench.run({ files });
  if (!isReadable(after)) return { scope, before, after, difference: undefined };
  const difference = compareRuns(before, after);
  const flaky = new Set(it.flaky);
  const suspects = difference.newFailures.filter((id) => !flaky.has(id));
  if (suspects.length === difference.newFailures.length && suspects.length === 0) return { scope, before, after, difference };
  const real = await confirm(suspects, after, files, bench);
  const unsteady = difference.newFailures.filter((id) => !real.includes(id));
  const note = unsteady.length > 0 ? `Not counted, because they do not fail every time: ${unsteady.slice(0, 5).join(', ')}.` : undefined;
  return { scope, before, after, difference: { ...difference, newFailures: real }, note };
}

const mostConfirmed = 50;

/** A new failure counts once it shows again: alone, or a second time in company. */
async function confirm(ids: readonly string[], after: TestRun, files: readonly string[] | undefined, bench: Workbench): Promise<string[]> {
  if (ids.length === 0 || ids.length > mostConfirmed) return [...ids];
  const suspects = after.failures.filter(({ id }) => ids.includes(id));
  const alone = await bench.run({ only: suspects });
  const real = ids.filter((id) => alone.failures.some((failure) => failure.id === id) || !isReadable(alone));
  if (real.length === ids.length) return real;
  const again = await bench.run({ files });
  return ids.filter((id) => real.includes(id) || again.failures.some((failure) => failure.id === id));
}
