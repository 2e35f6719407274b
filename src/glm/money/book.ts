import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Folders } from '../../config.ts';
import { openSlots } from '../../process/slots.ts';
import { type Account, type Amount, type AskRequest, type Prices, type Reply, unknown, type Variant } from '../../schema/model.ts';
import { countTokens } from '../../tokens/tokens.ts';
import { boundTokens } from './bound.ts';
import { overDailyCap, overSharedCaps } from './caps.ts';
import { estimate } from './estimate.ts';
import { learnFactor } from './factor.ts';
import { type LedgerEntry, readLedger, recentBytes, writeLedger } from './ledger.ts';
import type { Shared } from './shared-limits.ts';

/** What the chat template adds, per request and per message. */
const requestTokens = 9;
const messageTokens = 3;
/** A reply that may hold less than this is not worth asking for. */
const smallestReply = 256;
export type BookRequest = {
  readonly request: AskRequest;
  readonly variant: Variant;
  readonly prices: Prices;
  readonly host: string;
  readonly folders: Folders;
  /** Where the day is counted over all machines: their account of this gateway key. */
  readonly shared?: (Pick<Shared, 'reserve' | 'settle'> & { readonly place: string }) | undefined;
  readonly dailyCapUsd: number | undefined;
  /** Has a cap of its own, beside that of all. */
  readonly account?: Account | undefined;
  readonly now: () => number;
  readonly signal: AbortSignal;
};

/** A request that may be sent, entered in the ledger; or one that may not, with the reason. */
export type Booking =
  | {
      /** At most what was asked for, lowered until the prompt's bound and the reply fit the window. */
      readonly maxTokens: number;
      /** The id of the entry in the ledger. */
      readonly entry: string;
      readonly warnings: readonly string[];
      /** A word about the money where this request was sent before and its reply was cut off. */
      readonly again: string | undefined;
      readonly finish: (outcome: string, reply?: Pick<Reply, 'usage' | 'cost'>) => Promise<void>;
    }
  | { readonly outcome: 'over_cap' | 'context_exceeded'; readonly message: string };

/** Checks window and daily cap, then enters a request in the ledger before it is sent. */
export async function book(asked: BookRequest): Promise<Booking> {
  const { request, variant, prices, host, folders, shared, dailyCapUsd, account, now, signal } = asked;
  const entries = await readLedger(folders, recentBytes);
  const factor = learnFactor(entries, variant.id);
  const sum = (count: (text: string) => number) =>
    request.messages.reduce((total, { content }) => total + count(content) + messageTokens, requestTokens);
  const countedTokens = sum(countTokens);
  const highTokens = sum((text) => boundTokens(text, factor.high));
  const room = variant.contextTokens - highTokens;
  const maxTokens = Math.min(request.maxTokens, variant.maxOutputTokens, room);
  if (room < Math.min(smallestReply, request.maxTokens)) {
    const message = `The prompt of up to ${highTokens} tokens does not fit the ${variant.contextTokens} of ${variant.id}.`;
    return { outcome: 'context_exceeded', message };
  }
  const warnings =
    maxTokens < request.maxTokens ? [`max_tokens was lowered from ${request.maxTokens} to ${maxTokens} to fit ${variant.id}`] : [];

  const highUsd = estimate(variant, countedTokens, prices, { highTokens, maxTokens }).usd.high;
  const id = `${request.id ?? ''}.${randomBytes(8).toString('hex')}`;
  const entry = { v: 1, type: 'sent', id, at: new Date(now()).toISOString(), variant: request.variant, host, highUsd } as const;
  const begin = () => writeLedger(folders, { ...entry, job: request.job, repo: request.repo, user: account?.name });
  const day = `${shared?.place} ${entry.at.slice(0, 10)}`;
  const caps = [
    { account: `${day} ${account?.name}`, capUsd: account?.dailyUsd },
    { account: day, capUsd: dailyCapUsd },
  ].flatMap(({ account, capUsd }) => (shared && capUsd !== undefined ? [{ account, capUsd }] : []));
  if (dailyCapUsd === undefined && account?.dailyUsd === undefined) await begin();
  else {
    // One at a time, or two processes could both fit under what is left of the day.
    const release = await openSlots(join(folders.state, 'slots', 'ledger'), 1).acquire(signal);
    try {
      const spent = await readLedger(folders, recentBytes);
      const own = spent.filter(({ user }) => user === account?.name);
      const here =
        overDailyCap(shared ? undefined : dailyCapUsd, highUsd, spent, now()) ??
        overDailyCap(shared ? undefined : account?.dailyUsd, highUsd, own, now());
      const message = here ?? (await overSharedCaps(caps, highUsd, id, shared));
      if (message) return { outcome: 'over_cap', message };
      await begin();
    } finally {
      release();
    }
  }
  const begun = now();
  return {
    maxTokens,
    entry: id,
    warnings,
    again: request.id === undefined ? undefined : againOf(request.id, entries, highUsd),
    finish: async (outcome, reply) => {
      // A failed generation is not charged; one that was broken off on our side may be.
      const usd = reply?.cost ?? (outcome === 'stopped' || outcome === 'deadline' || outcome === 'idle' ? unknown : 0);
      await writeLedger(folders, {
        v: 1,
        type: 'done',
        id,
        outcome,
        ...(reply?.usage ?? { inputTokens: unknown, outputTokens: unknown, cachedTokens: unknown }),
        usd,
        durationMs: now() - begun,
        countedTokens,
      });
      if (usd !== unknown) for (const { account } of caps) await shared?.settle(account, id, usd);
    },
  };
}

/** What a request of this name that was cut off before may mean for the bill. */
function againOf(name: string, entries: readonly LedgerEntry[], highUsd: Amount): string | undefined {
  const torn = entries.filter(({ id, usd, outcome }) => id.startsWith(`${name}.`) && usd === unknown && cutOff.has(outcome));
  if (torn.length === 0) return undefined;
  const cost = highUsd === unknown ? 'what it costs is not known' : `up to $${highUsd.toFixed(4)} more`;
  return `the reply to this request was cut off before, so it is asked for again and may be charged twice: ${cost}`;
}

/** Ends of a request that the gateway may have charged all the same. */
const cutOff: ReadonlySet<string> = new Set(['cut_off', 'stopped', 'deadline', 'idle', 'incomplete_stream']);

/** Enters the usage of a reply that a former process received but did not live to enter. */
export async function settle(folders: Folders, id: string, reply: Reply): Promise<void> {
  const entry = (await readLedger(folders)).find((known) => known.id === id);
  if (entry?.outcome !== 'cut_off') return;
  await writeLedger(folders, { v: 1, type: 'done', id, outcome: reply.outcome, ...reply.usage, usd: reply.cost, durationMs: 0 });
}
