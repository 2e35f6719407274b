import { createHash } from 'node:crypto';
import type { Cache } from './schema/context.ts';

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

const key = 'token counts 1';
const mostKept = 100_000;

/** Counts that were made before, so that a repeated pack need not count again. */
export type TokenMemory = { readonly count: (text: string) => number; readonly save: () => void };

/** Opens the memory of exact counts: pairs of doubles, 48 bits of the text's hash and its count. Guesses are not kept. */
export function openTokenMemory(cache: Cache): TokenMemory {
  const stored = cache.get(key);
  const pairs = stored && stored.length % 16 === 0 ? new Float64Array(Uint8Array.from(stored).buffer) : new Float64Array();
  const known = new Map<number, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) known.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  let added = false;
  return {
    count: (text) => {
      const hash = createHash('sha1').update(text).digest().readUIntBE(0, 6);
      const before = known.get(hash);
      if (before !== undefined) return before;
      const tokens = countTokens(text);
      if (encode) {
        known.set(hash, tokens);
        added = true;
      }
      return tokens;
    },
    save: () => {
      if (!added) return;
      const kept = [...known].slice(-mostKept);
      cache.set(key, new Uint8Array(Float64Array.from(kept.flat()).buffer));
    },
  };
}
