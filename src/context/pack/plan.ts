import type { RankedFile, Ranking } from '../rank/rank.ts';
import type { Segment } from '../scan/segments.ts';
import { type Block, type Count, fileBlock, fileOverhead, mergeParts, partOverhead, type Read } from './blocks.ts';
import { renderFile, signatureOf } from './render.ts';

/** Shares of what the suspects have: what one file may take at first, and what signatures may. */
const shares = { file: 0.7, signatures: 0.06 } as const;
/** Tokens that signatures get of a large pack, where bodies serve better. */
const mostSignatures = 900;
const mostFiles = 12;
const mostNeighbours = 30;
/** Files up to this size go whole once a part of them is packed. */
const wholeFileTokens = 600;

/** The best definitions of all suspects, each file under its cap first; then what still fits. */
export function suspectBlocks(ranking: Ranking, read: Read, budget: number, count: Count): Block[] {
  const forSignatures = Math.min(budget * shares.signatures, mostSignatures);
  const plan = planSegments(ranking, read, Math.floor(budget - forSignatures), count);
  let left = budget;
  return ranking.files.flatMap((file) => {
    const own = plan.get(file.path);
    const source = ranking.sources.get(file.path);
    if (!own || !source) return [];
    const lines = (read(file.path) ?? '').split('\n');
    const parts = mergeParts([...own]);
    const reason = file.evidence[0] ?? 'ranked';
    const make = (segments: readonly Segment[]) => fileBlock(file.path, lines, parts, reason, count, segments);
    const bare = make([]);
    const reserved = [...plan.keys()].length * fileOverhead;
    const full = make(source.segments);
    const block = full.tokens - bare.tokens <= Math.min(forSignatures * 0.5, left - bare.tokens - reserved) ? full : bare;
    left -= block.tokens;
    return [block];
  });
}

/** Takes segments in their order while there is room: first up to each file's share, then without it. */
function planSegments(ranking: Ranking, read: Read, budget: number, count: Count): Map<string, Set<Segment>> {
  const chosen = new Map<string, Set<Segment>>();
  const spent = new Map<string, number>();
  const texts = new Map<string, readonly string[]>();
  const costs = new Map<Segment, number>();
  let left = budget;
  const costOf = (path: string, segment: Segment): number => {
    const known = costs.get(segment);
    if (known !== undefined) return known;
    const lines = texts.get(path) ?? (read(path) ?? '').split('\n');
    texts.set(path, lines);
    const cost = count(lines.slice(segment.startLine - 1, segment.endLine).join('\n')) + partOverhead;
    costs.set(segment, cost);
    return cost;
  };
  const add = (path: string, segment: Segment, cap: number): void => {
    const own = chosen.get(path);
    if (own?.has(segment) || (!own && chosen.size >= mostFiles)) return;
    const cost = costOf(path, segment) + (own ? 0 : fileOverhead);
    const used = spent.get(path) ?? 0;
    if (cost > left || used + cost > cap) return;
    chosen.set(path, (own ?? new Set()).add(segment));
    spent.set(path, used + cost);
    left -= cost;
  };
  for (const cap of [budget * shares.file, budget]) {
    for (const { source, segment, total } of ranking.segments) {
      if (left < 30) break;
      if (total > 0) add(source.path, segment, cap);
    }
    // A small file is best seen whole.
    for (const [path, own] of chosen) {
      const segments = ranking.sources.get(path)?.segments ?? [];
      const rest = segments.filter((segment) => !own.has(segment));
      if (segments.reduce((sum, segment) => sum + costOf(path, segment), 0) <= wholeFileTokens)
        for (const segment of rest) add(path, segment, budget);
    }
  }
  return chosen;
}

/** The signatures of files that rank next. What does not fit as it stands is not read for secrets. */
export function neighbourBlocks(ranking: Ranking, sent: ReadonlySet<string>, read: Read, budget: number, count: Count): Block[] {
  const blocks: Block[] = [];
  let left = budget;
  for (const file of ranking.files.slice(0, mostNeighbours)) {
    const source = ranking.sources.get(file.path);
    if (sent.has(file.path) || !source) continue;
    const make = (text: string) => signaturesBlock(file, source.segments, text.split('\n'), count);
    const fits = (block: Block | undefined) => block !== undefined && block.tokens <= Math.min(left, budget / 4);
    const rough = make(source.text);
    const text = fits(rough) ? read(file.path) : undefined;
    const block = text === undefined || text === source.text ? rough : make(text);
    if (text === undefined || !block || !fits(block)) continue;
    left -= block.tokens;
    blocks.push(block);
  }
  return blocks;
}

function signaturesBlock(file: RankedFile, segments: readonly Segment[], lines: readonly string[], count: Count): Block | undefined {
  const signatures = segments.filter(({ kind }) => kind !== 'glue').map((segment) => signatureOf(lines, segment));
  if (signatures.length === 0) return undefined;
  const text = renderFile(`${file.path} (signatures)`, [], signatures.join('\n'));
  const reason = file.evidence[0] ?? 'near the failing test';
  return { path: file.path, text, tokens: count(text) + 2, entries: [{ startLine: 1, endLine: lines.length, form: 'signatures', reason }] };
}
