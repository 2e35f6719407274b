import { isReadable } from '../proof/compare.ts';
import type { Bench, Desk } from '../proof/steady-worktree.ts';
import type { FileChange } from '../schema/patch.ts';
import type { TestRun } from '../schema/run.ts';
import { layAnew, leftBehind, leftRunning } from './leftovers.ts';

export const greenRuns = 3;

/** `sinceMs`: when the first run began, which was one of all tests. */
type Again = { readonly bench: Bench; readonly changes: readonly FileChange[]; readonly quick: boolean; readonly sinceMs: number };

/** `desks`: worktrees in which the tests may run at the same time. `alone`: the new files by themselves. */
export type Greens = { readonly why: string } | { readonly desks: readonly Desk[]; readonly alone: TestRun };

/**
 * Runs the new files again, right where they ran, and looks for what they leave behind. At the same time they run in the second worktree:
 * only tests that bear this, such as those without a port of their own, share the machine afterwards. Where there is none, or they do not
 * bear it, they run twice here.
 */
export async function runAgain({ bench, changes, quick, sinceMs }: Again): Promise<Greens> {
  const files = changes.map(({ path }) => path);
  const redBefore = new Set(bench.before.failures.map(({ id }) => id));
  const faultOf = (run: TestRun): string | undefined => {
    const failed = run.failures.find(({ id }) => !redBefore.has(id));
    if (failed) return `${failed.name}: ${failed.message}`;
    return isReadable(run) ? undefined : run.outcome;
  };
  const second = await bench.beside();
  const there = async () => {
    if (!second) return undefined;
    await second.worktree.reset();
    second.worktree.put(changes);
    return faultOf(await second.run(quick ? {} : { files }));
  };
  const here = async (begunMs: number) => {
    // What it leaves running is gone when it is asked for what else was left.
    const { run, survivors } = await bench.outlive({ files });
    const fault = faultOf(run);
    return fault === undefined ? { sinceMs: begunMs, survivors, alone: run } : `not green when run again: ${fault}`;
  };
  const twice = async () => {
    const begunMs = await layAnew(bench, changes);
    const fault = faultOf(await bench.run({ files }));
    return fault === undefined ? here(begunMs) : `not green in run 2 of ${greenRuns}: ${fault}`;
  };
  let [own, beside] = await Promise.all([second ? here(sinceMs) : twice(), there()]);
  const inTurn = typeof own === 'string' || beside !== undefined;
  // Where both may have been in each other's way, each is asked by itself, and twice: it may be chance as well.
  for (let turn = 0; second && inTurn && turn < 2 && (turn === 0 || typeof own !== 'string'); turn++) own = await twice();
  if (typeof own === 'string') return { why: own };
  for (let turn = 0; inTurn && turn < 2 && (turn === 0 || beside === undefined); turn++) beside = await there();
  if (beside !== undefined) return { why: `not green in a second worktree: ${beside}` };
  const old = oldFiles(bench.before, files);
  const why = (await leftBehind(bench, { changes, sinceMs: own.sinceMs, old })) ?? (await leftRunning(bench, own.survivors, old));
  if (why !== undefined) return { why };
  return { desks: inTurn || !second ? [bench] : [bench, second], alone: own.alone };
}

/** A file of tests that were there already, to see what any run leaves behind. */
function oldFiles({ tests }: TestRun, files: readonly string[]): string[] {
  const found = tests.find(({ file }) => file !== undefined && !files.includes(file));
  return found?.file === undefined ? [] : [found.file];
}
