import { unknown, type Variant } from '../../schema/model.ts';
import type { LedgerEntry } from './ledger.ts';

const keptSamples = 50;
const fewestSamples = 3;
const smallestPrompt = 200;

/** How many tokens of a variant go on one of ours: the median for estimates, the highest for bounds. */
export type Factor = NonNullable<Variant['tokenFactor']>;

export const plainFactor: Factor = { likely: 1, high: 1.08, samples: 0 };

/** What the usage of former requests says about a variant. One to one until three replies have told. */
export function learnFactor(entries: readonly LedgerEntry[], variant: string): Factor {
  const ratios = entries
    .flatMap(({ variant: of, inputTokens, countedTokens }) =>
      of === variant && inputTokens !== unknown && countedTokens !== undefined && countedTokens >= smallestPrompt
        ? [inputTokens / countedTokens]
        : [],
    )
    .filter((ratio) => ratio > 0.5 && ratio < 2)
    .slice(-keptSamples)
    .sort((a, b) => a - b);
  const median = ratios[ratios.length >> 1];
  const highest = ratios.at(-1);
  if (ratios.length < fewestSamples || median === undefined || highest === undefined) return { ...plainFactor, samples: ratios.length };
  return { likely: median, high: Math.max(1.005, highest * 1.01), samples: ratios.length };
}

/** The variants, each with the factor that its former requests have told. */
export function withFactors(variants: readonly Variant[], entries: readonly LedgerEntry[]): readonly Variant[] {
  return variants.map((variant) => {
    const tokenFactor = learnFactor(entries, variant.id);
    return tokenFactor.samples < fewestSamples ? variant : { ...variant, tokenFactor };
  });
}
