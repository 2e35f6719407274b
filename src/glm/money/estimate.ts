import { type Amount, type Estimate, type Prices, type Usage, unknown, type Variant } from '../../schema/model.ts';

/** What a patch with its root cause takes, in tokens: thinking is most of it. Corrected by what the ledger learns. */
const outputTokens = { low: 600, likely: 4_000, high: 16_000 } as const;

export type EstimateOptions = {
  /** Upper bound of the prompt, never below the true count; default 12 % above `promptTokens`. */
  readonly highTokens?: number | undefined;
  /** Limit of the reply as it will be sent. */
  readonly maxTokens?: number | undefined;
  /** How much of the prompt a former request had as its beginning, hence may be read from the gateway's cache. */
  readonly cachedTokens?: number | undefined;
};

/**
 * What one request would cost in USD, said before it is sent. Low: the cached part at the cache price and a short reply; high: nothing
 * cached and a reply as long as allowed. Unknown prices stay unknown.
 */
export function estimate(variant: Variant, promptTokens: number, prices: Prices = variant.prices, options: EstimateOptions = {}): Estimate {
  const limit = Math.min(options.maxTokens ?? outputTokens.high, variant.maxOutputTokens);
  const input = {
    low: promptTokens,
    likely: promptTokens,
    high: Math.max(promptTokens, options.highTokens ?? Math.ceil(promptTokens * 1.12)),
  };
  const output = { low: Math.min(outputTokens.low, limit), likely: Math.min(outputTokens.likely, limit), high: limit };
  const cached = Math.min(options.cachedTokens ?? 0, promptTokens);
  const usd = (inputTokens: number, out: number, cachedTokens: number) => costOf({ inputTokens, outputTokens: out, cachedTokens }, prices);
  return {
    variant: variant.id,
    inputTokens: input,
    outputTokens: output,
    usd: { low: usd(input.low, output.low, cached), likely: usd(input.likely, output.likely, 0), high: usd(input.high, output.high, 0) },
    priceSource: prices.source,
    priceDate: prices.date,
  };
}

/** USD for what was used, or unknown as soon as one figure that matters is. Cached tokens are part of the input and cheaper. */
export function costOf(usage: Usage, prices: Prices): Amount {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === unknown || outputTokens === unknown || prices.input === unknown || prices.output === unknown) return unknown;
  const cached = usage.cachedTokens === unknown ? 0 : Math.min(usage.cachedTokens, inputTokens);
  const cachePrice = prices.cacheRead === unknown ? prices.input : prices.cacheRead;
  return ((inputTokens - cached) * prices.input + cached * cachePrice + outputTokens * prices.output) / 1_000_000;
}
