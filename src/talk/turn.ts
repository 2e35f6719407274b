import { readAnswer } from '../glm/prompts/answer.ts';
import { followUp } from '../glm/prompts/prompt.ts';
import { remedyOf } from '../glm/prompts/remedy.ts';
import type { Prover } from '../proof/types.ts';
import type { Context, ManifestEntry } from '../schema/context.ts';
import type { Message, Reply, Variant } from '../schema/model.ts';
import type { Redactor } from '../schema/redactor.ts';
import type { Tried } from './conclude.ts';
import { faultOf } from './ending.ts';
import { serveNeeds } from './needs.ts';
import type { Offer } from './offer.ts';
import { tryEdits } from './round.ts';
import type { Talk } from './talk.ts';

/** What is said to a variant next, and what it has had of us so far. */
export type Turn = {
  /** What every variant is told first. */
  readonly opening: readonly Message[];
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  /** How often files that it asked for were served. */
  readonly served: number;
  /** Each kind once per variant, but a smaller pack for as long as there is one. */
  readonly remedies: readonly string[];
  /** All of the repository that went with any request so far. */
  readonly sent: readonly ManifestEntry[];
  /** The window has turned out to be small: nothing is sent along that was not asked for. */
  readonly narrow?: boolean | undefined;
};

/** A smaller pack, as it is said and as it is listed. */
export type Reopened = { readonly opening: readonly Message[]; readonly entries: readonly ManifestEntry[] };

/** What a turn is taken with. `reopen` packs again, smaller; undefined where it gets no smaller. */
export type Table = {
  readonly prover: Prover;
  readonly redactor: Redactor;
  readonly talk: Talk;
  readonly reopen?: (() => Promise<Reopened | undefined>) | undefined;
  /** What ranks next and was not sent yet, where there is any. */
  readonly widen?: ((sent: readonly ManifestEntry[]) => Promise<Context | undefined>) | undefined;
};

/** An answer and what became of it. `needs`: files that it asks for instead of a patch; `feedback`: what the model is told in another round. */
export type Heard = {
  readonly reply: Reply;
  readonly needs: readonly string[];
  readonly feedback: string;
  readonly tried: Tried;
};

const mostNeeds = 3;

export function startTurn(
  opening: readonly Message[],
  messages: readonly Message[],
  maxTokens: number,
  sent: readonly ManifestEntry[],
): Turn {
  return { opening, messages, maxTokens, served: 0, remedies: [], sent };
}

/** The first turn of another variant, which is told the opening anew; what was learnt of the window holds for it as well. */
export function nextVariant(turn: Turn, messages: readonly Message[], maxTokens: number, sent: readonly ManifestEntry[]): Turn {
  return { ...startTurn(turn.opening, messages, maxTokens, sent), narrow: turn.narrow };
}

/** One request: ask, read, and try what was proposed. Undefined: nothing was sent, because of the cap. */
export async function takeTurn(
  turn: Turn,
  { variant, room, say }: { readonly variant: Variant; readonly room: Offer; readonly say: string },
  { prover, redactor, talk }: Table,
): Promise<Heard | undefined> {
  const reply = await talk.askOne(variant, turn.messages, { maxTokens: room.maxTokens, say });
  if (!reply) return undefined;
  const answer = readAnswer(reply.text);
  const complete = reply.outcome === 'complete';
  const needs = complete && turn.served < mostNeeds && !hasEdits(answer.editsText) ? answer.needs : [];
  const round = complete && needs.length === 0 ? await tryEdits(answer.editsText, prover, redactor) : undefined;
  const note = needs.length > 0 ? `asked for ${needs.join(', ')}` : round ? undefined : faultOf(reply);
  const attempt = talk.note({
    note,
    verdict: round && (round.proven?.proof.verdict ?? 'not_applied'),
    placeFailures: [...(round?.placeFailures ?? [])],
    refusals: [...(round?.refusals ?? [])],
  });
  return {
    reply,
    needs,
    feedback: redactor.redact(round?.feedback ?? `${note ?? ''} Answer in full, and as briefly as the form allows.`).text,
    tried: { attempt, said: reply.warnings, patch: round?.proven?.patch, proof: round?.proven?.proof, rootCause: answer.rootCause },
  };
}

/** How the same round goes on: with the files that were asked for, or once with what helps against such an outcome. Undefined: it is over. */
export async function goOn(
  turn: Turn,
  { reply, needs }: Heard,
  { variant, room }: { readonly variant: Variant; readonly room: Offer },
  { prover, redactor, reopen, talk }: Table,
): Promise<Turn | undefined> {
  if (needs.length > 0) {
    const { text, entries } = serveNeeds(needs, prover.read, redactor);
    return { ...turn, served: turn.served + 1, sent: later(turn, entries, talk), messages: followUp(turn.messages, reply.text, text) };
  }
  const remedy = remedyOf(reply.outcome, room.maxTokens, variant);
  if (remedy?.kind === 'smaller_context') {
    const smaller = await reopen?.();
    if (!smaller) return undefined;
    const { opening, entries } = smaller;
    return { ...turn, opening, messages: opening, narrow: true, sent: later(turn, entries, talk) };
  }
  if (!remedy || turn.remedies.includes(remedy.kind)) return undefined;
  const next = { ...turn, remedies: [...turn.remedies, remedy.kind] };
  if (remedy.kind === 'more_tokens') return { ...next, maxTokens: remedy.maxTokens };
  return remedy.say === '' ? next : { ...next, messages: followUp(turn.messages, '', remedy.say) };
}

/**
 * The next round of the same variant, or the first of another one, which hears of the last answer alone. Where the tests refused a patch, the
 * cause may lie in what was not shown: then what ranks next is shown too.
 */
export async function nextTurn(
  turn: Turn,
  { reply, feedback, tried }: Heard,
  climbs: boolean,
  maxTokens: number,
  { widen, talk }: Table,
): Promise<Turn> {
  // A reply that was cut off or empty is not worth its tokens in the next prompt.
  const said = reply.outcome === 'complete' ? reply.text : '';
  const more = tried.proof && widen && !turn.narrow ? await widen(turn.sent) : undefined;
  const heard = more ? `${feedback}\n\nMore of the repository, which ranks next:\n\n${more.text}` : feedback;
  const sent = later(turn, more?.manifest.entries ?? [], talk);
  const messages = followUp(climbs ? turn.opening : turn.messages, said, heard);
  return climbs ? nextVariant(turn, messages, maxTokens, sent) : { ...turn, messages, sent };
}

/** What was sent so far, with what goes with the next request. */
const later = (turn: Turn, entries: readonly ManifestEntry[], talk: Talk) => [
  ...turn.sent,
  ...entries.map((entry) => ({ ...entry, round: talk.bill().attempts.length + 1 })),
];

function hasEdits(text: string): boolean {
  return /^(?:<{5,9} ?SEARCH|@@ |diff --git |\*\*\* Begin Patch)/m.test(text);
}
