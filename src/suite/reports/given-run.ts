import type { RunOutcome, TestRun } from '../../schema/run.ts';
import { toResults } from '../failure.ts';
import type { Totals } from '../logs/shape.ts';
import type { Relate } from '../paths.ts';
import { flakyOf } from '../run/flaky.ts';
import type { Reading } from '../runner.ts';
import { settleTitles } from './titles.ts';

/** `name` is the path as it was given. */
export type Place = { readonly root: string; readonly relate: Relate; readonly name: string };

/** Who left a log in which no runner's results are found. */
export const unknownRunner = 'no known runner';

/** What one program left, with the paths of its folder. */
export type Read = { readonly runner: string; readonly reading: Reading; readonly relate: Relate; readonly totals?: Totals | undefined };

/** The run that reports or a log tell of. Green takes everything that they say: their tests, their counts, and no doubt of their own. */
export function toGivenRun(read: readonly Read[], output: string, format: 'auto' | 'log', { name, root }: Place): TestRun {
  const parts = read.map(({ reading, relate }) => toResults(settleTitles(reading.tests, root, relate), { relate, package: '' }));
  const tests = parts.flatMap((part) => part.tests);
  const named = (status: string) => tests.filter((test) => test.status === status).length;
  const counted = (pick: (totals: Totals) => number | undefined, status: string) =>
    read.reduce((sum, { totals }, index) => {
      const own = parts[index]?.tests.filter((test) => test.status === status).length ?? 0;
      return sum + Math.max(own, (totals && pick(totals)) ?? 0);
    }, 0);
  const passed = counted((totals) => totals.passed, 'passed');
  const failed = counted((totals) => totals.failed, 'failed');
  const skipped = counted((totals) => totals.skipped, 'skipped');
  const complete = read.every(({ reading }) => reading.complete);
  const doubts = [...new Set(read.flatMap(({ reading }) => reading.doubts ?? []))];
  const outcome: RunOutcome =
    failed > 0 ? 'red' : !complete ? 'crashed' : doubts.length > 0 ? 'unclear' : passed > 0 ? 'green' : 'no_tests';
  const flaky = flakyOf(tests);
  const flakyCount = Math.max(
    flaky.length,
    read.reduce((sum, { totals }) => sum + (totals?.flaky ?? 0), 0),
  );
  const notes = [
    `Read from ${name}, not re-run here.`,
    ...(complete ? [] : ['It is not complete: tests may be missing.']),
    ...(failed > named('failed') ? [`It counts ${failed} failures and names ${named('failed')}.`] : []),
    ...(flakyCount > flaky.length ? [`It counts ${flakyCount} flaky tests and names ${flaky.length}.`] : []),
    ...(outcome === 'unclear' ? [`It says ${doubts.map((doubt) => `“${doubt}”`).join(', ')}.`] : []),
    ...read.flatMap(({ reading }) => reading.note ?? []),
  ];
  return {
    runner: [...new Set(read.map(({ runner }) => runner))].join(' + '),
    command: [],
    cwd: '',
    why: format === 'log' ? `CI log ${name}` : `report ${name}`,
    outcome,
    exitCode: null,
    durationMs: Math.round(tests.reduce((total, test) => total + (test.durationMs ?? 0), 0)),
    collected: passed + failed + skipped,
    passed,
    failed,
    skipped,
    ...(flakyCount > 0 && { flaky: { count: flakyCount, tests: flaky } }),
    rerun: false,
    note: notes.join(' '),
    tests,
    failures: parts.flatMap((part) => part.failures),
    output,
  };
}
