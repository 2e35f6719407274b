import type { Reply, Variant } from '../../schema/model.ts';

/** The one thing to do about an outcome, once. Undefined: nothing helps, or it is no failure. */
export type Remedy =
  | { readonly kind: 'more_tokens'; readonly maxTokens: number }
  | { readonly kind: 'smaller_context' }
  | { readonly kind: 'ask_again'; readonly say: string };

/** A patch with its thoughts needs at least this much room. */
const roomForPatch = 32_000;

/** What may be tried after a reply that came of a request with this `maxTokens`. Bounded by the caller: each kind once. */
export function remedyOf(outcome: Reply['outcome'], maxTokens: number, variant: Variant): Remedy | undefined {
  const more = Math.min(variant.maxOutputTokens, Math.max(roomForPatch, maxTokens * 2));
  switch (outcome) {
    case 'length':
    case 'empty':
      return more > maxTokens ? { kind: 'more_tokens', maxTokens: more } : undefined;
    case 'context_exceeded':
      return { kind: 'smaller_context' };
    case 'incomplete_stream':
      return { kind: 'ask_again', say: '' };
    case 'tool_markup_leak':
      return { kind: 'ask_again', say: 'There are no tools here. Answer in plain text, in the form that was asked for.' };
    case 'wrong_language':
      return { kind: 'ask_again', say: 'Write the explanation in the language that was asked for.' };
    case 'complete':
    case 'filtered':
    case 'over_cap':
      return undefined;
  }
}
