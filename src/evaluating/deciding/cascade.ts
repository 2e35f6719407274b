import type { Standing } from '../../schema/evaluation.ts';
import { type Amount, unknown } from '../../schema/model.ts';

export type Chosen = { readonly variants: readonly string[]; readonly why: string };

type Tried = { readonly variant: string; readonly share: number; readonly usd: number };

/**
 * The first variant that meets the bar, and before it those cheaper ones that pay for themselves: a proof tells whether the cheap answer
 * will do, so that the dearer one is asked about the rest alone. Undefined: none meets the bar.
 */
export function chooseCascade(standings: readonly Standing[]): Chosen | undefined {
  const at = standings.findIndex(({ standing }) => standing === 'meets');
  const last = standings[at] && triedOf(standings[at]);
  if (!standings[at]) return undefined;
  const alone = { variants: [standings[at].variant], why: `${standings[at].variant} is the cheapest that meets the bar` };
  if (!last) return alone;
  const cheaper = standings.slice(0, at).flatMap((one) => triedOf(one) ?? []);
  const plans = subsets(cheaper).map((before) => ({ before, usd: costOf([...before, last]) }));
  const best = plans.reduce((least, plan) => (plan.usd < least.usd - 1e-12 ? plan : least), {
    before: [] as const satisfies Tried[],
    usd: last.usd,
  });
  if (best.before.length === 0) return alone;
  const names = best.before.map(({ variant }) => variant);
  return {
    variants: [...names, last.variant],
    why: `${last.variant} is the cheapest that meets the bar; asking ${names.join(', then ')} first lowers the cost of a bug from ${usd(last.usd)} to ${usd(best.usd)}`,
  };
}

const usd = (amount: number) => `$${amount.toFixed(4)}`;

function triedOf({ variant, tried, solved, costUsd }: Standing): Tried | undefined {
  const each: Amount = tried === 0 ? unknown : costUsd;
  return each === unknown ? undefined : { variant, share: solved / tried, usd: each / tried };
}

/** Of one bug. What a cheaper variant has not solved is asked of the next; that they solve different bugs is not counted on. */
function costOf(steps: readonly Tried[]): number {
  let open = 1;
  let total = 0;
  for (const { share, usd: each } of steps) {
    total += open * each;
    open = Math.min(open, 1 - share);
  }
  return total;
}

function subsets(items: readonly Tried[]): Tried[][] {
  const all: Tried[][] = [[]];
  for (const item of items) all.push(...all.map((one) => [...one, item]));
  return all;
}
