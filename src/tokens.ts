/** Tokens are counted in the cl100k family, which GLM's vocabulary extends; a factor per variant, learnt from usage, covers the rest. */

let encode: ((text: string) => number) | undefined;

/** Loads the vocabulary (some 80 ms, once). Must have ended before `countTokens` is called. */
export async function loadTokens(): Promise<void> {
  if (encode) return;
  const { countTokens: count } = await import('gpt-tokenizer/encoding/cl100k_base');
  encode = (text) => count(text, { disallowedSpecial: new Set() });
}

/** cl100k tokens of `text`, special marks counted as plain text. Exact once `loadTokens` has ended; before it, the estimate. */
export function countTokens(text: string): number {
  return encode ? encode(text) : estimateTokens(Buffer.byteLength(text));
}

/** A first guess from a size in bytes; off by up to a third on a single file. */
export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / 3.6);
}

/**
 * A count that a tokenizer of the family does not exceed: digits one by one, a margin that grows with what is not ASCII, and never more
 * than the bytes, since byte-level BPE cannot. `factor` is what the variant's usage has taught, at least 1.08 is taken.
 */
export function boundTokens(text: string, factor = 1): number {
  const digits = text.match(/\d/g)?.length ?? 0;
  const foreign = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  const single = countTokens(text) + digits - Math.floor(digits / 3);
  return Math.min(Buffer.byteLength(text), Math.ceil(single * Math.max(1.08, factor) + foreign * 0.3) + 1);
}
