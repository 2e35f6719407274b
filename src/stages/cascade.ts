import { checkStopped, GlmError } from '../errors.ts';
import { readAnswer } from '../glm/answer.ts';
import { fixMessages, followUp } from '../glm/prompt.ts';
import { remedyOf } from '../glm/remedy.ts';
import type { Redactor } from '../safety/redact.ts';
import type { Context } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import { type Ask, type Message, type Reply, unknown, type Variant } from '../schema/model.ts';
import type { Attempt, Verdict } from '../schema/report.ts';
import type { Failure, TestRun } from '../schema/run.ts';
import { countTokens, loadTokens } from '../tokens.ts';
import { type CascadeResult, conclude, spent, type Tried } from './conclude.ts';
import { serveNeeds } from './needs.ts';
import { makeOffer, type Offer, overCap } from './offer.ts';
import type { Prover } from './prove.ts';
import { type Round, tryEdits } from './round.ts';

export type CascadeRequest = {
  readonly context: Context;
  readonly failure: Failure;
  readonly run: Pick<TestRun, 'command'>;
  readonly prover: Prover;
  readonly redactor: Redactor;
  readonly offer: Offer;
  /** Rounds in all. With several variants they are shared out, the cheapest first. */
  readonly attempts: number;
  readonly capUsd?: number | undefined;
  readonly language?: string | undefined;
  /** Packs again, smaller, when a gateway says that the request was too long. */
  readonly repack?: (() => Promise<Context>) | undefined;
};

type Needs = Omit<Deps, 'ask'> & { readonly ask: Ask };
const mostNeeds = 2;

/**
 * Ask, place, judge, prove; on failure say what the model needs to know and ask again, until a patch is verified, the attempts are used
 * up or the money is. The best attempt is kept.
 */
export async function cascade(request: CascadeRequest, deps: Needs): Promise<CascadeResult> {
  await loadTokens();
  const { context, failure, run, prover, redactor, offer } = request;
  const hide = (text: string) => redactor.redact(text).text;
  const asked = { ...failure, message: hide(failure.message) };
  const question = { failing: [asked], command: run.command, language: request.language };
  let first = fixMessages(context, question);
  const tried: Tried[] = [];
  let messages = first;
  let served = 0;
  let maxTokens = offer.maxTokens;
  const remedies = new Set<string>();
  let variant: Variant | undefined;
  let halt: { readonly status: 'over_cap'; readonly summary: string } | undefined;
  const plan = schedule(offer.variants, request.attempts);
  for (let number = 0; number < plan.length; number++) {
    checkStopped(deps.signal);
    const next = plan[number];
    if (!next) break;
    if (variant && next.id !== variant.id) {
      served = 0;
      maxTokens = offer.maxTokens;
      remedies.clear();
    }
    variant = next;
    const room = roomIn(variant, messages, maxTokens);
    if (!room) continue;
    const refused = overCap(room.estimate, spent(tried), request.capUsd);
    if (refused) {
      halt = { status: 'over_cap', summary: refused };
      break;
    }
    deps.tell({ type: 'stage', stage: 'ask', message: `Asking ${variant.id} (attempt ${number + 1} of ${plan.length})` });
    const started = deps.now();
    const reply = await deps.ask({ variant: variant.id, messages, maxTokens: room.maxTokens, language: request.language }, deps);
    const answer = readAnswer(reply.text);
    const { high } = room.estimate.usd;
    const paid = { countedUsd: reply.cost === unknown ? (high === unknown ? 0 : high) : reply.cost, said: reply.warnings };
    if (reply.outcome === 'complete' && answer.needs.length > 0 && !hasEdits(answer.editsText) && served < mostNeeds) {
      served++;
      tried.push({
        ...paid,
        attempt: describe(tried.length + 1, variant, reply, deps.now() - started, { note: `asked for ${answer.needs.join(', ')}` }),
      });
      messages = followUp(messages, reply.text, serveNeeds(answer.needs, prover.read, redactor));
      number--;
      continue;
    }
    const round = reply.outcome === 'complete' ? await tryEdits(answer.editsText, prover, redactor) : undefined;
    const durationMs = deps.now() - started;
    const note = round ? undefined : replyNote(reply);
    tried.push({
      ...paid,
      attempt: describe(tried.length + 1, variant, reply, durationMs, { round, note }),
      patch: round?.proven?.patch,
      proof: round?.proven?.proof,
      rootCause: answer.rootCause,
    });
    if (round?.proven?.proof.verdict === 'verified' || round?.proven?.proof.verdict === 'unverifiable') break;
    if (reply.outcome === 'over_cap') {
      halt = { status: 'over_cap', summary: reply.warnings[0] ?? 'The daily cap is reached; nothing was sent.' };
      break;
    }
    const remedy = remedyOf(reply.outcome, room.maxTokens, variant);
    if (remedy && !remedies.has(remedy.kind) && (remedy.kind !== 'smaller_context' || request.repack)) {
      // Each remedy once, and it is not an attempt of the model's.
      remedies.add(remedy.kind);
      number--;
      if (remedy.kind === 'more_tokens') maxTokens = remedy.maxTokens;
      else if (remedy.kind === 'ask_again' && remedy.say !== '') messages = followUp(messages, '', remedy.say);
      else if (remedy.kind === 'smaller_context' && request.repack) {
        first = fixMessages(await request.repack(), question);
        messages = first;
      }
      continue;
    }
    const climbs = plan[number + 1] !== undefined && plan[number + 1]?.id !== variant.id;
    const feedback = hide(round?.feedback ?? `${note ?? ''} Answer in full, and as briefly as the form allows.`);
    messages = nextMessages(climbs ? first : messages, reply, feedback);
  }
  return conclude(tried, halt);
}

/** Which variant is asked in which round: the cheapest first, each its share; with few rounds, as far as they reach. */
export function schedule(variants: readonly Variant[], rounds: number): Variant[] {
  const share = Math.max(rounds, variants.length) / variants.length;
  return Array.from({ length: rounds }, (_, round) => variants[Math.floor(round / share)]).filter((variant) => variant !== undefined);
}

/** Undefined: what has been said so far does not fit this variant's window; a later one may have a larger one. */
function roomIn(variant: Variant, messages: readonly Message[], maxTokens: number): Offer | undefined {
  try {
    return makeOffer(countTokens(messages.map(({ content }) => content).join('\n')), [variant], maxTokens);
  } catch (error) {
    if (error instanceof GlmError && error.code === 'bad_input') return undefined;
    throw error;
  }
}

/** A reply that was cut off or empty is not worth its tokens in the next prompt. */
function nextMessages(messages: readonly Message[], reply: Reply, feedback: string): readonly Message[] {
  return followUp(messages, reply.outcome === 'complete' ? reply.text : '', feedback);
}

function hasEdits(text: string): boolean {
  return /^(?:<{5,9} ?SEARCH|@@ |diff --git |\*\*\* Begin Patch)/m.test(text);
}

function replyNote({ outcome, warnings }: Reply): string {
  const said: Record<Reply['outcome'], string> = {
    complete: '',
    length: 'The answer was cut off at the token limit.',
    empty: 'The answer was empty.',
    incomplete_stream: 'The answer broke off.',
    filtered: 'The answer was held back by a filter.',
    context_exceeded: 'The request was too long for the model.',
    tool_markup_leak: 'The answer was a tool call instead of text.',
    wrong_language: 'The answer came in another language.',
    over_cap: 'The daily cap is reached.',
  };
  return [said[outcome], ...warnings].join(' ');
}

function describe(
  number: number,
  variant: Variant,
  reply: Reply,
  durationMs: number,
  { round, note }: { round?: Round | undefined; note?: string | undefined },
): Attempt {
  const verdict: Verdict | undefined = round ? (round.proven?.proof.verdict ?? 'not_applied') : undefined;
  return {
    number,
    variant: variant.id,
    model: reply.model,
    outcome: reply.outcome,
    usage: reply.usage,
    costUsd: reply.cost,
    durationMs,
    ...(verdict && { verdict }),
    placeFailures: [...(round?.placeFailures ?? [])],
    refusals: [...(round?.refusals ?? [])],
    ...(note && { note }),
  };
}
