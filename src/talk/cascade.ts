import { checkStopped, GlmError } from '../errors.ts';
import { fixMessages } from '../glm/prompts/prompt.ts';
import type { Prover } from '../proof/types.ts';
import type { Context, ManifestEntry } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import type { Ask, Message, Variant } from '../schema/model.ts';
import type { Redactor } from '../schema/redactor.ts';
import type { Failure, TestRun } from '../schema/run.ts';
import { countTokens } from '../tokens/tokens.ts';
import { type CascadeResult, conclude, type Tried } from './conclude.ts';
import { atCap, type Halt } from './ending.ts';
import { makeOffer, type Offer } from './offer.ts';
import { startTalk } from './talk.ts';
import { goOn, nextTurn, nextVariant, type Reopened, startTurn, type Table, type Turn, takeTurn } from './turn.ts';

export type CascadeRequest = {
  readonly context: Context;
  readonly failure: Failure;
  /** All that is asked for; absent: that one. */
  readonly failures?: readonly Failure[] | undefined;
  readonly run: Pick<TestRun, 'command'>;
  readonly prover: Prover;
  readonly redactor: Redactor;
  readonly offer: Offer;
  /** Rounds in all. With several variants they are shared out, the cheapest first. */
  readonly attempts: number;
  readonly capUsd?: number | undefined;
  /** On the clock of `deps.now`: no round begins after it. */
  readonly untilMs?: number | undefined;
  readonly language?: string | undefined;
  /** Packs again, smaller, when a gateway says that the request was too long; undefined where it gets no smaller. */
  readonly smaller?: (() => Promise<Context | undefined>) | undefined;
  /** Packs what ranks next, when a round failed. */
  readonly widen?: Table['widen'];
};

/** What of the repository went with later requests than the first. */
type Later = { readonly later: readonly ManifestEntry[] };

/**
 * Ask, place, judge, prove; on failure say what the model needs to know and ask again, until a patch is verified, the attempts are used
 * up or the money is. The best attempt is kept.
 */
export async function cascade(request: CascadeRequest, deps: Omit<Deps, 'ask'> & { readonly ask: Ask }): Promise<CascadeResult & Later> {
  const { offer } = request;
  const talk = startTalk(
    { variants: offer.variants, maxTokens: offer.maxTokens, capUsd: request.capUsd, language: request.language },
    deps,
  );
  const table = { ...request, talk, reopen: () => reopen(request) };
  const plan = schedule(offer.variants, request.attempts);
  const tried: Tried[] = [];
  const opening = openingOf(request, request.context);
  let turn = startTurn(opening, opening, offer.maxTokens, request.context.manifest.entries);
  const end = (halt?: Halt) => ({ ...conclude(tried, talk, halt), later: turn.sent.filter(({ round }) => round !== undefined) });
  for (let at = 0; at < plan.length; ) {
    checkStopped(deps.signal);
    const variant = plan[at];
    if (!variant) break;
    const climbs = plan[at + 1]?.id !== variant.id;
    const room = roomIn(variant, turn);
    if (!room) {
      at++;
      if (climbs) turn = nextVariant(turn, turn.messages, offer.maxTokens, turn.sent);
      continue;
    }
    if (deps.now() >= (request.untilMs ?? Number.POSITIVE_INFINITY)) return end(outOfTime(tried.length));
    const say = `Asking ${variant.id} (attempt ${at + 1} of ${plan.length})`;
    const heard = await takeTurn(turn, { variant, room, say }, table);
    if (heard) tried.push(heard.tried);
    const refused = talk.refused();
    if (!heard || refused !== undefined) return end(atCap(refused ?? ''));
    const verdict = heard.tried.proof?.verdict;
    if (verdict === 'verified' || verdict === 'unverifiable') break;
    const same = await goOn(turn, heard, { variant, room }, table);
    if (same) turn = same;
    else if (++at < plan.length) turn = await nextTurn(turn, heard, climbs, offer.maxTokens, table);
  }
  return end();
}

function outOfTime(rounds: number): Halt {
  return {
    status: 'timeout',
    summary: `The time is up after ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; no further one was begun.`,
    next: ['Raise max_time, or narrow the tests.'],
  };
}

async function reopen(request: CascadeRequest): Promise<Reopened | undefined> {
  const context = await request.smaller?.();
  return context && { opening: openingOf(request, context), entries: context.manifest.entries };
}

const mostFailing = 12;

function openingOf({ failure, failures = [failure], run, redactor, language }: CascadeRequest, context: Context): readonly Message[] {
  const failing = failures.slice(0, mostFailing).map((one) => ({ ...one, message: redactor.redact(one.message).text }));
  return fixMessages(context, { failing, command: run.command, language });
}

/** Which variant is asked in which round: the cheapest first, each its share; with few rounds, as far as they reach. */
export function schedule(variants: readonly Variant[], rounds: number): Variant[] {
  const share = Math.max(rounds, variants.length) / variants.length;
  return Array.from({ length: rounds }, (_, round) => variants[Math.floor(round / share)]).filter((variant) => variant !== undefined);
}

/** Undefined: what has been said so far does not fit this variant's window; a later one may have a larger one. */
function roomIn(variant: Variant, { messages, maxTokens }: Turn): Offer | undefined {
  try {
    return makeOffer(countTokens(messages.map(({ content }) => content).join('\n')), [variant], maxTokens);
  } catch (error) {
    if (error instanceof GlmError && error.code === 'bad_input') return undefined;
    throw error;
  }
}
