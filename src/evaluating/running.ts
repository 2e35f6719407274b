import { z } from 'zod';
import type { Ask, Variant } from '../schema/model.ts';
import { Amount, unknown } from '../schema/model.ts';
import type { Report, Status } from '../schema/report.ts';
import type { Verdict } from './deciding/sequential.ts';
import { addAmounts } from './prices.ts';

/** A variant and who is asked for it. */
export type Column = { readonly variant: Variant; readonly ask: Ask };

/** What became of one bug with one variant. `aside`: nothing was asked, because the bug does not show here as it did; it counts for nobody. */
export const Ran = z.object({
  outcome: z.enum(['solved', 'failed', 'aside']),
  strong: z.boolean(),
  why: z.string(),
  detail: z.string(),
  costUsd: Amount,
  tokensIn: Amount,
  tokensOut: Amount,
  seconds: z.number(),
});
export type Ran = z.infer<typeof Ran>;

/** Results in the order of the bugs; absent: not tried. `verdict` is that of the longest beginning without a gap. */
export type Tried = {
  readonly results: ReadonlyMap<string, Ran>;
  readonly prefix: readonly { readonly id: string; readonly ran: Ran }[];
  readonly low: number;
  readonly high: number;
  readonly total: number;
  readonly verdict: Verdict;
  readonly capped: boolean;
};

const words: Readonly<Partial<Record<Status, string>>> = {
  improves: 'some of the tests stay red',
  no_effect: 'the patch changes nothing about the red tests',
  regresses: 'the patch breaks something else',
  unverifiable: 'it cannot be proven',
  not_applied: 'the patch does not fit or is refused',
  no_answer: 'no usable answer',
  timeout: 'the time was up',
  over_cap: 'the money put aside for it was used up',
};

/** Reads the report of `fix`. Undefined: the cap stood in the way, and the bug is still to be tried. */
export function readRan({ status, summary, attempts = [], proof, costUsd = 0 }: Report, seconds: number): Ran | undefined {
  // The daily cap, or not even the first request; what was used up in later rounds is a result.
  const last = attempts.at(-1);
  if (status === 'over_cap' && (last === undefined || last.outcome === 'over_cap')) return undefined;
  const sum = (of: (usage: (typeof attempts)[number]['usage']) => Amount) =>
    attempts.reduce<Amount>((total, { usage }) => addAmounts(total, of(usage)), 0);
  return {
    outcome: status === 'verified' ? 'solved' : attempts.length === 0 ? 'aside' : 'failed',
    strong: proof?.grade === 'strong',
    why: words[status] ?? status.replaceAll('_', ' '),
    detail: summary.slice(0, 300),
    costUsd,
    tokensIn: sum(({ inputTokens }) => inputTokens),
    tokensOut: sum(({ outputTokens }) => outputTokens),
    seconds,
  };
}

/** What a bug cost, where it is not known: what was put aside for it. */
export function paidOf({ costUsd }: Pick<Ran, 'costUsd'>, reserved: number): number {
  return costUsd === unknown ? reserved : costUsd;
}
