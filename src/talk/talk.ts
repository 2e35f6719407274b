import { checkStopped } from '../errors.ts';
import { followUp } from '../glm/prompts/prompt.ts';
import { remedyOf } from '../glm/prompts/remedy.ts';
import type { Deps } from '../schema/deps.ts';
import { type Amount, type Ask, type Message, type Reply, unknown, type Variant } from '../schema/model.ts';
import type { Attempt } from '../schema/report.ts';
import { countTokens } from '../tokens/tokens.ts';
import { makeOffer, type Offer, overCap } from './offer.ts';

export type TalkRequest = {
  readonly variants: readonly Variant[];
  readonly maxTokens: number | undefined;
  readonly capUsd: number | undefined;
  readonly language: string | undefined;
  /** Tokens of the first request that were sent before, hence may be read from the gateway's cache. */
  readonly cachedTokens?: number | undefined;
};

/** `say`: what is told while it is asked. */
type How = { readonly maxTokens?: number | undefined; readonly say?: string | undefined };

/** A priced conversation: every request is checked against the cap first, and every reply is on the bill. */
export type Talk = {
  /** Undefined: it would pass the cap, and nothing was sent; `refused` says so. */
  readonly ask: (messages: readonly Message[], maxTokens?: number) => Promise<Reply | undefined>;
  /** As `ask`, and of what helps against a reply that is none, each thing is tried once. `smaller`: the same, shorter, for as long as it is too long. */
  readonly insist: (messages: readonly Message[], smaller?: () => Promise<readonly Message[] | undefined>) => Promise<Reply | undefined>;
  /** One variant alone. */
  readonly askOne: (variant: Variant, messages: readonly Message[], how?: How) => Promise<Reply | undefined>;
  readonly refused: () => string | undefined;
  /** Says of the last reply what came of it, and gives it as it stands on the bill. */
  readonly note: (came: string | Partial<Attempt>) => Attempt | undefined;
  readonly bill: () => { readonly attempts: Attempt[]; readonly costUsd: Amount };
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
  const askOne: Talk['askOne'] = async (variant, messages, { maxTokens = request.maxTokens, say = `Asking ${variant.id}` } = {}) => {
    checkStopped(deps.signal);
    const offer = priceOf(messages, { ...request, maxTokens, variants: [variant] });
    refused = overCap(offer.estimate, countedUsd, request.capUsd);
    if (refused !== undefined) return undefined;
    deps.tell({ type: 'stage', stage: 'ask', message: say });
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
      ...(reply.unpaid && { unpaid: true }),
      durationMs: deps.now() - started,
      placeFailures: [],
      refusals: [],
      ...(reply.warnings.length > 0 && { note: reply.warnings.join(' ') }),
    });
    if (reply.outcome === 'over_cap') refused = reply.warnings[0] ?? 'The daily cap is reached; nothing was sent.';
    return reply;
  };
  const inTurn = async (one: (variant: Variant) => Promise<Reply | undefined>) => {
    let last: Reply | undefined;
    for (const variant of request.variants) {
      const reply = await one(variant);
      if (reply === undefined || reply.outcome === 'complete' || reply.outcome === 'over_cap') return reply ?? last;
      last = reply;
    }
    return last;
  };
  const insist: Talk['insist'] = (first, smaller) => {
    let opening = first;
    return inTurn(async (variant) => {
      const done = new Set<string>();
      let messages = opening;
      let { maxTokens } = priceOf(messages, { ...request, variants: [variant] });
      for (;;) {
        const reply = await askOne(variant, messages, { maxTokens });
        const remedy = reply && remedyOf(reply.outcome, maxTokens, variant);
        if (!remedy || done.has(remedy.kind)) return reply;
        if (remedy.kind === 'smaller_context') {
          const shorter = await smaller?.();
          if (!shorter) return reply;
          opening = shorter;
          messages = shorter;
          continue;
        }
        done.add(remedy.kind);
        if (remedy.kind === 'more_tokens') ({ maxTokens } = remedy);
        else if (remedy.say !== '') messages = followUp(messages, '', remedy.say);
      }
    });
  };
  return {
    ask: (messages, maxTokens) => inTurn((variant) => askOne(variant, messages, { maxTokens })),
    insist,
    askOne,
    refused: () => refused,
    note: (came) => {
      const last = attempts.pop();
      if (!last) return undefined;
      const told = { ...last, ...(typeof came === 'string' ? { note: [last.note, came].filter(Boolean).join(' ') } : came) };
      attempts.push(told);
      return told;
    },
    bill: () => ({ attempts: [...attempts], costUsd: total() }),
  };
}
