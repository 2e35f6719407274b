import type { RunOutcome, TestRun } from '../../schema/run.ts';

/** What counts most when the suites of one repository end differently. An empty package beside green ones is green. */
const precedence: readonly RunOutcome[] = ['red', 'timeout', 'crashed', 'unclear', 'not_installed', 'green', 'no_tests'];

/**
 * Several runs of one repository as one. Command, folder and reason are those of the run that decides the outcome.
 * `unrun` names suites for which there was no time: with them nothing is green.
 */
export function mergeRuns(runs: readonly TestRun[], unrun: readonly string[] = []): TestRun {
  const [only, ...more] = runs;
  if (!only) throw new Error('no run to merge');
  if (more.length === 0 && unrun.length === 0) return only;
  const deciding = [...runs].sort((a, b) => precedence.indexOf(a.outcome) - precedence.indexOf(b.outcome))[0] ?? only;
  const sum = (pick: (run: TestRun) => number) => runs.reduce((total, run) => total + pick(run), 0);
  const others = runs
    .filter((run) => run !== deciding && run.outcome !== 'green')
    .map((run) => `${run.cwd || run.runner}: ${run.outcome}${run.note ? ` (${run.note})` : ''}.`);
  const notes = [
    deciding.note,
    unrun.length > 0 ? `There was no time for ${unrun.length} suites: ${unrun.slice(0, 10).join(', ')}.` : undefined,
    `${runs.length} suites were run: ${[...new Set(runs.map((run) => (run.cwd ? `${run.runner} in ${run.cwd}` : run.runner)))].slice(0, 20).join(', ')}.`,
    ...others.slice(0, 10),
  ];
  const flaky = runs.flatMap((run) => run.flaky ?? []);
  return {
    ...deciding,
    ...(flaky.length > 0 && {
      flaky: { count: flaky.reduce((all, { count }) => all + count, 0), tests: flaky.flatMap(({ tests }) => tests) },
    }),
    outcome: unrun.length > 0 && deciding.outcome !== 'red' ? 'timeout' : deciding.outcome,
    runner: [...new Set(runs.map((run) => run.runner))].join(' + '),
    durationMs: sum((run) => run.durationMs),
    collected: sum((run) => run.collected),
    passed: sum((run) => run.passed),
    failed: sum((run) => run.failed),
    skipped: sum((run) => run.skipped),
    note: notes.filter(Boolean).join(' '),
    tests: runs.flatMap((run) => run.tests),
    failures: runs.flatMap((run) => run.failures),
    complete: runs.every((run) => run.complete !== false),
  };
}

/** A run narrowed to the tests whose id contains one of the words. None left: `no_tests`. */
export function onlyNamed(run: TestRun, words: readonly string[]): TestRun {
  const wanted = (id: string) => words.some((word) => id.includes(word) || id.replace('::', ' ').replaceAll(' > ', ' ').includes(word));
  const tests = run.tests.filter((test) => wanted(test.id));
  const failures = run.failures.filter((failure) => wanted(failure.id));
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const judged = run.outcome === 'red' || run.outcome === 'green' || (run.outcome === 'crashed' && tests.length > 0);
  // What ended early may not have come to the test that was asked for.
  const stopped = run.complete === false || run.outcome === 'crashed' || run.outcome === 'timeout';
  const outcome = !judged
    ? run.outcome
    : failures.length > 0
      ? 'red'
      : count('passed') > 0
        ? run.outcome === 'crashed'
          ? 'crashed'
          : 'green'
        : stopped
          ? 'crashed'
          : 'no_tests';
  const flaky = run.flaky?.tests.filter(({ id }) => wanted(id)) ?? [];
  const asked = words.map((word) => `"${word}"`).join(' or ');
  const none = stopped
    ? `The run ended before it had come to all tests, and none that it came to contains ${asked}. ${run.note ?? ''}`.trim()
    : `No test name or file contains ${asked}.`;
  const note = tests.length === 0 ? none : run.note;
  return {
    ...run,
    flaky: flaky.length > 0 ? { count: flaky.length, tests: flaky } : undefined,
    tests,
    failures,
    outcome,
    collected: tests.length,
    passed: count('passed'),
    failed: failures.length,
    skipped: count('skipped'),
    ...(note && { note }),
  };
}
