import { extname } from 'node:path';
import type { Bench } from '../proof/steady-worktree.ts';
import type { FileChange, TamperFlag } from '../schema/patch.ts';
import type { Failure, TestResult } from '../schema/run.ts';
import { quickMs } from './mutation.ts';
import { neutral } from './neutral.ts';

export type Tried = {
  readonly bench: Bench;
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

/** Any number: the same tests come in the same order again. */
const seed = 20_260_101;

/**
 * Green three times more, after everything else: with a comment and wider blanks in the file under test, which change nothing that a program
 * does; the new files alone in a random order, where the runner has one; and the new tests one by one, the last one first. Else why not.
 */
export async function staysGreen({ bench, changes, target, text, tests, endMs, now }: Tried): Promise<string | undefined> {
  const files = changes.map(({ path }) => path);
  const failing = async (how: { readonly files?: readonly string[]; readonly seed?: number }, more: readonly FileChange[] = []) => {
    await bench.worktree.reset();
    bench.worktree.put([...changes, ...more]);
    return (await bench.run(how)).failures.find(isAmong(tests));
  };
  // All tests together have run with them once already, which is enough where that takes long.
  const together = bench.before.durationMs <= quickMs ? {} : { files };
  const after = neutral(target, text);
  const noticed = await failing(together, after === undefined ? [] : [{ path: target, before: text, after }]);
  if (noticed) {
    const failed = after === undefined ? noticed : await failing(together);
    return failed
      ? `not green after the mutants: ${failed.name}: ${failed.message}`
      : `${noticed.name} fails when ${target} gets a comment and wider blanks: it tests the text of the file, not what it does`;
  }
  const failed = await failing({ files, seed });
  if (failed) return `not green after the mutants, alone and in another order: ${failed.name}: ${failed.message}`;
  if (tests.length < 2) return undefined;
  for (const [turn, test] of tests.slice(-mostAlone).reverse().entries()) {
    if (turn > 0 && now() > endMs) break;
    const run = await bench.run({ only: [asOnly(test)] });
    const failed = run.failures.find(({ id }) => id === test.id);
    if (failed) return `${test.name} needs the tests before it: by itself it fails: ${failed.message}`;
  }
  return undefined;
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
