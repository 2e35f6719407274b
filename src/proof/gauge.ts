import { dirname, join } from 'node:path';
import { makeMeter } from '../coverage/coverage.ts';
import type { Reached } from '../coverage/reached.ts';
import type { Machine } from '../schema/deps.ts';
import type { TestRun } from '../schema/run.ts';
import { isReadable } from './compare.ts';
import { makeWorkbench, type Scope, type Setup, type Workbench } from './workbench.ts';

export type MeasuredRun = { readonly run: TestRun; readonly reached: Reached | undefined };

/** Runs all tests, or those of a scope, and tells which lines of `target` ran; what cannot be measured is run all the same. */
export async function makeGauge(
  plain: Workbench,
  target: string | undefined,
  setup: Setup,
  deps: Machine,
): Promise<(scope?: Scope) => Promise<MeasuredRun>> {
  const { worktree, suite } = setup;
  const unmeasured = async (scope: Scope = {}) => ({ run: await plain.run(scope), reached: undefined });
  if (target === undefined) return unmeasured;
  const folder = join(dirname(worktree.path), 'scratch', 'coverage');
  const meter = makeMeter({ suite, root: worktree.path, target, folder, env: deps.env });
  if (!meter) return unmeasured;
  const gauge = await makeWorkbench({ ...setup, suite: meter.suite }, deps);
  return async (scope = {}) => {
    meter.clear();
    const run = await gauge.run(scope);
    if (!isReadable(run) && run.outcome !== 'no_tests') return unmeasured(scope);
    return { run, reached: meter.read(worktree.read(target) ?? '') };
  };
}
