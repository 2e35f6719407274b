import { GlmError } from '../errors.ts';
import type { BisectRequest } from '../proof/bisect.ts';
import { summaryOf } from '../proof/compare.ts';
import { type Observed, observe } from '../proof/observe.ts';
import { openGit } from '../repo/git.ts';
import { openRoot } from '../repo/root.ts';
import type { Deps } from '../schema/deps.ts';
import { defaults, type FindInput } from '../schema/input.ts';
import type { Report, Status } from '../schema/report.ts';
import type { Since, TestRun } from '../schema/run.ts';
import { head } from '../suite/ansi.ts';

/** Runs the tests and says what fails, why, and which failure to take up first. Sends nothing. */
export async function find(input: FindInput & { root: string }, deps: Deps): Promise<Report> {
  const { root, within } = await openRoot(input.root, deps.folders.home);
  const observed = await observe({ ...observing(input), root, within }, deps);
  const report = reportOf('find', root, observed);
  const { failing } = report;
  if (!failing) return report;
  const { suite, run } = observed;
  const again = { root, suite, failure: failing, timeoutMs: timeoutMs(input), envNames: input.env ?? [] };
  const flake =
    input.flakes && run.rerun ? await (await import('../proof/flake.ts')).checkFlake({ ...again, runs: input.flakes }, deps) : undefined;
  const since = input.since === undefined ? undefined : await firstBad({ ...again, since: input.since }, deps);
  return { ...report, ...laidToEnvironment(observed), ...(flake && { flake }), ...(since && { since }) };
}

/** Red for nothing but what is missing outside the code: an answer of its own. */
function laidToEnvironment({ run, groups }: Observed): Pick<Report, 'status' | 'summary'> | undefined {
  const [first] = groups;
  if (run.outcome !== 'red' || !first || groups.some(({ environment }) => !environment)) return undefined;
  return {
    status: 'environment',
    summary: `${run.failed} of ${run.collected} tests fail because of their environment: ${first.environment}.`,
  };
}

async function firstBad(request: Omit<BisectRequest, 'git'>, deps: Deps): Promise<Since> {
  const git = await openGit(request.root, deps);
  if (!git)
    throw new GlmError('no_git', `${request.root} is not a git work tree, so there is no history to search.`, { hint: 'Leave out since.' });
  const { bisect } = await import('../proof/bisect.ts');
  return bisect({ ...request, git }, deps);
}

/** The arguments of `observe` as a caller gave them, defaults filled in. */
export function observing(input: Pick<FindInput, 'command' | 'test' | 'timeout' | 'env' | 'report' | 'log'>) {
  return {
    command: input.command,
    tests: input.test,
    timeoutMs: timeoutMs(input),
    envNames: input.env ?? [],
    report: input.report,
    log: input.log,
  };
}

export function timeoutMs(input: { timeout?: number | undefined }): number {
  return (input.timeout ?? defaults.timeoutSeconds) * 1000;
}

/** The report as it stands after the tests have run. */
export function reportOf(verb: string, root: string, { run, groups, suite }: Observed, language?: string): Report {
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
