import type { Shown } from '../context/rank/lift.ts';
import type { Blame, Values } from '../schema/cause.ts';

/**
 * How likely a repair changes a line of the first places. Beside a tree that is good they lead; beside other tests, which are other calls,
 * they count where words and imports say the same, for else they lead away from wide repairs (`bench/run.mjs cause`).
 */
const values = { trees: { first: true, chances: [0.6, 0.35, 0.2] }, tests: { first: false, chances: [0.35, 0.25, 0.15] } } as const;

/** Hunks whose undo turns failing tests green. */
export function placesOfBlame(blame: Blame | undefined): Shown[] {
  const chance = blame?.undo ? 0.9 : 0.5;
  return (blame?.hunks ?? []).map(({ path, line, endLine }) => ({ path, line, endLine, why: blame?.why ?? '', chance, first: true }));
}

/** The first places of the values, those that say most. */
export function placesOfValues(seen: Values | undefined, beside: keyof typeof values): Shown[] {
  const { first, chances } = values[beside];
  return chances.flatMap((chance, at) => {
    const one = seen?.divergences[at];
    return one ? [{ path: one.path, line: one.line, endLine: one.line, why: one.why, chance, first }] : [];
  });
}
