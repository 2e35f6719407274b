import type { Case, Limits } from '../case.ts';
import { GlmError } from '../errors.ts';
import { summaryOf } from '../proof/compare.ts';
import { type Observed, observe } from '../proof/observe.ts';
import { findCommit, isShallow, noCommit } from '../repo/clones/commits.ts';
import { type Named, openPlace, type Place } from '../repo/root.ts';
import { findUnmerged, refuseMarked, unmergedNote } from '../repo/uncommitted.ts';
import type { Deps, Machine } from '../schema/deps.ts';
import { type ContextInput, defaults, type FindInput, type FixInput } from '../schema/input.ts';
import type { Report, Status } from '../schema/report.ts';
import type { Since, TestRun } from '../schema/run.ts';
import { head } from '../suite/ansi.ts';

/** Runs the tests and says what fails, why, and which failure to take up first. Sends nothing. */
export async function find(input: FindInput & Named, deps: Deps): Promise<Report> {
  const place = await openPlace(input, deps);
  await checkSince(place, input.since);
  const { report, found } = await takeUp('find', place, input, deps);
  if (!found) return report;
  const { checkFlake } = await import('../proof/flake.ts');
  const flake = input.flakes && found.run.rerun ? await checkFlake({ ...found, runs: input.flakes }, deps) : undefined;
  const since = input.since === undefined ? undefined : await firstBad(found, input.since, deps);
  return { ...report, ...laidToEnvironment(report), ...(flake && { flake }), ...(since && { since }) };
}

/** Red for nothing but what is missing outside the code: an answer of its own. */
function laidToEnvironment({ status, run, groups = [] }: Report): Pick<Report, 'status' | 'summary'> | undefined {
  const [first] = groups;
  if (status !== 'red' || !run || !first || groups.some(({ environment }) => !environment)) return undefined;
  return {
    status: 'environment',
    summary: `${run.failed} of ${run.collected} tests fail because of their environment: ${first.environment}.`,
  };
}

/** What cannot be searched is said before the tests run. A commit that a shallow clone does not hold may exist: that is said beside what they found. */
export async function checkSince({ git, root }: Place, since: string | undefined): Promise<void> {
  if (since === undefined) return;
  if (!git?.head)
    throw new GlmError('no_git', `${root} is not a git work tree with a commit, so there is no history to search.`, {
      hint: 'Leave out since.',
    });
  if ((await findCommit(git, since)) === undefined && !isShallow(git)) throw noCommit(git, since);
}

async function firstBad(found: Case, since: string, deps: Machine): Promise<Since | undefined> {
  const { git } = found;
  if (!git) return undefined;
  const { bisect } = await import('../proof/bisect.ts');
  return bisect({ ...found, git, since }, deps);
}

type Looking = Pick<ContextInput, 'command' | 'test' | 'timeout' | 'env' | 'report' | 'log'> & Pick<FixInput, 'sandbox'>;

/** The report of the tests, and the failure that is taken up, where there is one. */
export type TakenUp = { readonly report: Report; readonly found: (Case & Pick<Observed, 'groups' | 'suiteOf'>) | undefined };

/** Runs the tests, or reads the run that was given, and takes up the first failure. */
export async function takeUp(
  verb: string,
  place: Place,
  input: Looking & { readonly language?: string | undefined },
  deps: Machine,
): Promise<TakenUp> {
  const unmerged = await findUnmerged(place.git);
  // What only runs the tests does so on any tree.
  if (verb !== 'find' && verb !== 'cause') refuseMarked(unmerged);
  const limits = limitsOf(input);
  const { command, test: tests, report: given, log } = input;
  const observed = await observe({ ...place, ...limits, command, tests, report: given, log, readOnly: verb === 'context' }, deps);
  const made = reportOf(verb, place.root, observed, input.language);
  const report = { ...made, warnings: [...unmergedNote(unmerged), ...made.warnings] };
  return { report, found: report.failing && { ...place, ...limits, ...observed, failure: report.failing } };
}

/** What the caller allows, defaults filled in. */
export function limitsOf({ timeout, env = [], sandbox = 'auto' }: Pick<Looking, 'timeout' | 'env' | 'sandbox'>): Limits {
  return { timeoutMs: (timeout ?? defaults.timeoutSeconds) * 1000, envNames: env, sandbox };
}

/** The report as it stands after the tests have run. */
function reportOf(verb: string, root: string, { run, groups, suite }: Observed, language?: string): Report {
  // What is not installed hides whatever may be wrong with the code.
  const failing = run.outcome === 'not_installed' ? undefined : groups[0]?.first;
  return {
    version: 1,
    verb,
    status: statusOf(run),
    root,
    summary: summarize(run, groups.length),
    run: summaryOf(run),
    groups: [...groups],
    ...(failing && { failing }),
    ...(language && { language }),
    warnings: [...(run.note ? [run.note] : []), ...flakyNote(run), ...environmentNote(groups, suite.install)],
    next: [],
  };
}

function environmentNote(groups: Observed['groups'], install: string | undefined): string[] {
  const outer = groups.filter(({ environment }) => environment);
  if (outer.length === 0) return [];
  const count = outer.reduce((sum, group) => sum + group.count, 0);
  const causes = [...new Set(outer.map(({ environment }) => environment))];
  const more = causes.length > 3 ? ` and ${causes.length - 3} more` : '';
  const mend = install && outer.some(({ notInstalled }) => notInstalled) ? ` Run \`${install}\`.` : '';
  return [`${count} failures are the environment's, not the code's: ${causes.slice(0, 3).join('; ')}${more}.${mend}`];
}

function statusOf(run: TestRun): Status {
  return run.outcome === 'green' && run.flaky ? 'flaky' : run.outcome;
}

/** The tests that a runner tried again by itself: green in the end, and not to be passed over. */
function flakyNote({ flaky }: TestRun): string[] {
  if (!flaky) return [];
  const names = flaky.tests
    .slice(0, 5)
    .map(({ id, message }) => `${id}${message ? ` (first: ${head(message.split('\n')[0] ?? '', 100)})` : ''}`);
  const more = flaky.count > names.length ? ` and ${flaky.count - names.length} more` : '';
  return [
    `Flaky, failed and passed on a retry: ${names.length > 0 ? `${names.join('; ')}${more}` : `${flaky.count} tests that are not named`}.`,
  ];
}

function summarize(run: TestRun, groups: number): string {
  const counts = `${run.collected} tests: ${run.passed} passed, ${run.failed} failed, ${run.skipped} skipped`;
  switch (run.outcome) {
    case 'green':
      return run.flaky
        ? `${run.flaky.count} of ${run.collected} tests ${run.flaky.count === 1 ? 'is' : 'are'} flaky: failed, then passed on a retry (${counts}).`
        : `All green: ${counts}.`;
    case 'unclear':
      if (run.collected === 0) return 'Not green: the log says that something failed, and holds no results of a test runner that is known.';
      return `Not green: each counted test passed, yet the ${run.why.startsWith('CI log') ? 'log' : 'report'} says that something failed (${counts}).`;
    case 'red':
      return `${run.failed} of ${run.collected} tests fail${groups > 1 ? ` for ${groups} causes` : ''} (${run.runner}).`;
    case 'no_tests':
      return `${run.runner} collected no test, so nothing is known: this is not green.`;
    case 'not_installed':
      return `The tests could not start: something is not installed.`;
    case 'timeout':
      return `The tests did not end in time (${counts} until then).`;
    case 'crashed':
      return `${run.runner} ended without a readable result (exit code ${run.exitCode ?? 'none'}).`;
  }
}
