/**
 * How many right and how many overfitting patches the grade tells apart: small programs with wrong turns in them, tests of three strengths,
 * and for each failing test right patches and green ones that are wrong elsewhere (special cases, mutants, reverted guards, other changes).
 *   node bench/run.mjs grade [--seed 7] [--verbose] [--each 2]
 * Runs everything in this process. Prints rows of: patches, how many are not `strong`, by kind and by how careful the tests are.
 */
import { parseArgs } from 'node:util';
import { tamperFlags } from '../src/patch/judge/tamper.ts';
import { makePool } from '../src/process/share.ts';
import { type Desk, examine } from '../src/proof/grade/examine.ts';
import { gradeOf, type Merits } from '../src/proof/grade/grade.ts';
import type { FileChange } from '../src/schema/patch.ts';
import { heldOut, isSame, type Made, oneTurnAway, otherWays, rewritten, specialCases } from './grade/patches.ts';
import { type Program, programs, type Random } from './grade/programs.ts';
import { runSuite, type Suite, sourceFile, suitesOf, testFile, textOf } from './grade/suites.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    each: { type: 'string', default: '3' },
    verbose: { type: 'boolean', default: false },
  },
});

/** The same numbers for the same seed. */
function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(all: readonly T[]): T => {
    const one = all[int(0, all.length - 1)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
  return { int, pick };
}

type Case = { readonly program: Program; readonly suite: Suite; readonly buggy: string };
type Graded = { readonly kind: string; readonly suite: string; readonly right: boolean; readonly merits: Merits; readonly strong: boolean };

async function grade({ program, suite, buggy }: Case, { what, text }: Made, right: boolean): Promise<Graded | undefined> {
  const failures = runSuite(suite, buggy).failures;
  const green = runSuite(suite, text);
  if (green.outcome !== 'green') return undefined;
  const changes: FileChange[] = [{ path: sourceFile, before: buggy, after: text }];
  const read = (path: string) => (path === testFile ? textOf(suite, program.source) : undefined);
  let now = buggy;
  const desk: Desk = {
    worktree: {
      reset: () => {
        now = buggy;
        return Promise.resolve();
      },
      put: (put) => {
        now = put[0]?.after ?? buggy;
      },
      read,
    },
    run: () => Promise.resolve(runSuite(suite, now)),
  };
  const examined = await examine(
    {
      pool: makePool([desk]),
      suite: { runner: 'node:test', argv: [], cwd: '', env: {}, why: '' },
      targets: failures,
      changes,
      green,
      wholeMs: undefined,
      red: new Set(),
      untilMs: Number.POSITIVE_INFINITY,
    },
    { now: () => 0, tell: () => {} },
  );
  const merits = { ...examined, flags: tamperFlags(changes, failures, read).map(({ flag }) => flag) };
  const { grade: made, gradeWhy } = gradeOf(merits);
  if (values.verbose && (made === 'strong') !== right)
    console.log(
      `${program.name} | ${suite.name} | ${what} | ${made} | ${gradeWhy} | ${text
        .split('\n')
        .filter((line) => !buggy.includes(line))
        .join(' ')}`,
    );
  return { kind: right ? `right: ${what}` : what, suite: suite.name, right, merits, strong: made === 'strong' };
}

async function gradeAll(random: Random): Promise<Graded[]> {
  const all: Graded[] = [];
  for (const program of programs) {
    const inputs = heldOut(program, random);
    const bugs = oneTurnAway(program.source).filter(({ text }) => !isSame(text, program.source, inputs));
    for (const suite of suitesOf(program, random)) {
      const shown = bugs.filter(({ text }) => runSuite(suite, text).outcome === 'red');
      for (let bug = 0; bug < Math.min(Number(values.each), shown.length); bug++) {
        const { text: buggy } = random.pick(shown);
        const one = { program, suite, buggy };
        const failing = runSuite(suite, buggy).failures.map(({ line = 1 }) => line - 1);
        const wrong = [...specialCases(buggy, suite, failing), ...otherWays(buggy, program.source)].filter(
          ({ text }) => text !== buggy && runSuite(suite, text).outcome === 'green' && !isSame(text, program.source, inputs),
        );
        for (const made of rewritten(program.source).slice(0, 2))
          all.push(...[await grade(one, made, true)].filter((found) => found !== undefined));
        // No kind may outweigh the others.
        const kinds = [...new Set(wrong.map(({ what }) => what))];
        for (const kind of kinds) {
          const made = random.pick(wrong.filter(({ what }) => what === kind));
          all.push(...[await grade(one, made, false)].filter((found) => found !== undefined));
        }
      }
    }
  }
  return all;
}

function row(name: string, graded: readonly Graded[]): string {
  const thin = graded.filter(({ strong }) => !strong).length;
  return `${name.padEnd(34)} ${String(graded.length).padStart(5)} ${String(thin).padStart(9)} ${graded.length === 0 ? '-' : ((100 * thin) / graded.length).toFixed(1)} %`;
}

type Rule = (merits: Merits) => boolean;
const beforeMutants: Rule = ({ flags, unneeded }) => flags.length > 0 || unneeded.length > 0;
/** Other ways to say when a patch is not strong, beside the one that is kept in src/proof/grade/grade.ts. */
const others: Readonly<Record<string, Rule>> = {
  'any survivor': ({ mutants }) => (mutants?.survived.length ?? 1) > 0,
  'a coarse survivor': ({ mutants }) => !mutants || mutants.survived.length > mutants.fine,
  'a coarse one and a quarter': ({ mutants }) =>
    !mutants || mutants.noticed === 0 || (mutants.survived.length > mutants.fine && mutants.survived.length * 4 > mutants.made),
  'a coarse one and a third': ({ mutants }) =>
    !mutants || mutants.noticed === 0 || (mutants.survived.length > mutants.fine && mutants.survived.length * 3 > mutants.made),
  'a coarse one, or half': ({ mutants }) =>
    !mutants || mutants.survived.length > mutants.fine || mutants.survived.length * 2 >= mutants.made,
  'more than half': ({ mutants }) => !mutants || mutants.survived.length * 2 > mutants.made,
  half: ({ mutants }) => !mutants || mutants.survived.length * 2 >= mutants.made,
  'two, or half': ({ mutants }) => !mutants || mutants.survived.length > 1 || mutants.survived.length * 2 >= mutants.made,
  'two coarse ones, or half': ({ mutants }) =>
    !mutants || mutants.survived.length - mutants.fine > 1 || mutants.survived.length * 2 >= mutants.made,
  'none noticed': ({ mutants }) => !mutants || mutants.noticed === 0,
  'flags and hunks alone': () => false,
};

export async function main(): Promise<void> {
  const all = await gradeAll(makeRandom(Number(values.seed)));
  for (const [name, rule] of Object.entries(others)) {
    const share = (right: boolean) => {
      const mine = all.filter((one) => one.right === right);
      return `${((100 * mine.filter(({ merits }) => beforeMutants(merits) || rule(merits)).length) / mine.length).toFixed(1)} %`;
    };
    console.log(`not strong if ${name}:`.padEnd(44), 'right', share(true), 'overfitting', share(false));
  }
  console.log(`${'patches'.padEnd(34)} count not strong`);
  for (const right of [true, false]) {
    const mine = all.filter((one) => one.right === right);
    console.log(row(right ? 'RIGHT' : 'OVERFITTING', mine));
    for (const suite of ['careful', 'usual', 'poor'])
      console.log(
        row(
          `  ${suite} tests`,
          mine.filter((one) => one.suite === suite),
        ),
      );
    const families = new Set(mine.map(({ kind }) => kind.split(':')[0] ?? kind));
    for (const family of families)
      console.log(
        row(
          `  ${family}`,
          mine.filter(({ kind }) => kind.split(':')[0] === family),
        ),
      );
  }
}
