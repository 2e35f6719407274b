import { checkStopped } from '../errors.ts';
import type { Deps } from '../schema/deps.ts';
import { type Amount, type Ask, type Message, type Reply, unknown, type Variant } from '../schema/model.ts';
import type { Attempt, Report } from '../schema/report.ts';
import { countTokens } from '../tokens/tokens.ts';
import { cheaper, makeOffer, type Offer, overCap } from './offer.ts';

export type TalkRequest = {
  readonly variants: readonly Variant[];
  readonly maxTokens: number | undefined;
  readonly capUsd: number | undefined;
  readonly language: string | undefined;
  /** Tokens of the first request that were sent before, hence may be read from the gateway's cache. */
  readonly cachedTokens?: number | undefined;
};

/** A priced conversation: every request is checked against the cap first, and every reply is on the bill. */
export type Talk = {
  /** Undefined: it would pass the cap, and nothing was sent; `refused` says so. */
  readonly ask: (messages: readonly Message[], maxTokens?: number) => Promise<Reply | undefined>;
  readonly refused: () => string | undefined;
  /** Says of the last reply what came of it. */
  readonly note: (note: string) => void;
  readonly bill: () => Pick<Report, 'attempts' | 'costUsd'>;
};

/** What the first request would cost. Throws `bad_input` where it does not fit the window. */
export function priceOf(
  messages: readonly Message[],
  { variants, maxTokens, cachedTokens }: Pick<TalkRequest, 'variants' | 'maxTokens' | 'cachedTokens'>,
): Offer {
  return makeOffer(countTokens(messages.map(({ content }) => content).join('\n')), variants, maxTokens, cachedTokens);
}

/** With several variants, the next is asked where the one before gave no complete reply. */
export function startTalk(request: TalkRequest, deps: Omit<Deps, 'ask'> & { readonly ask: Ask }): Talk {
  const attempts: Attempt[] = [];
  let refused: string | undefined;
  // Counts against the cap: what was paid, else what it may have cost at most.
  let countedUsd = 0;
  const total = (): Amount =>
    attempts.reduce<Amount>((sum, { costUsd }) => (sum === unknown || costUsd === unknown ? unknown : sum + costUsd), 0);
  const askOne = async (variant: Variant, messages: readonly Message[], maxTokens = request.maxTokens): Promise<Reply | undefined> => {
    checkStopped(deps.signal);
    const offer = priceOf(messages, { ...request, maxTokens, variants: [variant] });
    refused = overCap(offer.estimate, countedUsd, request.capUsd);
    if (refused !== undefined) return undefined;
    deps.tell({ type: 'stage', stage: 'ask', message: `Asking ${variant.id}` });
    const started = deps.now();
    const reply = await deps.ask(
      { variant: variant.id, prices: variant.prices, messages, maxTokens: offer.maxTokens, language: request.language },
      deps,
    );
    const { high } = offer.estimate.usd;
    countedUsd += reply.cost === unknown ? (high === unknown ? 0 : high) : reply.cost;
    attempts.push({
      number: attempts.length + 1,
      variant: variant.id,
      model: reply.model,
      outcome: reply.outcome,
      usage: reply.usage,
      costUsd: reply.cost,
      durationMs: deps.now() - started,
      placeFailures: [],
      refusals: [],
      ...(reply.warnings.length > 0 && { note: reply.warnings.join(' ') }),
    });
    if (reply.outcome === 'over_cap') refused = reply.warnings[0] ?? 'The daily cap is reached; nothing was sent.';
    return reply;
  };
  return {
    ask: async (messages, maxTokens) => {
      let last: Reply | undefined;
      for (const variant of request.variants) {
        const reply = await askOne(variant, messages, maxTokens);
        if (reply === undefined || reply.outcome === 'complete' || reply.outcome === 'over_cap') return reply ?? last;
        last = reply;
      }
      return last;
    },
    refused: () => refused,
    note: (note) => {
      const last = attempts.pop();
      if (last) attempts.push({ ...last, note: [last.note, note].filter(Boolean).join(' ') });
    },
    bill: () => ({ attempts: [...attempts], costUsd: total() }),
  };
}

/** What ends a use before or instead of an answer: no key, over the cap, or no usable reply. */
export function ending(packed: Report, talk: Talk | undefined, reply?: Reply): Report {
  const told = { ...packed, ...talk?.bill() };
  const refused = talk?.refused();
  if (refused !== undefined)
    return {
      ...told,
      status: 'over_cap',
      summary: refused,
      next: cheaper,
    };
  if (talk)
    return {
      ...told,
      status: 'no_answer',
      summary: `No usable answer (${reply?.outcome ?? 'none'}).`,
      next: ['Try another variant, or raise max_tokens.'],
    };
  return {
    ...told,
    status: 'needs_key',
    summary: 'No RunAPI key was found, so GLM was not asked; here is all that it would have been told.',
    next: [
      'Set RUNAPI_API_KEY (keys: https://runapi.ai/api_keys) and call again, or',
      `answer it yourself: the whole context is in ${packed.contextFile ?? 'the job'}`,
    ],
  };
}
