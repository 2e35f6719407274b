import type { Standing } from '../schema/evaluation.ts';
import { type Amount, unknown, type Variant } from '../schema/model.ts';
import { addAmounts } from './prices.ts';
import type { Ran, Tried } from './running.ts';

/** A variant before it is tried. */
export function notTried({ id }: Pick<Variant, 'id'>, price: { readonly likelyUsd: Amount; readonly highUsd: Amount }): Standing {
  return {
    variant: id,
    standing: price.highUsd === unknown ? 'no_price' : 'not_tried',
    ...price,
    tried: 0,
    solved: 0,
    low: 0,
    high: 1,
    strong: 0,
    costUsd: 0,
    tokensIn: 0,
    tokensOut: 0,
    seconds: 0,
    failures: [],
  };
}

/** The same after it was tried. Solved are counted as far as the test has looked; money and time are all that were spent. */
export function standingOf(fresh: Standing, { results, prefix, low, high, total, verdict }: Tried): Standing {
  // In one order, whichever was done first: sums of fractions depend on it.
  const all = [...results].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ran]) => ran);
  if (all.length === 0) return fresh;
  const sum = (of: (ran: Ran) => Amount) => all.reduce<Amount>((whole, ran) => addAmounts(whole, of(ran)), 0);
  const looked = prefix.map(({ ran }) => ran);
  return {
    ...fresh,
    standing: verdict,
    tried: looked.length,
    solved: looked.filter(({ outcome }) => outcome === 'solved').length,
    low: total === 0 ? 0 : low / total,
    high: total === 0 ? 1 : high / total,
    strong: looked.filter(({ outcome, strong }) => outcome === 'solved' && strong).length,
    costUsd: sum(({ costUsd }) => costUsd),
    tokensIn: sum(({ tokensIn }) => tokensIn),
    tokensOut: sum(({ tokensOut }) => tokensOut),
    seconds: all.reduce((whole, { seconds }) => whole + seconds, 0),
    failures: failuresOf(prefix),
  };
}

function failuresOf(prefix: Tried['prefix']): Standing['failures'] {
  const failed = prefix.filter(({ ran }) => ran.outcome === 'failed');
  return [...new Set(failed.map(({ ran }) => ran.why))]
    .map((why) => {
      const same = failed.filter(({ ran }) => ran.why === why);
      return { why, count: same.length, example: `${same[0]?.id}: ${same[0]?.ran.detail.split('\n')[0]}`.slice(0, 200) };
    })
    .sort((a, b) => b.count - a.count);
}
