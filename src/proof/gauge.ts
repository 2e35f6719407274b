import { dirname, join } from 'node:path';
import { makeMeter } from '../coverage/coverage.ts';
import type { Reached } from '../coverage/reached.ts';
import type { Machine } from '../schema/deps.ts';
import type { TestRun } from '../schema/run.ts';
import { isReadable } from './compare.ts';
import { makeWorkbench, type Setup, type Workbench } from './workbench.ts';

export type MeasuredRun = { readonly run: TestRun; readonly reached: Reached | undefined };

/** Runs all tests and tells which lines of `target` ran; what cannot be measured is run all the same. */
export async function makeGauge(
  plain: Workbench,
  target: string | undefined,
  setup: Setup,
  deps: Machine,
): Promise<() => Promise<MeasuredRun>> {
  const { worktree, suite } = setup;
  const unmeasured = async () => ({ run: await plain.run({}), reached: undefined });
  if (target === undefined) return unmeasured;
  const folder = join(dirname(worktree.path), 'scratch', 'coverage');
  const meter = makeMeter({ suite, root: worktree.path, target, folder, env: deps.env });
  if (!meter) return unmeasured;
  const gauge = await makeWorkbench({ ...setup, suite: meter.suite }, deps);
  return async () => {
    meter.clear();
    const run = await gauge.run({});
    if (!isReadable(run) && run.outcome !== 'no_tests') return unmeasured();
    return { run, reached: meter.read(worktree.read(target) ?? '') };
  };
}
