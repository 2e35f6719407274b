import type { Context, LeftOut } from '../../schema/context.ts';
import type { Ranking } from '../rank/rank.ts';
import { type Block, type Count, fileBlock, outlineBlock } from './blocks.ts';
import { assemble, type Redact } from './pack.ts';
import { suspectBlocks } from './plan.ts';
import { renderFile } from './render.ts';

/** A text that goes in before anything ranked, such as a diff. Numbered, unless its own lines say where they are. */
export type First = { readonly path: string; readonly text: string; readonly reason: string; readonly plain?: boolean | undefined };

export type QuestionPack = {
  readonly ranking: Ranking;
  readonly first: readonly First[];
  /** Only what the ranking names is packed: nothing because there was room, and no outline. */
  readonly lean?: boolean | undefined;
  readonly paths: readonly string[];
  readonly read: (path: string) => string | undefined;
  readonly budgetTokens: number;
  readonly redact: Redact;
  readonly count: Count;
  readonly skipped: readonly LeftOut[];
};

/** Share of the budget that the first texts may take together. */
export const firstShare = 0.75;
const mostFillers = 60;

/**
 * Packs what matters for a question that no failing test asks. Every line carries its number, so that the answer can cite it.
 * Deterministic: the same input gives the same bytes. `cut` names the first texts that had no room whole.
 */
export function packQuestion(input: QuestionPack): Context & { readonly cut: readonly string[] } {
  const { budgetTokens, count, ranking } = input;
  const redactions = new Map<string, number>();
  const withheld = new Map<string, string>();
  const texts = new Map<string, string>();
  const redacted = (path: string, raw: string | undefined): string | undefined => {
    const known = texts.get(path);
    if (known !== undefined || raw === undefined || withheld.has(path)) return known;
    const result = input.redact(raw, path);
    if (result.withheld !== undefined) {
      withheld.set(path, result.withheld);
      return undefined;
    }
    redactions.set(path, result.count);
    texts.set(path, result.text);
    return result.text;
  };
  const blocks: Block[] = [];
  const cut: string[] = [];
  let left = budgetTokens;
  let room = Math.floor(budgetTokens * firstShare);
  for (const first of input.first) {
    const text = redacted(first.path, first.text);
    if (text === undefined) continue;
    const block = firstBlock({ ...first, text: first.plain ? text : numbered(text) }, room, count);
    if (block.cut) cut.push(first.path);
    if (!block.made) continue;
    blocks.push(block.made);
    left -= block.made.tokens;
    room -= block.made.tokens;
  }
  const given = new Set(blocks.map(({ path }) => path));
  const rest: Ranking = {
    ...ranking,
    files: ranking.files.filter(({ path }) => !given.has(path)),
    segments: ranking.segments.filter(({ source }) => !given.has(source.path)),
  };
  const outline = input.lean ? undefined : outlineBlock(input.paths, Math.floor(budgetTokens * 0.02), count);
  left -= outline?.tokens ?? 0;
  const read = (path: string) => {
    const text = redacted(path, input.read(path));
    return text === undefined ? undefined : numbered(text);
  };
  for (const block of suspectBlocks(rest, read, left, count, { enough: 1, sent: () => false })) {
    if (block.tokens > left) continue;
    blocks.push(block);
    left -= block.tokens;
  }
  // A small collection is sent whole even where no word of the question matches.
  const sent = new Set(blocks.map(({ path }) => path));
  for (const { path, evidence } of !input.lean && rest.files.length <= mostFillers ? rest.files : []) {
    const text = sent.has(path) || left < budgetTokens / 2 ? undefined : read(path);
    if (text === undefined) continue;
    const lines = text.split('\n');
    const block = fileBlock(path, lines, [{ startLine: 1, endLine: lines.length }], evidence[0] ?? 'there was room', count, []);
    if (block.tokens > left - budgetTokens / 2) continue;
    blocks.push(block);
    left -= block.tokens;
  }
  if (outline) blocks.push(outline);
  return { ...assemble({ ...input, ranking }, blocks, redactions, withheld), cut };
}

/** The number stands in front of each line, so that nobody has to count. */
export function numbered(text: string): string {
  const lines = text.split('\n');
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  return lines.map((line, at) => (at < last ? `${at + 1}| ${line}` : line)).join('\n');
}

function firstBlock({ path, text, reason }: First, room: number, count: Count): { made?: Block; cut: boolean } {
  const lines = text.split('\n');
  const whole = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const render = (most: number) =>
    renderFile(
      path,
      [{ startLine: 1, endLine: most, lines: lines.slice(0, most) }],
      most < whole ? `… ${whole - most} more lines are not shown …` : '',
      most === whole,
    );
  let most = whole;
  while (most > 1 && count(render(most)) > room) most = Math.floor(most * 0.8);
  const body = render(most);
  const tokens = count(body) + 2;
  if (tokens > room) return { cut: true };
  const form = most === whole ? 'whole' : 'part';
  return { made: { path, text: body, tokens, entries: [{ startLine: 1, endLine: most, form, reason }] }, cut: most < whole };
}
