import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Worktree } from '../repo/worktree.ts';
import type { Sandbox } from '../safety/sandbox/sandbox.ts';
import type { Machine } from '../schema/deps.ts';
import type { Suite, TestRun } from '../schema/run.ts';
import type { Builds } from '../suite/run/build.ts';
import { makeWorkbench, type Scope, type Setup, type WatchedRun, type Workbench } from './workbench.ts';

/** One worktree and a way to run each of the repository's suites in it. */
export type Site = {
  readonly worktree: Worktree;
  readonly sandbox: Sandbox;
  readonly run: (suite: Suite, scope: Scope, signal?: AbortSignal) => Promise<TestRun>;
  readonly watch: (suite: Suite, scope: Scope) => Promise<WatchedRun>;
};

/** Workbenches are made when a suite is first run: most proofs end before all of them are. */
export async function openSite(setup: Omit<Setup, 'suite'>, deps: Machine): Promise<Site> {
  const { worktree, sandbox } = setup;
  await mkdir(join(dirname(worktree.path), 'scratch'), { recursive: true, mode: 0o700 });
  const benches = new Map<Suite, Promise<Workbench>>();
  const builds: Builds = new Map();
  const benchOf = (suite: Suite) => {
    const bench = benches.get(suite) ?? makeWorkbench({ ...setup, suite, builds }, deps);
    benches.set(suite, bench);
    return bench;
  };
  // What was built is good until a file changes.
  const anew = <G extends readonly unknown[], R>(act: (...given: G) => R) => {
    return (...given: G) => {
      builds.clear();
      return act(...given);
    };
  };
  return {
    worktree: { ...worktree, put: anew(worktree.put), change: anew(worktree.change), reset: anew(worktree.reset) },
    sandbox,
    run: async (suite, scope, signal) => (await benchOf(suite)).run(scope, signal),
    watch: async (suite, scope) => (await benchOf(suite)).watch(scope),
  };
}
