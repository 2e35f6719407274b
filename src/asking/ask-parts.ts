import { joinMessages, partMessages } from '../glm/prompts/ask-prompt.ts';
import { visibleText } from '../glm/prompts/markup.ts';
import { disarm } from '../safety/text.ts';
import type { Deps } from '../schema/deps.ts';
import { type Amount, type Ask, type Estimate, type Message, type Reply, unknown } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { faultOf } from '../talk/ending.ts';
import { overCap } from '../talk/offer.ts';
import { priceOf, type Talk, type TalkRequest } from '../talk/talk.ts';
import { countTokens } from '../tokens/tokens.ts';
import type { Part } from './cut-parts.ts';

type PartsQuestion = { readonly question: string; readonly language?: string | undefined };

/** What one part's notes take as a rule; the reply's limit holds the thinking too. */
const noteTokens = { likely: 500, limit: 12_000 } as const;
/** Above this many parts nobody pays without having named a cap. */
const mostUncapped = 8;
const mostRounds = 3;

/** The limit of the reply to each part. */
function limitOf({ maxTokens }: Pick<TalkRequest, 'maxTokens'>): number {
  return Math.min(maxTokens ?? noteTokens.limit, noteTokens.limit);
}

/** The sum of all requests: each part, and the one that puts the notes together. */
export function priceParts(parts: readonly Part[], asked: PartsQuestion, talking: TalkRequest): Estimate {
  const reading = { ...talking, maxTokens: limitOf(talking) };
  const each = parts.map((part, at) => priceOf(partMessages(part.text, { ...asked, number: at + 1, of: parts.length }), reading).estimate);
  const notes = 'word '.repeat(noteTokens.likely * parts.length);
  return [...each, priceOf(joinMessages([notes.slice(0, 5 * 60_000)], asked), talking).estimate].reduce(addEstimates);
}

function addEstimates(a: Estimate, b: Estimate): Estimate {
  const add = (one: Amount, other: Amount): Amount => (one === unknown || other === unknown ? unknown : one + other);
  const tokens = (one: Estimate['inputTokens'], other: Estimate['inputTokens']) => ({
    low: one.low + other.low,
    likely: one.likely + other.likely,
    high: one.high + other.high,
  });
  return {
    ...a,
    inputTokens: tokens(a.inputTokens, b.inputTokens),
    outputTokens: tokens(a.outputTokens, b.outputTokens),
    usd: { low: add(a.usd.low, b.usd.low), likely: add(a.usd.likely, b.usd.likely), high: add(a.usd.high, b.usd.high) },
  };
}

/** How many parts there are and what all requests may cost. */
export function sayCost(parts: readonly Part[], { estimate }: Pick<Report, 'estimate'>): string {
  const usd = (amount: Amount = unknown) => (amount === unknown ? 'an unknown sum' : `$${amount.toFixed(3)}`);
  return `${parts.length} parts, which likely cost ${usd(estimate?.usd.likely)} and at most ${usd(estimate?.usd.high)} in all`;
}

/** The report that ends it because all requests together may pass the cap, or because they are many and no cap was set. */
export function refuseParts(packed: Report, parts: readonly Part[], capUsd: number | undefined, ask: Ask | undefined): Report | undefined {
  const over = packed.estimate && overCap(packed.estimate, 0, capUsd) !== undefined;
  if (!over && (capUsd !== undefined || parts.length <= mostUncapped || ask === undefined)) return undefined;
  const cap = capUsd === undefined ? 'no cap is set' : `the cap is $${capUsd}`;
  return {
    ...packed,
    status: 'over_cap',
    summary: `It would be read in ${sayCost(parts, packed)}; ${cap}, so nothing was sent.`,
    next: ['Set max_cost to what it may cost, hand in less, or choose a cheaper variant.'],
  };
}

type Joined = { readonly reply: Reply | undefined; readonly warnings: readonly string[] };

type Reading = PartsQuestion & { readonly talk: Talk; readonly talking: TalkRequest; readonly roomTokens: number };

/**
 * Reads part after part, keeps what each reply notes on disk, and asks for the answer from the notes. A part without a reply is named. Where
 * already the first was too long for the model, its reply is given back: the others would be too.
 */
export async function askParts(
  parts: readonly Part[],
  { talk, talking, roomTokens, ...asked }: Reading,
  deps: Pick<Deps, 'keep' | 'tell'>,
): Promise<Joined> {
  const warnings: string[] = [];
  const read = async (messages: readonly Message[], what: string, file: string) => {
    deps.tell({ type: 'stage', stage: 'ask', message: `Reading ${what}` });
    const reply = await talk.ask(messages, limitOf(talking));
    if (reply === undefined || reply.outcome === 'over_cap') return undefined;
    last = reply;
    const note = reply.outcome === 'complete' ? disarm(visibleText(reply.text).trim()) : '';
    if (note === '') warnings.push(`${what} is not in the answer: ${faultOf(reply)}`);
    else await deps.keep(file, note);
    return note;
  };
  let last: Reply | undefined;
  let notes: string[] = [];
  for (const [at, part] of parts.entries()) {
    const what = `part ${at + 1} of ${parts.length} (${placesOf(part)})`;
    const note = await read(partMessages(part.text, { ...asked, number: at + 1, of: parts.length }), what, `part-${at + 1}.md`);
    if (note === undefined) return { reply: undefined, warnings };
    if (at === 0 && last?.outcome === 'context_exceeded') return { reply: last, warnings };
    if (note !== '' && !/^nothing\.?$/i.test(note)) notes.push(note);
  }
  for (let round = 1; round <= mostRounds && countTokens(notes.join('\n')) > roomTokens; round++) {
    const shorter: string[] = [];
    for (const [at, group] of groupsOf(notes, roomTokens).entries()) {
      const note = await read(
        joinMessages(group, { ...asked, more: true }),
        `notes ${at + 1} of round ${round}`,
        `notes-${round}-${at + 1}.md`,
      );
      if (note === undefined) return { reply: undefined, warnings };
      if (note !== '') shorter.push(note);
    }
    notes = shorter;
  }
  return { reply: await talk.ask(joinMessages(notes, asked)), warnings };
}

function placesOf({ entries }: Part): string {
  const [first] = entries;
  if (!first) return '';
  const place = `${first.path}:${first.startLine}-${first.endLine}`;
  return entries.length > 1 ? `${place} and ${entries.length - 1} more` : place;
}

/** Neighbouring notes that together fit half of the room, and at least two of them. */
function groupsOf(notes: readonly string[], roomTokens: number): string[][] {
  const groups: string[][] = [];
  let left = 0;
  for (const note of notes) {
    const tokens = countTokens(note);
    const last = groups.at(-1);
    if (last && (tokens <= left || last.length < 2)) last.push(note);
    else {
      groups.push([note]);
      left = roomTokens / 2;
    }
    left -= tokens;
  }
  return groups;
}
