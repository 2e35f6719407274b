import { elision } from './elision.ts';
import { strangeIndent } from './layout.ts';
import { copied } from './noise.ts';
import { strangeChars, strangeEscapes, strangeMarks } from './strange.ts';

export type Problem = { readonly rule: string; readonly message: string };

/** Added lines that stand together, between two lines that stay. */
export type Run = { readonly above: string; readonly lines: readonly string[]; readonly below: string };

/** What an edit adds to a file and takes away, with the file's own text and the line (from 0) where the edit stands. */
export type Addition = {
  readonly runs: readonly Run[];
  readonly removed: readonly string[];
  readonly file: readonly string[];
  readonly path: string;
  readonly at: number;
  /** The edit shows lines that stay, as they stand in the file. */
  readonly anchored: boolean;
  /** The text to find stands in the file as it was written, character for character. */
  readonly exact: boolean;
};

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
  const flags = [strangeMarks(it), strangeEscapes(it), strangeIndent(it)].filter((one) => one !== undefined);
  return it.exact && !(flags.length > 0 && meansIndent.test(it.path)) ? { flags } : { problem: flags[0], flags: [] };
}

/** Files in which a blank for a tab is another program, and that no test runs. */
const meansIndent = /(?:^|\/)(?:GNUm|[Mm])akefile$|\.mk$/;
