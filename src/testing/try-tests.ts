import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rangesOf } from '../coverage/reached.ts';
import { tamperFlags } from '../patch/judge/tamper.ts';
import { makePool } from '../process/share.ts';
import { compareRuns, isReadable } from '../proof/compare.ts';
import { countLines } from '../proof/count-lines.ts';
import { makeMutants } from '../proof/mutants/mutants.ts';
import type { Bench } from '../proof/steady-worktree.ts';
import type { Machine } from '../schema/deps.ts';
import { unknown } from '../schema/model.ts';
import type { FileChange, Patch, TamperFlag } from '../schema/patch.ts';
import type { TestWorth } from '../schema/report.ts';
import type { TestRun } from '../schema/run.ts';
import { greenRuns, runAgain } from './greens.ts';
import { staysGreen } from './honest.ts';
import { fromNow } from './leftovers.ts';
import { linesNamed, quickMs, runMutants } from './mutation.ts';
import { placeTests, type WrittenRequest } from './place-tests.ts';
import { weaknesses } from './weaknesses.ts';

/** Tests that are worth keeping, or why they are not; `why` is for the report and for the model. */
export type Written = { readonly patch: Patch; readonly worth: TestWorth } | { readonly why: string };

/** What is odd in a test too; the other signs are what tests are made of. */
const ofTests: ReadonlySet<string> = new Set(['skip_added', 'equal_to_all', 'exit_added', 'assertion_removed']);
/** All runs of one answer take twice as long as the tests did without them, and this much: with that run before and the way to it, three times and 20 s. */
const spareMs = 18_000;
/** So many runs, one after the other, are still to come when the last mutant or the last test by itself is begun; each as long as all tests. */
const stillToRun = { mutants: 3, alone: 1 } as const;

/** Places the tests, runs them three times, and then against mutants of the target. Whatever does not hold is named. */
export async function tryTests(editsText: string, request: WrittenRequest, deps: Machine): Promise<Written> {
  const { target, bench, wanted } = request;
  const { worktree, reachedBefore } = bench;
  const startedMs = deps.now();
  await worktree.reset();
  const placed = placeTests(editsText, request);
  if ('why' in placed) return placed;
  const { changes } = placed;
  const files = changes.map(({ path }) => path);
  const { diff, sha256 } = await worktree.change(changes);
  deps.tell({ type: 'stage', stage: 'prove', message: 'Running the new tests' });
  const text = worktree.read(target) ?? '';
  const sinceMs = await fromNow();
  // The second worktree is made ready meanwhile.
  const [{ run: first, reached }] = await Promise.all([bench.measure(), bench.beside()]);
  const known = new Set(bench.before.tests.map(({ id }) => id));
  const fresh = first.tests.filter(({ id, file }) => !known.has(id) && (file === undefined || files.includes(file)));
  const kept = fresh.filter(({ status }) => status === 'passed');
  const passed = kept.map(({ id }) => id);
  const problem = firstProblem(bench.before, first, passed, files) ?? strayed(worktree, target, text);
  if (problem) return { why: problem };
  const until = (what: keyof typeof stillToRun) => startedMs + spareMs + (2 - stillToRun[what]) * bench.before.durationMs;
  const greens = await runAgain({ bench, changes, quick: bench.before.durationMs <= quickMs, sinceMs });
  if ('why' in greens) return greens;
  const pool = makePool(greens.desks);
  // Without a test there was nothing that could have run.
  const before = reachedBefore?.ran ?? (bench.before.outcome === 'no_tests' ? new Set<number>() : undefined);
  const gained = reached && before && new Set([...reached.ran].filter((line) => !before.has(line) && (wanted?.has(line) ?? true)));
  const raised = gained !== undefined && gained.size > 0;
  if (gained && !raised && wanted) return { why: `none of the lines that they are for runs: ${rangesOf(wanted, 10)}` };
  // Where no line is theirs alone, those that they run by themselves are.
  const canMutate = raised && makeMutants(target, text, { most: 1, lines: gained }).length > 0;
  const own = canMutate || wanted || !reached ? undefined : await ranAlone(bench, changes);
  const places = wanted
    ? [gained, wanted]
    : [raised ? gained : undefined, own, reached?.ran ?? linesNamed(target, text, changes), undefined];
  const mutating = runMutants(
    {
      target,
      pool,
      before: bench.before,
      changes,
      text,
      fresh: new Set(passed),
      places: places.filter((one, at) => one || at === 3),
      compare: !raised,
      unreached: raised ? gained : undefined,
      endMs: until('mutants'),
      filesMs: greens.alone.durationMs,
    },
    deps,
  );
  const steadying = staysGreen({
    pool,
    before: bench.before,
    changes,
    target,
    text,
    tests: kept,
    alone: greens.alone.tests.map(({ id }) => id),
    endMs: until('alone'),
    now: deps.now,
  });
  // A desk that no mutant is left for goes on at once.
  const [{ newlyKilled, asserted, ...mutation }, steady] = await Promise.all([mutating, steadying]);
  await worktree.reset();
  if ('why' in steady) return steady;
  const worth: TestWorth = {
    target,
    files,
    tests: passed,
    greenRuns,
    ...mutation,
    coverage: {
      before: reached && before ? before.size : unknown,
      after: reached?.ran.size ?? unknown,
      unit: reached ? `lines of ${reached.known.size} that run` : `lines that run; ${bench.before.runner} gave no coverage of ${target}`,
    },
  };
  const why = worthless(worth, raised, newlyKilled);
  return why === undefined
    ? {
        patch: {
          diff,
          sha256,
          files: countLines(diff),
          flags: [
            ...tamperFlags(changes, []).filter(({ flag }) => ofTests.has(flag)),
            ...weaknesses(changes, { ...mutation, asserted, today: new Date(deps.now()) }),
            ...missing(target, gained, worth, newlyKilled),
            ...steady.unseen.map((message) => ({ path: files[0] ?? target, flag: 'order_unseen', message })),
          ],
        },
        worth,
      }
    : { why };
}

/** What of the target the new files run by themselves. */
async function ranAlone({ worktree, measure }: Bench, changes: readonly FileChange[]): Promise<ReadonlySet<number> | undefined> {
  await worktree.reset();
  worktree.put(changes);
  const { reached } = await measure({ files: changes.map(({ path }) => path) });
  return reached && reached.ran.size > 0 ? reached.ran : undefined;
}

/** Tests are worth most that do both: run lines that none ran, and notice a mutant that none noticed. */
function missing(target: string, gained: ReadonlySet<number> | undefined, { mutants }: TestWorth, newlyKilled: number): TamperFlag[] {
  const flag = (name: string, message: string) => [{ path: target, flag: name, message }];
  return [
    ...(gained?.size === 0 ? flag('no_new_lines', 'no line of it runs that did not before') : []),
    ...(mutants > 0 && newlyKilled === 0 ? flag('no_new_mutant', 'no mutant of it is known to be noticed that was not before') : []),
  ];
}

function worthless({ target, mutants, killed, mutated, survived }: TestWorth, raised: boolean, newlyKilled: number): string | undefined {
  if (mutants > 0 && killed === 0)
    return `the tests pass for nothing: none of ${mutants} mutants of ${target} (${mutated}) makes one fail (${survived.join('; ')})`;
  if (raised || newlyKilled > 0) return undefined;
  return mutants > 0
    ? 'they add nothing: no line of the target runs and no mutant is noticed that was not before'
    : 'nothing shows that they are worth keeping: no more lines of the target run, and no mutant of it could be made';
}

/** Tests that write to what they test prove nothing. */
function strayed({ path, read }: Bench['worktree'], target: string, text: string): string | undefined {
  const now = readFileSync(join(path, target), 'utf8');
  return now === text && read(target) === text ? undefined : `the tests write to ${target}`;
}

function firstProblem(before: TestRun, first: TestRun, passed: readonly string[], files: readonly string[]): string | undefined {
  if (!isReadable(first)) return `with the new tests, the run ends as ${first.outcome}. ${first.note ?? ''}`.trim();
  const difference = compareRuns(before, first);
  const [failing] = difference.newFailures;
  const failure = first.failures.find(({ id }) => id === failing);
  if (failure) return `a test fails: ${failure.name}: ${failure.message}`;
  if (difference.missing.length > 0)
    return `${difference.missing.length} tests that were there are no longer run: ${difference.missing[0]}`;
  if (difference.newSkips.length > 0) return `${difference.newSkips.length} tests that ran before are skipped: ${difference.newSkips[0]}`;
  if (passed.length > 0) return undefined;
  const collected = first.tests.some(({ file }) => file === undefined || files.includes(file));
  return `no new test was collected and passed${collected ? '' : `: \`${before.command.join(' ')}\` does not run ${files.join(', ')}`}`;
}
