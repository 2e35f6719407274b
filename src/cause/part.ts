import type { Change, Hunk } from './change.ts';
import { undo } from './change.ts';
import { closureOf } from './links.ts';
import { abreast, type Trials } from './trials.ts';

/** A part of a change that mends some of the red tests when it is taken back, and how many. */
export type Part = { readonly hunks: readonly Hunk[]; readonly passed: number };

/** Each with its own worktree run: more would take longer than it tells. */
const mostTried = 14;

/**
 * Where no tree without the change is green: red tests of the change itself need most of it. Its hunks are then taken back one by one, each with what
 * cannot stand without it, those that the tests run first and small ones before large ones.
 */
export async function findPart(change: Change, order: readonly Hunk[], trials: Trials, failing: number): Promise<Part | undefined> {
  const closure = closureOf(change.hunks);
  const sets = new Map<string, readonly Hunk[]>();
  for (const hunk of order) {
    const set = closure([hunk]);
    const key = set.map(({ path, line }) => `${path}:${line}`).join('\0');
    if (set.length <= Math.max(1, change.hunks.length / 2) && !sets.has(key)) sets.set(key, set);
  }
  const wanted = [...sets.values()].slice(0, mostTried);
  let best: Part | undefined;
  for (let at = 0; at < wanted.length; at += abreast) {
    const tried = await Promise.all(
      wanted.slice(at, at + abreast).map(async (hunks): Promise<Part | undefined> => {
        const changes = undo(hunks, trials.read);
        return changes && changes.length > 0 ? { hunks, passed: (await trials.attempt(changes)).passed } : undefined;
      }),
    );
    for (const one of tried) if (one && one.passed > (best?.passed ?? 0)) best = one;
    if (best?.passed === failing) return best;
  }
  return best;
}
