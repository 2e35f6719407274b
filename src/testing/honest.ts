import { extname } from 'node:path';
import { shareOut } from '../process/share.ts';
import { isReadable } from '../proof/compare.ts';
import type { Desk } from '../proof/steady-worktree.ts';
import type { FileChange, TamperFlag } from '../schema/patch.ts';
import type { Failure, TestResult, TestRun } from '../schema/run.ts';
import { findRunner } from '../suite/runners/runners.ts';
import { quickMs } from './mutation.ts';
import { neutral } from './neutral.ts';
import { reversed } from './reversing.ts';

export type Tried = {
  /** Worktrees in which the tests may run at the same time. */
  readonly desks: readonly Desk[];
  /** The run without the new tests. */
  readonly before: TestRun;
  readonly changes: readonly FileChange[];
  readonly target: string;
  readonly text: string;
  /** The new tests, as the run named them. */
  readonly tests: readonly TestResult[];
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
  const [text = certain, order = certain] = await shareOut(tried.desks, [withoutMeaning, inAnotherOrder], (desk, check) =>
    check(desk, tried),
  );
  if ('why' in text) return text;
  return 'why' in order || tried.tests.length < 2 ? order : oneByOne(tried, order.unseen);
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

/** By the runner's own means where it has some, else with the text of the file turned. That the order was another is seen in the run. */
async function inAnotherOrder(desk: Desk, tried: Tried): Promise<Steadiness> {
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
    if (tests.length < 2 || isOther(run)) return { unseen: [] };
    if (!shuffles || turned || turn > 1) break;
  }
  if (turned) {
    const { run, failed } = await runWith(desk, tried, { files }, [], turned);
    if (failed && failed.kind !== 'load') return why(failed);
    if (isOther(run) && isReadable(run)) return { unseen: [] };
  }
  return { unseen: [`whether their order matters was not seen: ${before.runner} ran them in one order alone`] };
}

async function oneByOne({ desks, before, changes, tests, endMs, now }: Tried, unseen: readonly string[]): Promise<Steadiness> {
  let begun = 0;
  const found = await shareOut(desks, tests.slice(-mostAlone).reverse(), async ({ worktree, run: runThere }, test): Promise<Steadiness> => {
    if (begun++ > 0 && now() > endMs) return certain;
    await worktree.reset();
    worktree.put(changes);
    const run = await runThere({ only: [asOnly(test)] });
    const failed = run.failures.find(({ id }) => id === test.id);
    if (failed) return { why: `${test.name} needs the tests before it: by itself it fails: ${failed.message}` };
    // A filter that cannot name it runs others too.
    const others = run.tests.some(({ id, status }) => id !== test.id && status === 'passed');
    return others ? { unseen: [`${test.name} was not seen by itself: ${before.runner} ran others with it`] } : certain;
  });
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

const asserting =
  /\b(?:expect|assert\w*|should|require\.\w+|raises|pytest\.raises|t\.(?:is|deepEqual|true|false|throws\w*|Error\w*|Fatal\w*))\b|\.should\b|\bassert[.!]/;
/** An assertion, or all of them, made another. */
const replacing =
  /(?:^|[\s;{(])(?:assert|expect|chai|should|pytest|unittest|TestCase|self\.assert\w*)(?:\.\w+)*\.\w+\s*=(?![=>])|\bsetattr\(\s*(?:pytest|unittest|self)\b|\bObject\.assign\(\s*(?:assert|expect|chai)\b/;
/** True of almost anything. */
const vague =
  /\.(?:toBeDefined|toBeTruthy|not\.toBeNull|not\.toBeUndefined|toBeInstanceOf)\s*\(|\bassert(?:\.ok)?\s*\(\s*[\w.]+\s*\)\s*;?\s*$|\bassert\s+[\w.]+\s*$|\bassert\s.*\bis\s+not\s+None\s*$|\b(?:assertIsNotNone|assertTrue|assertNotNil|NotNil|assertNotNull|assertIsInstance|isinstance|doesNotThrow|doesNotReject|doesNotRaise|NotPanics)\s*\(|\bnot\.to(?:Throw|\.throw)\b|!==?\s*(?:null|undefined)\b|\bnot(?:Strict|Deep|DeepStrict)?Equal\s*\(.*,\s*(?:null|undefined)\s*\)|\btypeof\b.*['"](?:number|string|object|function|boolean|undefined)['"]|\btype\(.*\)\s*(?:is|==)\s*\w+\s*$/;

/** What speaks against tests that are kept all the same. `noticed`: of the mutants, how many made tests fail, and how many an assertion. */
export function weaknesses(
  changes: readonly FileChange[],
  noticed: { readonly mutants: number; readonly killed: number; readonly asserted: number; readonly today: Date },
): TamperFlag[] {
  const found = changes.flatMap(({ path, before, after }) => {
    const known = new Set(before?.split('\n'));
    const fresh = (after ?? '').split('\n').filter((line) => !known.has(line) && !/^\s*(?:import|from|const .*require\()/.test(line));
    const asserts = fresh.filter((line) => asserting.test(line));
    const weak = (message: string) => [{ path, flag: 'weak_test', message }];
    if (extname(path) === '.snap') return [];
    if (asserts.length === 0) return weak('the new tests assert nothing');
    if (fresh.some((line) => replacing.test(line))) return weak('the new tests replace what assertions do');
    const [day = ''] = noticed.today.toISOString().split('T');
    if (fresh.some((line) => line.includes(day))) return weak(`the new tests name the day of today, ${day}`);
    return asserts.every((line) => vague.test(line)) ? weak('the new tests assert only that something is there') : [];
  });
  const { mutants, killed, asserted } = noticed;
  const [first] = changes;
  // One mutant that throws may be the only one that there was.
  if (found.length > 0 || !first || killed === 0 || asserted > 0 || (killed === mutants && mutants < 2)) return found;
  return [{ path: first.path, flag: 'weak_test', message: 'no assertion notices a mutant: all that makes the new tests fail are errors' }];
}
