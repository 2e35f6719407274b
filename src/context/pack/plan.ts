import type { RankedSegment, Ranking } from '../rank/rank.ts';
import type { Segment } from '../scan/segments.ts';
import { type Block, type Count, fileBlock, fileOverhead, mergeParts, partOverhead, type Read } from './blocks.ts';
import { headParts } from './heads.ts';

/** Shares of what the suspects have: what one file may take at first, and what the signatures in one file may. */
const shares = { file: 0.7, signatures: 0.05 } as const;
const mostFiles = 12;
/** Files up to this size go whole once a part of them is packed. */
const wholeFileTokens = 500;
/** Tokens of imports that a file may bring along. */
const mostHead = 220;

/** What is packed of the suspects. `enough`: the share of all chances at which the rest adds too little to be sent. */
export type Reach = { readonly enough: number; readonly sent: (path: string, startLine: number, endLine: number) => boolean };

/** The best definitions of all suspects until they are enough, each file under its cap first; with the imports that they need. */
export function suspectBlocks(ranking: Ranking, read: Read, budget: number, count: Count, reach: Reach): Block[] {
  const plan = planSegments(ranking, read, budget, count, reach);
  let left = budget;
  return ranking.files.flatMap((file) => {
    const own = plan.get(file.path);
    const source = ranking.sources.get(file.path);
    if (!own || !source) return [];
    const lines = (read(file.path) ?? '').split('\n');
    const parts = mergeParts([...own]);
    const reason = file.evidence[0] ?? 'all signs together';
    const make = (wanted: readonly { startLine: number; endLine: number }[], segments: readonly Segment[]) =>
      fileBlock(file.path, lines, mergeParts(wanted), reason, count, segments);
    const bare = make(parts, []);
    const reserved = [...plan.keys()].length * fileOverhead;
    const room = left - bare.tokens - reserved;
    const headed = make([...headParts(file.path, lines, parts), ...parts], []);
    const head = headed.tokens - bare.tokens <= Math.min(mostHead, room) ? headed : bare;
    const names = signed(source.segments, ranking.segments);
    const full = names.length === 0 ? head : make([...headParts(file.path, lines, parts), ...parts], names);
    const block =
      full.tokens - head.tokens <= Math.min(bare.tokens * 0.25, budget * shares.signatures, left - head.tokens - reserved) ? full : head;
    left -= block.tokens;
    return [block];
  });
}

/** Takes segments in their order while there is room and they add enough: first up to each file's share, then without it. */
function planSegments(ranking: Ranking, read: Read, budget: number, count: Count, { enough, sent }: Reach): Map<string, Set<Segment>> {
  const chosen = new Map<string, Set<Segment>>();
  const spent = new Map<string, number>();
  const texts = new Map<string, readonly string[]>();
  const costs = new Map<Segment, number>();
  let left = budget;
  const costOf = (path: string, segment: Segment): number => {
    const known = costs.get(segment);
    if (known !== undefined) return known;
    const lines = texts.get(path) ?? read(path)?.split('\n') ?? [];
    texts.set(path, lines);
    // What cannot be read, or was withheld, has no price.
    const cost =
      lines.length === 0 ? Number.POSITIVE_INFINITY : count(lines.slice(segment.startLine - 1, segment.endLine).join('\n')) + partOverhead;
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
  const open = ranking.segments.filter(({ source, segment, total }) => total > 0 && !sent(source.path, segment.startLine, segment.endLine));
  const wanted = worth(open, enough);
  for (const cap of [budget * shares.file, budget]) {
    for (const { source, segment } of wanted) {
      if (left < 30) break;
      add(source.path, segment, cap);
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

/** Tokens of one line of code, roughly; and for how many tokens at most one more changed definition is to be had beyond `enough`. */
const lineTokens = 10;
const dearest = 2_500;
/** The chances were fitted on so many of the first; a long tail of those behind would make any share of them large. */
const mostWeighed = 200;

/** The first of the ranked definitions that together hold this share of all chances, and beyond them what costs little for its chance. */
function worth(segments: readonly RankedSegment[], enough: number): readonly RankedSegment[] {
  if (enough >= 1) return segments;
  const near = segments.slice(0, mostWeighed);
  const all = near.reduce((sum, { chance }) => sum + chance, 0);
  let held = 0;
  return near.filter(({ chance, segment }) => {
    const adds = held < enough * all;
    held += chance;
    return adds || chance * dearest > (segment.endLine - segment.startLine + 1) * lineTokens + partOverhead;
  });
}

const mostSigned = 60;

/** Those of a file's definitions that rank among all, so that a signature is worth its line. */
function signed(segments: readonly Segment[], ranked: readonly RankedSegment[]): Segment[] {
  const near = new Set(ranked.slice(0, mostSigned).map(({ segment }) => segment));
  return segments.filter((segment) => near.has(segment));
}
