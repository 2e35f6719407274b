import type { Pool } from '../process/share.ts';
import { isReadable } from '../proof/compare.ts';
import type { Desk } from '../proof/steady-worktree.ts';
import type { FileChange } from '../schema/patch.ts';
import type { Failure, TestResult, TestRun } from '../schema/run.ts';
import { findRunner } from '../suite/runners/runners.ts';
import { quickMs } from './mutation.ts';
import { neutral } from './neutral.ts';
import { reversed } from './reversing.ts';

export type Tried = {
  /** Worktrees in which the tests may run at the same time. */
  readonly pool: Pool<Desk>;
  /** The run without the new tests. */
  readonly before: TestRun;
  readonly changes: readonly FileChange[];
  readonly target: string;
  readonly text: string;
  /** The new tests, as the run named them. */
  readonly tests: readonly TestResult[];
  /** The ids of a run of the new files alone, in its order. */
  readonly alone: readonly string[];
  /** When no more tests are run by themselves, by the clock `now`. */
  readonly endMs: number;
  readonly now: () => number;
};

/** So many tests are run each by itself. */
const mostAlone = 4;

/** Any numbers: the same tests come in the same orders again. Where the first changes nothing, the next may. */
const seeds = [20_260_101, 20_260_102, 20_260_103];

/** Why the tests are not kept, or what of their independence could not be seen. */
export type Steadiness = { readonly why: string } | { readonly unseen: readonly string[] };

/**
 * Green three times more, after everything else: with a comment and wider blanks in the file under test, which change nothing that a program
 * does; the new files alone in another order; and the new tests one by one, the last one first. Else why not.
 */
export async function staysGreen(tried: Tried): Promise<Steadiness> {
  const { pool } = tried;
  const [text, order] = await Promise.all([pool((desk) => withoutMeaning(desk, tried)), pool((desk) => inAnotherOrder(desk, tried))]);
  if ('why' in text) return text;
  return 'why' in order || tried.tests.length < 2 ? order : oneByOne(tried, order);
}

const certain: Steadiness = { unseen: [] };

/** With what changes nothing that a program does. */
async function withoutMeaning(desk: Desk, tried: Tried): Promise<Steadiness> {
  const { before, changes, target, text } = tried;
  // All tests together have run with them once already, which is enough where that takes long.
  const together = before.durationMs <= quickMs ? {} : { files: changes.map(({ path }) => path) };
  const after = neutral(target, text);
  const { failed: noticed } = await runWith(desk, tried, together, after === undefined ? [] : [{ path: target, before: text, after }]);
  if (!noticed) return certain;
  const { failed } = after === undefined ? { failed: noticed } : await runWith(desk, tried, together);
  return {
    why: failed
      ? `not green after the mutants: ${failed.name}: ${failed.message}`
      : `${noticed.name} fails when ${target} gets a comment and wider blanks: it tests the text of the file, not what it does`,
  };
}

type Scope = { readonly files?: readonly string[]; readonly seed?: number };

async function runWith(desk: Desk, { changes, tests }: Tried, how: Scope, more: readonly FileChange[] = [], own = changes) {
  await desk.worktree.reset();
  desk.worktree.put([...own, ...more]);
  const run = await desk.run(how);
  return { run, failed: run.failures.find(isAmong(tests)) };
}

/** `first`: the test that no other ran before. */
type Ordered = { readonly why: string } | { readonly unseen: readonly string[]; readonly first?: string | undefined };

/** By the runner's own means where it has some, else with the text of the file turned. That the order was another is seen in the run. */
async function inAnotherOrder(desk: Desk, tried: Tried): Promise<Ordered> {
  const { before, changes, tests } = tried;
  const files = changes.map(({ path }) => path);
  const orderOf = (all: readonly TestResult[]) => all.flatMap(({ id }) => (tests.some((test) => test.id === id) ? [id] : [])).join('\n');
  const own = orderOf(tests);
  const isOther = (run: TestRun) => orderOf(run.tests) !== own;
  const why = ({ name, message }: Failure) => ({ why: `not green after the mutants, alone and in another order: ${name}: ${message}` });
  const shuffles = findRunner(before.runner)?.shuffle !== undefined;
  const turned = tests.length > 1 ? reversed(changes) : undefined;
  for (const [turn, seed] of seeds.entries()) {
    const { run, failed } = await runWith(desk, tried, { files, seed });
    if (failed) return why(failed);
    if (tests.length < 2 || isOther(run)) return { unseen: [], first: run.tests[0]?.id };
    if (!shuffles || turned || turn > 1) break;
  }
  if (turned) {
    const { run, failed } = await runWith(desk, tried, { files }, [], turned);
    if (failed && failed.kind !== 'load') return why(failed);
    if (isOther(run) && isReadable(run)) return { unseen: [], first: run.tests[0]?.id };
  }
  return { unseen: [`whether their order matters was not seen: ${before.runner} ran them in one order alone`] };
}

/** Tests that run beside each other: the first of them is not by itself. */
const beside = /concurren|parallel/i;

async function oneByOne(tried: Tried, { unseen, first }: { readonly unseen: readonly string[]; readonly first?: string | undefined }) {
  const { pool, before, changes, tests, alone, endMs, now } = tried;
  let begun = 0;
  const look = async ({ worktree, run: runThere }: Desk, test: TestResult): Promise<Steadiness> => {
    if (begun++ > 0 && now() > endMs) return certain;
    await worktree.reset();
    worktree.put(changes);
    const run = await runThere({ only: [asOnly(test)] });
    const failed = run.failures.find(({ id }) => id === test.id);
    if (failed) return { why: `${test.name} needs the tests before it: by itself it fails: ${failed.message}` };
    // A filter that cannot name it runs others too.
    const others = run.tests.some(({ id, status }) => id !== test.id && status === 'passed');
    return others ? { unseen: [`${test.name} was not seen by itself: ${before.runner} ran others with it`] } : certain;
  };
  // What came first in a run of one file had no test before it.
  const apart = changes.length === 1 && !changes.some(({ after }) => beside.test(after ?? ''));
  const seen = new Set(apart ? [first, alone[0]] : []);
  const left = tests
    .slice(-mostAlone)
    .reverse()
    .filter(({ id }) => !seen.has(id));
  const found = await Promise.all(left.map((test) => pool((desk) => look(desk, test))));
  return found.find((one) => 'why' in one) ?? { unseen: [...unseen, ...found.flatMap((one) => ('unseen' in one ? one.unseen : []))] };
}

const isAmong =
  (tests: readonly TestResult[]) =>
  ({ id }: Failure) =>
    tests.some((test) => test.id === id);

/** A test as what a run is narrowed to. */
function asOnly({ id, name, file }: TestResult): Failure {
  return { id, name, ...(file !== undefined && { file }), kind: 'assertion', message: '', frames: [] };
}
