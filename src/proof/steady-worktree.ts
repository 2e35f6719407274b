import type { Case } from '../case.ts';
import { sameButComments } from '../context/scan/bare.ts';
import type { Reached } from '../coverage/reached.ts';
import { judge } from '../patch/judge/judge.ts';
import { tamperFlags } from '../patch/judge/tamper.ts';
import { changesAnything } from '../patch/place/place-edits.ts';
import type { Git } from '../repo/git.ts';
import { makeWorktree, type Worktree } from '../repo/worktree.ts';
import { findSandbox, type Sandbox } from '../safety/sandbox/sandbox.ts';
import type { Machine } from '../schema/deps.ts';
import type { FileChange } from '../schema/patch.ts';
import type { TestRun } from '../schema/run.ts';
import { compareRuns, isReadable, summaryOf } from './compare.ts';
import { countLines } from './count-lines.ts';
import { type MeasuredRun, makeGauge } from './gauge.ts';
import { makeIsTest } from './reach/test-files.ts';
import type { Proven, Prover } from './types.ts';
import { decideSteady } from './verdict.ts';
import { makeWorkbench, type Scope, type Workbench } from './workbench.ts';

/** The time is for each run of tests. */
export type SteadyRequest = Pick<Case, 'root' | 'suite' | 'timeoutMs' | 'sandbox' | 'envNames'> & {
  readonly git: Git;
  /** The file whose coverage is measured, where that can be done. */
  readonly target?: string | undefined;
};

/** A worktree in which tests are run beside those of another. */
export type Desk = { readonly worktree: Pick<Worktree, 'reset' | 'put'>; readonly run: Workbench['run'] };

/** A worktree with its tests, for changes that mend no failing test. `before` is the run without any change. */
export type Bench = {
  readonly worktree: Worktree;
  readonly run: Workbench['run'];
  readonly outlive: Workbench['outlive'];
  readonly sandbox: string;
  readonly before: TestRun;
  /** A run that tells which lines of the target ran, where that can be measured. */
  readonly measure: (scope?: Scope) => Promise<MeasuredRun>;
  /** What ran in `before`. */
  readonly reachedBefore: Reached | undefined;
  /** Why nothing can be proven here. */
  readonly problem: string | undefined;
  /** A second worktree of the same files, where one was asked for and could be made. */
  readonly beside: () => Promise<Desk | undefined>;
  readonly remove: () => Promise<void>;
};

/**
 * Lays out a worktree and runs the tests in it. Where the sandbox is what prevents them, it is given up aloud. With a target there is a second
 * worktree. The caller removes it.
 */
export async function openBench(request: SteadyRequest, deps: Machine): Promise<Bench> {
  deps.tell({ type: 'stage', stage: 'worktree', message: 'Making a worktree and running the tests in it' });
  const lay = (tell: Machine['tell']) => makeWorktree({ git: request.git, folders: deps.folders, signal: deps.signal, tell });
  const worktree = await lay(deps.tell);
  // Right after the first, so that it holds the same bytes. Without it everything goes on in the first.
  const second = request.target === undefined ? Promise.resolve(undefined) : lay(() => {}).catch(() => undefined);
  const remove = async () => {
    await (await second)?.remove();
    await worktree.remove();
  };
  try {
    const open = async (sandbox: Sandbox) => {
      const setup = { ...request, worktree, sandbox };
      const bench = await makeWorkbench(setup, deps);
      return { ...bench, measure: await makeGauge(bench, request.target, setup, deps) };
    };
    let bench = await open(await findSandbox(request.sandbox, deps));
    let { run: before, reached } = await bench.measure();
    if (!isReadable(before) && bench.sandbox.name !== 'none' && request.sandbox !== 'on') {
      await worktree.reset();
      deps.tell({ type: 'warning', message: `No sandbox (${bench.sandbox.name}): the tests do not run in it` });
      bench = await open({ name: 'none', wrap: (argv) => [...argv] });
      ({ run: before, reached } = await bench.measure());
    }
    const problem = isReadable(before)
      ? undefined
      : `In the worktree, the tests end as ${before.outcome}.${before.note ? ` ${before.note}` : ''}`;
    const { run, outlive, measure, sandbox } = bench;
    const equip = async (other: Worktree | undefined) =>
      other && { worktree: other, run: (await makeWorkbench({ ...request, worktree: other, sandbox }, { ...deps, tell: () => {} })).run };
    let equipped: Promise<Desk | undefined> | undefined;
    const beside = () => {
      equipped ??= second.then(equip);
      return equipped;
    };
    return { worktree, run, outlive, measure, sandbox: sandbox.name, before, reachedBefore: reached, problem, beside, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Green → green: a change is proven when nothing that passed before fails, is skipped or is missing. */
export function steadyProver(bench: Bench): Prover {
  const { worktree, before, problem } = bench;
  const collected = new Set(before.tests.flatMap(({ file }) => file ?? []));
  const isTest = makeIsTest({ paths: worktree.paths, read: worktree.read, collected });
  const review = (changes: readonly FileChange[]) => judge(changes, { isTest, allow: [], look: worktree.look, paths: worktree.paths });
  return {
    baseline: summaryOf(before),
    problem,
    notes: worktree.notes,
    read: worktree.read,
    paths: worktree.paths,
    judge: review,
    prove: async (changes): Promise<Proven> => {
      const refusals = review(changes);
      const summary = summaryOf(before);
      const stop = (verdict: 'not_applied' | 'unverifiable', why: string): Proven => ({
        refusals,
        red: [],
        proof: { verdict, why, before: summary, after: [], sandbox: bench.sandbox },
      });
      if (refusals.length > 0) return stop('not_applied', refusals.map(({ message }) => message).join(' '));
      if (problem !== undefined) return stop('unverifiable', problem);
      if (!changes.some(changesAnything)) return stop('not_applied', 'The edit changes nothing.');
      await worktree.reset();
      const { diff, sha256, tree } = await worktree.change(changes);
      const patch = { diff, sha256, files: countLines(diff), flags: tamperFlags(changes, []) };
      if (changes.every(isSilent)) {
        await worktree.reset();
        return { ...stop('unverifiable', 'It changes only comments or blanks: nothing to prove.'), patch };
      }
      const after = await bench.run({});
      const difference = isReadable(after) ? compareRuns(before, after) : undefined;
      const decision = decideSteady(
        difference
          ? { newFailures: difference.newFailures.length, missing: difference.missing.length, newSkips: difference.newSkips.length }
          : 'broken',
      );
      await worktree.reset();
      return {
        refusals,
        patch,
        proof: { ...decision, before: summary, after: [summaryOf(after)], sandbox: bench.sandbox, tree },
        red: after.failures,
      };
    },
    remove: bench.remove,
  };
}

/** No test of what a program does can notice it. */
function isSilent({ path, from = path, before, after }: FileChange): boolean {
  return from === path && before !== null && after !== null && sameButComments(path, before, after);
}
