import { rmSync } from 'node:fs';
import { delimiter } from 'node:path';
import { checkStopped } from '../errors.ts';
import { stateOf } from '../proof/compare.ts';
import { editablePaths } from '../proof/editable.ts';
import type { Git } from '../repo/git.ts';
import { makeWorktree, type Worktree } from '../repo/worktree.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { confine } from '../safety/sandbox/confine.ts';
import type { FileChange } from '../schema/patch.ts';
import type { Failure, Suite, TestRun } from '../schema/run.ts';
import { makeScratch } from '../store.ts';
import { runSuite } from '../suite/run/run.ts';
import type { Needs, Situation } from './situation.ts';

/** All tests of the group run together: what mends one of them alone is no cause. */
export type TrialsRequest = Situation & { readonly git: Git };

export type Trial = {
  readonly green: boolean;
  readonly passed: number;
  readonly run: TestRun;
  readonly diff: string;
  readonly tree: string;
};

/** Runs tests on trees that differ from the user's in some files, in worktrees of its own. What was seen of a tree is not run again. */
export type Trials = {
  readonly read: (path: string) => string | undefined;
  readonly attempt: (changes: readonly FileChange[]) => Promise<Trial>;
  /** In another suite or wider: nothing is remembered. `within` is told of the tree that is run in. */
  readonly run: (
    changes: readonly FileChange[],
    suiteIn: (root: string) => Suite,
    only: readonly Failure[] | undefined,
  ) => Promise<TestRun>;
  readonly runs: () => number;
  readonly close: () => Promise<void>;
};

/** How many trees stand side by side. */
export const abreast = 2;

export async function openTrials(request: TrialsRequest, deps: Needs): Promise<Trials> {
  const { root, git, suite, failures } = request;
  const idle: Worktree[] = [];
  const all: Worktree[] = [];
  const known = new Map<string, Promise<Trial>>();
  let count = 0;
  const make = async () => {
    const worktree = await makeWorktree({ git, folders: deps.folders, signal: deps.signal, tell: deps.tell });
    worktree.guard();
    all.push(worktree);
    return worktree;
  };
  const first = await make();
  idle.push(first);
  const inTree = async <Result>(
    changes: readonly FileChange[],
    work: (at: Worktree, made: { diff: string; tree: string }) => Promise<Result>,
  ) => {
    checkStopped(deps.signal);
    const worktree = idle.pop() ?? (await make());
    try {
      await worktree.reset();
      const made = changes.length === 0 ? { diff: '', tree: '' } : await worktree.change(changes);
      return await work(worktree, made);
    } finally {
      idle.push(worktree);
    }
  };
  const runIn = async (worktree: Worktree, suiteIn: (root: string) => Suite, only: readonly Failure[] | undefined) => {
    count++;
    const at = worktree.path;
    const scratch = await makeScratch(deps.folders.temp);
    const python = await editablePaths({ root, suite, worktree: worktree.path }, deps);
    const env = {
      ...suiteEnvironment(deps.env, { mode: 'own', names: request.envNames }),
      // Bytecode of an equal size, written within one second of the source, would be run instead of it.
      PYTHONDONTWRITEBYTECODE: '1',
      ...(python.length > 0 && { PYTHONPATH: python.join(delimiter) }),
    };
    try {
      const wrap = await confine([at, scratch], deps, worktree.borrowed);
      const timed = { timeoutMs: request.timeoutMs, signal: deps.signal, tell: () => {}, env, scratch, wrap, state: deps.folders.state };
      return await runSuite(suiteIn(at), { root: at, only, exact: only !== undefined, ...timed });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  };
  const same = () => suite;
  const attempt = (changes: readonly FileChange[]): Promise<Trial> => {
    const key = JSON.stringify(changes.map(({ path, after }) => [path, after]));
    const seen = known.get(key);
    if (seen) return seen;
    const fresh = inTree(changes, async (worktree, { diff, tree }) => {
      const run = await runIn(worktree, same, failures);
      const passed = failures.filter((one) => stateOf(one, run, worktree.read) === 'green').length;
      return { green: passed === failures.length, passed, run, diff, tree };
    });
    known.set(key, fresh);
    return fresh;
  };
  return {
    read: first.read,
    attempt,
    run: (changes, suiteIn, only) => inTree(changes, (worktree) => runIn(worktree, suiteIn, only)),
    runs: () => count,
    close: async () => {
      await Promise.all(all.map((worktree) => worktree.remove()));
    },
  };
}
