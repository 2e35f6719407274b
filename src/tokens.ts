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
