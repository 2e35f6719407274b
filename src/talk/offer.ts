import { GlmError } from '../errors.ts';
import { estimate } from '../glm/money/estimate.ts';
import { plainFactor } from '../glm/money/factor.ts';
import { climb, findVariant } from '../glm/money/variants.ts';
import { defaults } from '../schema/input.ts';
import type { Estimate, Variant } from '../schema/model.ts';

/** Room for thinking and a patch: thinking counts against the limit, and a reply cut at it is worth nothing. */
const replyTokens = 24_000;
const promptOverheadTokens = 900;
/** What an estimate may be short of at least; the request itself is bounded by its text. */
const leastMargin = 1.12;

/** What would be asked, of whom, and what it may cost. Nothing has been sent. */
export type Offer = { readonly variants: readonly Variant[]; readonly maxTokens: number; readonly estimate: Estimate };

/** The variants that were asked for: by ID, several joined by commas in the order of asking, or those that `auto` climbs. Throws `unknown_variant`. */
export function chooseVariants(asked: string | undefined, listed: readonly Variant[] = []): readonly Variant[] {
  const choose = (id: string) => {
    const known = findVariant(
      id,
      listed.map((one) => one.id),
    );
    return listed.find((one) => one.id === known.id) ?? known;
  };
  return asked === 'auto' ? climb.map(choose) : (asked ?? defaults.variant).split(',').filter(Boolean).map(choose);
}

/**
 * Prices a context of so many cl100k tokens for the first variant that will be asked, with what its former usage has taught.
 * `cachedTokens` of it were sent before. Throws `bad_input` where the window is too small for it.
 */
export function makeOffer(tokens: number, variants: readonly Variant[], maxTokens: number | undefined, cachedTokens?: number): Offer {
  const [first] = variants;
  if (!first) throw new GlmError('bad_input', 'No variant was named.');
  const factor = first.tokenFactor ?? plainFactor;
  const counted = tokens + promptOverheadTokens;
  const promptTokens = Math.ceil(counted * factor.likely);
  const highTokens = Math.ceil(counted * Math.max(leastMargin, factor.high));
  const limit = Math.min(maxTokens ?? replyTokens, first.maxOutputTokens);
  if (promptTokens + limit > first.contextTokens) {
    throw new GlmError(
      'bad_input',
      `${promptTokens} tokens of prompt and ${limit} of reply do not fit the ${first.contextTokens} of ${first.id}.`,
      {
        hint: 'Lower the budget or max_tokens, or choose a variant with a larger window.',
      },
    );
  }
  return {
    variants,
    maxTokens: limit,
    estimate: estimate(first, promptTokens, first.prices, { highTokens, maxTokens: limit, cachedTokens }),
  };
}

/**
 * Why a request may not be sent under a spend cap in USD, or undefined. What it may cost at most counts, on top of what was spent.
 * Throws `price_unknown` when a cap is set and the price is not known.
 */
export function overCap(offer: Estimate, spentUsd: number, capUsd: number | undefined): string | undefined {
  if (capUsd === undefined) return undefined;
  const high = offer.usd.high;
  if (high === 'unknown') {
    throw new GlmError('price_unknown', `A cap of $${capUsd} is set, but the price of ${offer.variant} is not known.`, {
      hint: 'Choose a variant with a known price, or lift the cap.',
    });
  }
  if (spentUsd + high <= capUsd) return undefined;
  return `The next request may cost $${high.toFixed(4)}${spentUsd > 0 ? ` on top of $${spentUsd.toFixed(4)} spent` : ''}, more than the cap of $${capUsd}.`;
}
