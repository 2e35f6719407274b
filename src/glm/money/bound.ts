import { countTokens } from '../../tokens/tokens.ts';

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
