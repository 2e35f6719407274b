import type { Shown } from '../context/rank/lift.ts';
import type { Blame, Values } from '../schema/cause.ts';

/** How likely a repair changes a line of the first places: beside a tree that is good, and beside other tests, which are other calls. */
const chances = { trees: [0.6, 0.35, 0.2], tests: [0.2, 0.12, 0.08] } as const;

/** Hunks whose undo turns failing tests green. */
export function placesOfBlame(blame: Blame | undefined): Shown[] {
  return (blame?.hunks ?? []).map(({ path, line, endLine }) => ({
    path,
    line,
    endLine,
    why: blame?.why ?? '',
    chance: blame?.undo ? 0.9 : 0.5,
  }));
}

/** The first places of the values, those that say most. */
export function placesOfValues(values: Values | undefined, beside: keyof typeof chances): Shown[] {
  return chances[beside].flatMap((chance, at) => {
    const one = values?.divergences[at];
    return one ? [{ path: one.path, line: one.line, endLine: one.line, why: one.why, chance }] : [];
  });
}
