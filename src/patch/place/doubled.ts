import type { Problem } from './addition.ts';

export const doubled: Problem = {
  rule: 'doubled',
  message: 'The edit adds a line that stands there already, above or below what it found: show all lines that it replaces.',
};

export const repeated: Problem = {
  rule: 'repeated',
  message:
    'The edit adds a line that stands right beside it already, and was not found with the blank lines at its ends: look where it was put.',
};

/** Lines put in the place of `remove` lines from `at`. */
type Put = { readonly at: number; readonly remove: number; readonly insert: readonly string[] };

const leastSaid = 6;
const mostBlank = 4;

/**
 * Where text was not found as it was written, an added line that its neighbour says too is one that the text to find has left out; where it
 * was not found with the blank lines at its ends, whatever stands beyond such lines.
 */
export function isDoubled(texts: readonly string[], { at, remove, insert }: Put, trimmed: boolean): boolean {
  if (trimmed) {
    const [above, below] = besides(texts, { at, remove });
    const [first, last] = [insert.find(says), insert.findLast(says)];
    if (first !== undefined && (first === above || last === below)) return true;
  }
  const same = (line: string | undefined, beside: string | undefined) =>
    line !== undefined && line.trim().length >= leastSaid && line === beside;
  return same(insert[0], texts[at - 1]) || same(insert.at(-1), texts[at + remove]);
}

const says = (line: string) => line.trim() !== '';

/** The nearest lines above and below that say something. */
function besides(texts: readonly string[], { at, remove }: Omit<Put, 'insert'>): readonly (string | undefined)[] {
  return [texts.slice(Math.max(0, at - mostBlank), at).findLast(says), texts.slice(at + remove, at + remove + mostBlank).find(says)];
}

/** Does one of the new lines stand right beside them already? */
export function repeats(texts: readonly string[], region: Put): boolean {
  const beside = besides(texts, region);
  return region.insert.some((line) => line.trim().length >= leastSaid && beside.includes(line));
}
