import type { FileChange } from '../../schema/patch.ts';
import type { Failure, Suite } from '../../schema/run.ts';
import { ownScope } from '../baseline.ts';
import { stateOf } from '../compare.ts';
import type { Site } from '../site.ts';

/**
 * The last run: in the other folder, without our preload, in the shape of the user's environment. A patch that is green only while it is
 * being proven is red here; then it is said.
 */
export async function runElsewhere(
  { worktree, run }: Site,
  { suite, changes, targets }: { readonly suite: Suite; readonly changes: readonly FileChange[]; readonly targets: readonly Failure[] },
): Promise<string | undefined> {
  await worktree.reset();
  worktree.put(changes);
  const last = await run(suite, { ...ownScope(targets), asUser: true });
  await worktree.reset();
  const first = targets.find((target) => stateOf(target, last, worktree.read) !== 'green');
  return first && `${first.name} is green where the patch is proven and not in a fresh folder under your own environment.`;
}
