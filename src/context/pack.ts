import { createHash } from 'node:crypto';
import type { Context, LeftOut, Manifest, ManifestEntry, ReadText } from '../schema/context.ts';
import type { Failure } from '../schema/run.ts';
import { kindOf, unfit } from './kinds.ts';
import type { Ranking } from './rank.ts';
import { toSuspects } from './rank.ts';
import { type Part, renderFile, signatureOf } from './render.ts';
import { cutSegments, type Segment } from './segments.ts';

export type PackInput = {
  readonly failure: Failure;
  readonly ranking: Ranking;
  /** All listed paths, for the outline and for what is left out. */
  readonly paths: readonly string[];
  readonly read: ReadText;
  readonly budgetTokens: number;
  readonly redact: (text: string, path?: string) => { readonly text: string; readonly count: number };
  readonly count: (text: string) => number;
  readonly skipped: readonly LeftOut[];
};

/** Shares of the budget. What a tier leaves over goes to the next. */
const shares = { output: 0.1, tests: 0.2, outline: 0.02, file: 0.6, signatures: 0.1 } as const;
const mostFiles = 12;
const mostNeighbours = 30;
/** Files up to this size go whole once a part of them is packed. */
const wholeFileTokens = 600;
/** Fence, label and joints of one file, and of one part of it. */
const fileOverhead = 45;
const partOverhead = 10;
const mostLeftOut = 40;

/** Packs the failure, its test and the suspects into `budgetTokens`. Deterministic: the same input gives the same bytes. */
export function pack(input: PackInput): Context {
  const { budgetTokens, ranking, count } = input;
  const blocks: Block[] = [];
  let redactions = 0;
  const texts = new Map<string, string>();
  const redacted = (path: string): string | undefined => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const raw = input.read(path);
    if (raw === undefined) return undefined;
    const result = input.redact(raw, path);
    redactions += result.count;
    texts.set(path, result.text);
    return result.text;
  };
  let left = budgetTokens;
  const place = (block: Block | undefined) => {
    if (!block || block.tokens > left) return false;
    blocks.push(block);
    left -= block.tokens;
    return true;
  };

  const said = input.redact(describeFailure(input.failure));
  redactions += said.count;
  place(outputBlock(said.text, Math.floor(budgetTokens * shares.output), count));
  let forTests = Math.floor(budgetTokens * shares.tests);
  for (const [path, regions] of ranking.question.tests) {
    const text = redacted(path);
    const block = text === undefined ? undefined : testBlock(path, text, regions, forTests, count);
    if (block && place(block)) forTests -= block.tokens;
  }
  const outline = outlineBlock(input.paths, Math.floor(budgetTokens * shares.outline), count);
  left -= outline?.tokens ?? 0;
  for (const block of suspectBlocks(ranking, redacted, left, count)) place(block);
  left += outline?.tokens ?? 0;
  place(outline);
  const sent = new Set(blocks.map(({ path }) => path));
  for (const block of neighbourBlocks(ranking, sent, redacted, left, count)) place(block);
  return assemble(input, blocks, redactions);
}

type Block = {
  readonly path: string;
  readonly text: string;
  readonly tokens: number;
  readonly entries: readonly Omit<ManifestEntry, 'path' | 'sha256' | 'tokens'>[];
};
type Count = (text: string) => number;
type Read = (path: string) => string | undefined;

function describeFailure(failure: Failure): string {
  const parts = [`${failure.id}${failure.line === undefined ? '' : ` (line ${failure.line})`}`, failure.message];
  if (failure.expected !== undefined) parts.push(`expected: ${failure.expected}`);
  if (failure.actual !== undefined) parts.push(`actual: ${failure.actual}`);
  if (failure.frames.length > 0)
    parts.push(
      failure.frames
        .slice(0, 20)
        .map((frame) => `at ${frame.name ?? ''} ${frame.file}:${frame.line}`)
        .join('\n'),
    );
  if (failure.output && !failure.message.includes(failure.output)) parts.push(`output:\n${failure.output}`);
  return parts.join('\n');
}

function outputBlock(text: string, budget: number, count: Count): Block {
  let kept = text;
  for (let size = text.length; count(kept) > budget && size > 200; size = Math.floor(size * 0.8)) {
    kept = `${text.slice(0, Math.floor(size / 2))}\n… cut …\n${text.slice(-Math.floor(size / 2))}`;
  }
  const body = renderFile('failure', [{ startLine: 1, endLine: kept.split('\n').length, lines: kept.split('\n') }], '');
  const endLine = kept.split('\n').length;
  return {
    path: 'failure',
    text: body,
    tokens: count(body) + 2,
    entries: [{ startLine: 1, endLine, form: 'output', reason: 'what the failing test reported' }],
  };
}

/** The failing tests, then the head of their file, then as much of the rest as fits. */
function testBlock(
  path: string,
  text: string,
  regions: readonly { startLine: number; endLine: number }[],
  budget: number,
  count: Count,
): Block | undefined {
  const lines = text.split('\n');
  const whole = fileBlock(path, lines, [{ startLine: 1, endLine: lines.length }], 'the failing test', count, []);
  if (whole.tokens <= budget) return whole;
  const segments = cutSegments(path, text);
  const wanted: { startLine: number; endLine: number }[] = [];
  let used = fileOverhead;
  const tryAdd = (startLine: number, endLine: number) => {
    const cost = count(lines.slice(startLine - 1, endLine).join('\n')) + 12;
    if (used + cost > budget) return false;
    used += cost;
    wanted.push({ startLine, endLine });
    return true;
  };
  for (const region of regions) {
    if (tryAdd(region.startLine, region.endLine)) continue;
    if (wanted.length === 0) tryAdd(region.startLine, Math.min(region.endLine, region.startLine + 60));
  }
  const head = segments[0];
  if (head && head.startLine === 1) tryAdd(1, Math.min(head.endLine, 60));
  if (wanted.length === 0) return undefined;
  return fileBlock(path, lines, merge(wanted), 'the failing test', count, []);
}

/** The best definitions of all suspects, each file under its cap first; then what still fits. */
function suspectBlocks(ranking: Ranking, read: Read, budget: number, count: Count): Block[] {
  const plan = planSegments(ranking, read, Math.floor(budget * (1 - shares.signatures)), count);
  let left = budget;
  return ranking.files.flatMap((file) => {
    const own = plan.get(file.path);
    const source = ranking.sources.get(file.path);
    if (!own || !source) return [];
    const lines = (read(file.path) ?? '').split('\n');
    const parts = merge([...own]);
    const reason = file.evidence[0] ?? 'ranked';
    const make = (segments: readonly Segment[]) => fileBlock(file.path, lines, parts, reason, count, segments);
    const bare = make([]);
    const reserved = [...plan.keys()].length * fileOverhead;
    const full = make(source.segments);
    const block = full.tokens - bare.tokens <= Math.min(budget * shares.signatures * 0.5, left - bare.tokens - reserved) ? full : bare;
    left -= block.tokens;
    return [block];
  });
}

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

function neighbourBlocks(ranking: Ranking, sent: ReadonlySet<string>, read: Read, budget: number, count: Count): Block[] {
  const blocks: Block[] = [];
  let left = budget;
  for (const file of ranking.files.slice(0, mostNeighbours)) {
    const source = ranking.sources.get(file.path);
    const text = read(file.path);
    if (sent.has(file.path) || !source || text === undefined) continue;
    const lines = text.split('\n');
    const signatures = source.segments.filter(({ kind }) => kind !== 'glue').map((segment) => signatureOf(lines, segment));
    if (signatures.length === 0) continue;
    const body = renderFile(`${file.path} (signatures)`, [], signatures.join('\n'));
    const tokens = count(body) + 2;
    if (tokens > left || tokens > budget / 4) continue;
    left -= tokens;
    blocks.push({
      path: file.path,
      text: body,
      tokens,
      entries: [{ startLine: 1, endLine: lines.length, form: 'signatures', reason: file.evidence[0] ?? 'near the failing test' }],
    });
  }
  return blocks;
}

function outlineBlock(paths: readonly string[], budget: number, count: Count): Block | undefined {
  const folders = new Map<string, number>();
  for (const path of paths) {
    const folder = path.split('/').slice(0, -1).slice(0, 3).join('/') || '.';
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const lines = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, files]) => `${folder}/ ${files}`);
  for (let most = lines.length; most > 0; most = Math.floor(most * 0.7)) {
    const text = renderFile('outline (files per folder)', [], lines.slice(0, most).join('\n'));
    const tokens = count(text) + 2;
    if (tokens <= budget)
      return {
        path: 'outline',
        text,
        tokens,
        entries: [{ startLine: 1, endLine: most, form: 'outline', reason: 'folders of the repository' }],
      };
  }
  return undefined;
}

function fileBlock(
  path: string,
  lines: readonly string[],
  parts: readonly Part[],
  reason: string,
  count: Count,
  segments: readonly Segment[],
): Block {
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const clipped = parts.map((part) => ({ ...part, endLine: Math.min(part.endLine, last) }));
  const first = clipped[0];
  const whole = clipped.length === 1 && first?.startLine === 1 && first.endLine === last;
  const label = whole ? `${path} (whole, ${last} lines)` : `${path} (parts of ${last} lines)`;
  const hidden = segments.filter(
    ({ kind, startLine, endLine }) => kind !== 'glue' && !clipped.some((part) => part.startLine <= startLine && endLine <= part.endLine),
  );
  const signatures = whole ? '' : hidden.map((segment) => signatureOf(lines, segment)).join('\n');
  const body = renderFile(
    label,
    clipped.map((part) => ({ ...part, lines: lines.slice(part.startLine - 1, part.endLine) })),
    signatures,
    whole,
  );
  return {
    path,
    text: body,
    tokens: count(body) + 2,
    entries: clipped.map(({ startLine, endLine }) => ({ startLine, endLine, form: whole ? 'whole' : 'part', reason })),
  };
}

/** Joins parts that touch, or that three lines or fewer stand between. */
function merge(parts: readonly Part[]): Part[] {
  const merged: { startLine: number; endLine: number }[] = [];
  for (const part of [...parts].sort((a, b) => a.startLine - b.startLine)) {
    const previous = merged.at(-1);
    if (previous && part.startLine <= previous.endLine + 4) previous.endLine = Math.max(previous.endLine, part.endLine);
    else merged.push({ ...part });
  }
  return merged;
}

function assemble(input: PackInput, blocks: readonly Block[], redactions: number): Context {
  const text = blocks.map((block) => block.text).join('\n\n');
  const entries: ManifestEntry[] = blocks.flatMap((block) =>
    block.entries.map((entry, at) => ({ path: block.path, ...entry, tokens: at === 0 ? block.tokens : 0, sha256: sha256(block.text) })),
  );
  const sent = new Set(blocks.map(({ path }) => path));
  const leftOut: LeftOut[] = input.ranking.files
    .filter(({ path }) => !sent.has(path))
    .slice(0, mostLeftOut)
    .map(({ path }) => ({ path, reason: 'no room: ranked lower' }));
  const named = input.paths.filter((path) => ['lock', 'generated'].includes(kindOf(path))).slice(0, 10);
  const manifest: Manifest = {
    version: 1,
    budgetTokens: input.budgetTokens,
    tokens: input.count(text),
    redactions,
    bundle: sha256(text),
    entries,
    leftOut: [...leftOut, ...input.skipped.slice(0, 20), ...named.map((path) => ({ path, reason: `${kindOf(path)} file` }))],
    leftOutCount: input.paths.length - input.paths.filter((path) => sent.has(path)).length,
  };
  return { text, manifest, suspects: toSuspects(input.ranking) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export { unfit };
