import { isTestName } from '../patch/judge/rules.ts';
import type { Failure, RunSummary, TestRun, TestStatus } from '../schema/run.ts';
import { outsideTests } from '../suite/runner.ts';
import type { TargetState } from './verdict.ts';

/** A test that has a name of its own, in the languages whose files can be run as they are. */
const declares = /\b(?:test|it|describe|suite|specify)(?:\.\w+)*\s*\(|\bdef test_|\bclass \w+\(.*TestCase/;

const built = /\.(?:go|rs|java|kt|scala|cs|swift|cc?|cpp)$/;

export type Difference = { readonly newFailures: string[]; readonly missing: string[]; readonly newSkips: string[] };

/** Did this run come to a result that can be compared? */
export function isReadable(run: TestRun): boolean {
  if (run.outcome === 'green' || run.outcome === 'red') return true;
  // Every test passed and the runner is not content all the same: an obsolete snapshot, a coverage minimum.
  return run.outcome === 'crashed' && run.complete === true && run.exitCode !== null && run.failed === 0 && run.passed > 0;
}

/** A compiler's complaint about code: the tests that it keeps from running stand in other files. */
export function isUnbuilt({ kind, file }: Failure): boolean {
  return kind === 'load' && file !== undefined && built.test(file) && !isTestName(file);
}

/**
 * What one failing test did in a later run. A file that could not be loaded is green once its tests are collected and none of them
 * fails; that the file as a whole ended well says nothing where it holds named tests, because a program that ends itself does so too.
 * A hook has a name only while it is red: the tests below it are what it stands for.
 */
export function stateOf(target: Failure, run: TestRun, read: (path: string) => string | undefined = () => undefined): TargetState {
  if (run.failures.some((failure) => failure.id === target.id)) return 'red';
  const same = run.tests.filter((test) => test.id === target.id);
  if (same.some((test) => test.status === 'failed')) return 'red';
  if (same.length === 0 && isHook(target)) return stateBelow(target, run);
  if (target.kind === 'load' || same.length === 0) {
    if (target.file === undefined) return isReadable(run) && run.failed === 0 ? 'green' : 'missing';
    if (run.failures.some((failure) => failure.file === target.file)) return 'red';
    if (target.kind !== 'load') return 'missing';
    const { file } = target;
    const named = declares.test(read(file) ?? '');
    const counts = (test: TestRun['tests'][number]) =>
      test.status === 'passed' && !(named && (test.name === target.name || test.name === file));
    const beside = isUnbuilt(target) && !run.failures.some(({ kind }) => kind === 'load');
    return run.tests.some((test) => counts(test) && (test.file === file || (beside && run.outcome === 'green'))) ? 'green' : 'missing';
  }
  return same.some((test) => test.status === 'passed') ? 'green' : 'skipped';
}

/** A failure that is no test of its own: a hook, or an error outside any test. */
export function isHook({ name, below }: Failure): boolean {
  return below !== undefined || name === outsideTests;
}

/** Where the runner does not tell what stands below a hook: what its name is a part of, else its file. */
function stateBelow(target: Failure, run: TestRun): TargetState {
  const ids = new Set(target.below);
  const parent = target.name.split(' > ').slice(0, -1).join(' > ');
  const inFile = run.tests.filter(({ file }) => target.file === undefined || file === target.file);
  const starts = (prefix: string) => inFile.filter(({ name }) => name.startsWith(`${prefix} > `));
  const candidates = [run.tests.filter(({ id }) => ids.has(id)), starts(target.name), parent ? starts(parent) : [], inFile];
  const tests = candidates.find((found) => found.length > 0) ?? [];
  if (tests.some(({ status }) => status === 'failed') || !isReadable(run)) return 'red';
  if (tests.some(({ status }) => status === 'passed')) return 'green';
  return tests.length > 0 ? 'skipped' : 'missing';
}

/**
 * Compares two runs of the same scope. Tests that failed before cannot get worse; a test that was not there before counts as a new
 * failure, unless its file could not be loaded then. Names that change with every run are matched by their number per file.
 */
export function compareRuns(before: TestRun, after: TestRun): Difference {
  const old = statuses(before);
  const fresh = statuses(after);
  const unloaded = new Set(before.failures.filter((failure) => failure.kind === 'load').map((failure) => failure.file));
  const loads = new Set(before.failures.filter((failure) => failure.kind === 'load' || isHook(failure)).map((failure) => failure.id));
  const newFailures = [...fresh].filter(([id, { status, file }]) => {
    if (status !== 'failed') return false;
    const was = old.get(id);
    return was ? was.status !== 'failed' : !(file !== undefined && unloaded.has(file));
  });
  const gone = [...old].filter(([id]) => !fresh.has(id) && !loads.has(id));
  const arrived = new Map<string, number>();
  for (const [id, { file = '' }] of fresh) if (!old.has(id)) arrived.set(file, (arrived.get(file) ?? 0) + 1);
  const missing = gone.filter(([, { file = '' }]) => {
    const spare = arrived.get(file) ?? 0;
    if (spare > 0) arrived.set(file, spare - 1);
    return spare === 0;
  });
  const newSkips = [...fresh].filter(([id, { status }]) => status === 'skipped' && old.has(id) && old.get(id)?.status !== 'skipped');
  const ids = (entries: readonly (readonly [string, unknown])[]) => entries.map(([id]) => id);
  return { newFailures: ids(newFailures), missing: ids(missing), newSkips: ids(newSkips) };
}

type Known = { readonly status: TestStatus; readonly file: string | undefined };
const worst: readonly TestStatus[] = ['skipped', 'passed', 'failed'];

/** Ids can stand for several tests; the worst of them counts. */
function statuses(run: TestRun): Map<string, Known> {
  const known = new Map<string, Known>();
  const add = (id: string, status: TestStatus, file: string | undefined) => {
    const there = known.get(id);
    if (!there || worst.indexOf(status) > worst.indexOf(there.status)) known.set(id, { status, file });
  };
  for (const test of run.tests) add(test.id, test.status, test.file);
  for (const failure of run.failures) add(failure.id, 'failed', failure.file);
  return known;
}

/** The part of a run that goes into a report. */
export function summaryOf({ tests: _tests, failures: _failures, complete: _complete, output: _output, ...summary }: TestRun): RunSummary {
  return summary;
}
