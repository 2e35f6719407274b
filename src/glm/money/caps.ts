import { GlmError } from '../../errors.ts';
import { type Amount, type Prices, unknown } from '../../schema/model.ts';
import { countedUsd, type LedgerEntry } from './ledger.ts';
import type { Shared } from './shared-limits.ts';

/**
 * Why a request that may cost up to `highUsd` must not be sent under a cap for the day (UTC), or undefined. What the day has cost counts
 * as paid where known and at its upper estimate where not. Throws `price_unknown` when a cap is set that cannot be held.
 */
export function overDailyCap(
  capUsd: number | undefined,
  highUsd: Amount,
  entries: readonly LedgerEntry[],
  now: number,
): string | undefined {
  if (capUsd === undefined) return undefined;
  const highest = priced(highUsd);
  const spent = spentOn(entries, new Date(now).toISOString().slice(0, 10));
  return spent + highest <= capUsd ? undefined : refusal(highest, spent, capUsd);
}

/** An account that all machines count together, and what may be on it. */
export type SharedCap = { readonly account: string; readonly capUsd: number };

/** The same where the day is counted over all machines: what fits has been entered when this returns, under all caps or none. */
export async function overSharedCaps(
  caps: readonly SharedCap[],
  highUsd: Amount,
  id: string,
  shared: Pick<Shared, 'reserve' | 'settle'> | undefined,
): Promise<string | undefined> {
  const entered: string[] = [];
  for (const { account, capUsd } of caps) {
    const highest = priced(highUsd);
    const answer = await shared?.reserve(account, id, highest, capUsd);
    if (answer && !answer.fits) {
      for (const one of entered) await shared?.settle(one, id, 0);
      return refusal(highest, answer.sum, capUsd);
    }
    entered.push(account);
  }
  return undefined;
}

function priced(highUsd: Amount): number {
  if (highUsd !== unknown) return highUsd;
  throw new GlmError('price_unknown', 'A daily cap is set, but the price of this variant is not known.', {
    hint: 'Give the price with --price, choose a variant with a known one, or lift the cap.',
  });
}

function refusal(highUsd: number, spent: number, capUsd: number): string {
  return `The request may cost $${highUsd.toFixed(4)} on top of the $${spent.toFixed(4)} of today, more than the daily cap of $${capUsd}.`;
}

/** What a day (`2026-11-20`) counts for in USD. Requests whose price was never known cannot be counted. */
export function spentOn(entries: readonly LedgerEntry[], day: string): number {
  const amounts = entries.filter(({ at }) => at.startsWith(day)).map(countedUsd);
  return amounts.reduce((sum: number, amount) => (amount === unknown ? sum : sum + amount), 0);
}

/** Reads a price as `--price` takes it: USD per 1M tokens as `input/output[/cache read]`, commas do too. Throws `bad_input`. */
export function readPrice(text: string): Prices {
  const parts = text.split(/[,/]/).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [input, output, cacheRead = unknown] = parts;
  const wrong = parts.length > 3 || parts.some((part) => !Number.isFinite(part) || part < 0);
  if (wrong || input === undefined || output === undefined) {
    throw new GlmError('bad_input', `"${text}" is no price.`, {
      hint: 'Give INPUT/OUTPUT[/CACHE_READ] in USD per 1M tokens, such as 0.3/1.1/0.06.',
    });
  }
  return { input, output, cacheRead, cacheWrite: unknown, source: 'given with --price', date: 'today' };
}
