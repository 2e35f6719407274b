import { GlmError } from '../errors.ts';
import { findVariant } from '../glm/money/variants.ts';
import { type Amount, type Estimate, unknown, type Variant } from '../schema/model.ts';
import { makeOffer } from '../talk/offer.ts';
import type { Past } from './attempt.ts';

type Terms = { readonly attempts: number; readonly maxTokens: number | undefined };

/** The variants that were named, else all whose price is known; the cheapest first, those without a price last. Throws `unknown_variant`. */
export function chooseColumns(asked: string | undefined, listed: readonly Variant[]): Variant[] {
  const ids = listed.map(({ id }) => id);
  const named = asked?.split(',').map((id) => findVariant(id, ids).id);
  const chosen = named
    ? [...new Set(named)].map((id) => listed.find((one) => one.id === id) ?? findVariant(id, ids))
    : listed.filter(({ prices }) => prices.input !== unknown && prices.output !== unknown);
  return [...chosen].sort(byPrice);
}

/** The cheapest first, those without a price last. */
export function byPrice(a: Variant, b: Variant): number {
  const [first, second] = [weight(a), weight(b)];
  return first === second ? 0 : first - second;
}

/** What a request of usual size costs, for the order. */
function weight({ prices: { input, output } }: Variant): number {
  return input === unknown || output === unknown ? Number.POSITIVE_INFINITY : 32_000 * input + 4_000 * output;
}

/** What one bug would cost of one variant. Undefined: its pack does not fit the window. `high` counts every round at its dearest. */
export function priceOfBug(
  { measures: { tokens } }: Pick<Past, 'measures'>,
  variant: Variant,
  { attempts, maxTokens }: Terms,
): Estimate['usd'] | undefined {
  try {
    const { usd } = makeOffer(tokens, [variant], maxTokens).estimate;
    return { ...usd, high: usd.high === unknown ? unknown : usd.high * attempts };
  } catch (error) {
    if (error instanceof GlmError && error.code === 'bad_input') return undefined;
    throw error;
  }
}

/** What a run over all bugs would cost, said before a cent is spent. */
export function priceOfRun(
  past: readonly Past[],
  variant: Variant,
  terms: Terms,
): { readonly likelyUsd: Amount; readonly highUsd: Amount } {
  const prices = past.map((one) => priceOfBug(one, variant, terms));
  const sum = (of: (usd: Estimate['usd']) => Amount) =>
    prices.reduce<Amount>((total, usd) => addAmounts(total, usd ? of(usd) : unknown), 0);
  return { likelyUsd: sum(({ likely }) => likely), highUsd: sum(({ high }) => high) };
}

export function addAmounts(a: Amount, b: Amount): Amount {
  return a === unknown || b === unknown ? unknown : a + b;
}
