import { createHash } from 'node:crypto';
import type { Context, LeftOut, Manifest, ManifestEntry, ReadText } from '../../schema/context.ts';
import type { Failure } from '../../schema/run.ts';
import { type Ranking, toSuspects } from '../rank/rank.ts';
import { kindOf } from '../scan/kinds.ts';
import { type Block, describeFailure, outlineBlock, outputBlock, testBlock } from './blocks.ts';
import { neighbourBlocks, suspectBlocks } from './plan.ts';

/** `withheld`: why nothing of the text may be sent. */
export type Redact = (
  text: string,
  path?: string,
) => { readonly text: string; readonly count: number; readonly withheld?: string | undefined };

export type PackInput = {
  readonly failure: Failure;
  /** What running it has shown, a line each; stands before what it reported. */
  readonly shown?: readonly string[] | undefined;
  readonly ranking: Ranking;
  /** All listed paths, for the outline and for what is left out. */
  readonly paths: readonly string[];
  readonly read: ReadText;
  readonly budgetTokens: number;
  readonly redact: Redact;
  readonly count: (text: string) => number;
  readonly skipped: readonly LeftOut[];
};

/** Shares of the budget. What a tier leaves over goes to the next. */
const shares = { output: 0.1, tests: 0.16, outline: 0.02 } as const;
const mostLeftOut = 40;
const mostNamed = 10;

/** Packs the failure, its test and the suspects into `budgetTokens`. Deterministic: the same input gives the same bytes. */
export function pack(input: PackInput): Context {
  const { budgetTokens, ranking, count } = input;
  const blocks: Block[] = [];
  const redactions = new Map<string, number>();
  const withheld = new Map<string, string>();
  const texts = new Map<string, string>();
  const redacted = (path: string): string | undefined => {
    const known = texts.get(path);
    if (known !== undefined || withheld.has(path)) return known;
    const raw = input.read(path);
    if (raw === undefined) return undefined;
    const result = input.redact(raw, path);
    if (result.withheld !== undefined) {
      withheld.set(path, result.withheld);
      return undefined;
    }
    redactions.set(path, result.count);
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

  const said = input.redact([...(input.shown ?? []), describeFailure(input.failure)].join('\n'));
  redactions.set('failure', said.count);
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
  return assemble(input, blocks, redactions, withheld);
}

export function assemble(
  input: Pick<PackInput, 'ranking' | 'paths' | 'budgetTokens' | 'count' | 'skipped'>,
  blocks: readonly Block[],
  redactions: ReadonlyMap<string, number>,
  withheld: ReadonlyMap<string, string>,
): Context {
  const text = blocks.map((block) => block.text).join('\n\n');
  const entries: ManifestEntry[] = blocks.flatMap((block) =>
    block.entries.map((entry, at) => ({ path: block.path, ...entry, tokens: at === 0 ? block.tokens : 0, sha256: sha256(block.text) })),
  );
  const sent = new Set(blocks.map(({ path }) => path));
  const leftOut: LeftOut[] = input.ranking.files
    .filter(({ path }) => !sent.has(path) && !withheld.has(path))
    .slice(0, mostLeftOut)
    .map(({ path }) => ({ path, reason: 'no room: ranked lower' }));
  const named: string[] = [];
  for (const path of input.paths) {
    if (named.length === mostNamed) break;
    if (['lock', 'generated'].includes(kindOf(path))) named.push(path);
  }
  const manifest: Manifest = {
    version: 1,
    budgetTokens: input.budgetTokens,
    tokens: input.count(text),
    redactions: [...sent].reduce((sum, path) => sum + (redactions.get(path) ?? 0), 0),
    bundle: sha256(text),
    entries,
    leftOut: [
      ...[...withheld].map(([path, reason]) => ({ path, reason })),
      ...leftOut,
      ...input.skipped.slice(0, 20),
      ...named.map((path) => ({ path, reason: `${kindOf(path)} file` })),
    ],
    leftOutCount: input.paths.length - input.paths.filter((path) => sent.has(path)).length,
  };
  return { text, manifest, suspects: toSuspects(input.ranking) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
