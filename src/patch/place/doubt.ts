import type { Addition, Problem } from './addition.ts';
import { copied } from './copied-marks.ts';
import { elision, likelyElision } from './elision.ts';
import { strangeIndent } from './layout.ts';
import { strangeChars, strangeEntities, strangeEscapes, strangeMarks } from './strange.ts';

/** `problem`: the text cannot have been meant as it stands. `flags`: it may have been, and whoever reads the patch should look. */
export type Doubt = { readonly problem?: Problem | undefined; readonly flags: readonly Problem[] };

/**
 * What speaks against the added text. Text that stands for other text, was plainly copied along with its frame, or holds what no keyboard
 * writes is never placed; no rule of these refused one of thousands of real changes. The others are only likely: what was found exactly
 * is placed as it was written and flagged, and where a place was found by repairing the edit, nothing may be likely.
 */
export function doubt(it: Addition): Doubt {
  const problem = elision(it) ?? copied(it) ?? strangeChars(it);
  if (problem) return { problem, flags: [] };
  const flags = [likelyElision(it), strangeMarks(it), strangeEscapes(it), strangeEntities(it), strangeIndent(it)].filter(
    (one) => one !== undefined,
  );
  return it.exact && !(flags.length > 0 && meansIndent.test(it.path)) ? { flags } : { problem: flags[0], flags: [] };
}

/** Files in which a blank for a tab is another program, and that no test runs. */
const meansIndent = /(?:^|\/)(?:GNUm|[Mm])akefile$|\.mk$/;
