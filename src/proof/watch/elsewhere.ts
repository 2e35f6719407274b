import type { FileChange, TamperFlag } from '../../schema/patch.ts';
import type { Failure, Suite } from '../../schema/run.ts';
import { ownScope } from '../baseline.ts';
import { stateOf } from '../compare.ts';
import type { Site } from '../site.ts';
import { replaced, type Seen } from './watch.ts';

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

/** What only a look from outside can tell of a patch. */
export function watchFlags(before: Seen, after: Seen, runner: string): TamperFlag[] {
  const names = replaced(before, after);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  // Vitest ends its workers itself, at any moment.
  const ended = after.lost && !before.lost && runner !== 'vitest';
  return [
    ...(names.length > 0
      ? [{ path: '', flag: 'functions_replaced', message: `with the patch, ${names.slice(0, 3).join(', ')}${more} are not what they were` }]
      : []),
    ...(ended ? [{ path: '', flag: 'process_ended', message: 'with the patch, a process ends before its time' }] : []),
  ];
}
