/** One replacement in one line: what stands at `at`, and what stands there instead. */
export type Swap = { readonly at: number; readonly from: string; readonly to: string };

/** `code` is the line with its strings and comments blanked out, of the same length. */
export type Mutator = (code: string, path: string) => Swap[];

/** A mutator that swaps each of these words or signs for another. */
export function swapping(pattern: RegExp, pairs: Readonly<Record<string, string>>): Mutator {
  return (code) =>
    [...code.matchAll(pattern)].flatMap((match) => {
      const to = pairs[match[0]];
      return to === undefined ? [] : [{ at: match.index, from: match[0], to }];
    });
}
