import type { Notes } from './notes.ts';

/** Tokens are counted in the cl100k family, which GLM's vocabulary extends; a factor per variant, learnt from usage, covers the rest. */

let encode: ((text: string) => number) | undefined;

/** Loads the vocabulary (some 80 ms, once). Must have ended before `countTokens` is exact. */
export async function loadTokens(): Promise<void> {
  if (encode) return;
  const { countTokens: count } = await import('gpt-tokenizer/encoding/cl100k_base');
  encode = (text) => count(text, { disallowedSpecial: new Set() });
}

/** cl100k tokens of `text`, special marks counted as plain text. Exact once `loadTokens` has ended; before it, the estimate. */
export function countTokens(text: string): number {
  return encode ? countShort(text, encode) : estimateTokens(Buffer.byteLength(text));
}

const longRun = /\p{L}{400,}|\s{400,}|[^\s\p{L}\p{N}]{400,}/gu;
const pieceChars = 200;

/** The encoder takes quadratic time on a run without a break (37 s for 100 kB of one letter): such a run is counted in pieces, at most one token more each. */
function countShort(text: string, count: (text: string) => number): number {
  let total = 0;
  let from = 0;
  for (const { 0: run, index } of text.matchAll(longRun)) {
    total += count(text.slice(from, index));
    for (let at = 0; at < run.length; at += pieceChars) total += count(run.slice(at, at + pieceChars));
    from = index + run.length;
  }
  return total + count(text.slice(from));
}

/** A first guess from a size in bytes; off by up to a third on a single file. */
export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / 3.6);
}

/** Counts that were made before, so that a repeated pack need not count again, nor load the vocabulary. */
export type TokenMemory = {
  readonly count: (text: string) => number /** Whether a count was asked for that is only a guess. */;
  readonly guessed: () => boolean;
};

/** Remembers exact counts among the notes, by the text's digest. Guesses are not noted. */
export function rememberTokens(notes: Notes): TokenMemory {
  let guessed = false;
  return {
    guessed: () => guessed,
    count: (text) => {
      const key = `tokens ${text}`;
      const known = notes.get(key);
      if (known !== undefined) return Number(known);
      const tokens = countTokens(text);
      if (encode) notes.set(key, String(tokens));
      else guessed = true;
      return tokens;
    },
  };
}
