import { createHash } from 'node:crypto';
import type { Context, LeftOut, Manifest, ManifestEntry, ReadText } from '../../schema/context.ts';
import type { Failure } from '../../schema/run.ts';
import { type Ranking, toSuspects } from '../rank/rank.ts';
import { kindOf } from '../scan/kinds.ts';
import { type Block, describeFailure, describeOthers, outputBlock } from './blocks.ts';
import { suspectBlocks } from './plan.ts';
import { restBlock } from './rest.ts';
import { testBlocks } from './test-blocks.ts';

/** `withheld`: why nothing of the text may be sent. */
export type Redact = (
  text: string,
  path?: string,
) => { readonly text: string; readonly count: number; readonly withheld?: string | undefined };

export type PackInput = {
  readonly failure: Failure;
  /** What running it has shown, a line each; stands before what it reported. */
  readonly shown?: readonly string[] | undefined;
  /** All that is red in the run. */
  readonly failures?: readonly Failure[] | undefined;
  /** What was sent before: then this is what ranks next. */
  readonly sent?: readonly ManifestEntry[] | undefined;
  readonly ranking: Ranking;
  /** All listed paths, for the outline and for what is left out. */
  readonly paths: readonly string[];
  readonly read: ReadText;
  readonly budgetTokens: number;
  readonly redact: Redact;
  readonly count: (text: string) => number;
  readonly skipped: readonly LeftOut[];
};

/** Shares of the budget: what each tier may take at most. */
const shares = { output: 0.12, tests: 0.2, rest: 0.05 } as const;
const mostRest = 700;
/** The share of all chances that a first pack holds, and that each further one takes of what is then left. */
const enough = { first: 0.6, further: 0.8 } as const;
const mostLeftOut = 40;
const mostNamed = 10;
/** Suspects that are searched for secrets before the output is. */
const mostSearched = 12;

/**
 * Packs the failure, its test with what that uses, and the suspects. `budgetTokens` is a ceiling: what adds little is named and stays
 * out. Deterministic: the same input gives the same bytes. With `sent`, what ranks next and was not sent yet.
 */
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
    if (!block || block.tokens > left) return;
    blocks.push(block);
    left -= block.tokens;
  };
  if (!input.sent) {
    const others = describeOthers(input.failure, input.failures ?? []);
    // First the files that it speaks of: a secret of theirs is known where it is printed.
    const spokenOf = [
      input.failure.file,
      ...input.failure.frames.map(({ file }) => file),
      ...ranking.files.slice(0, mostSearched).map(({ path }) => path),
    ];
    for (const file of spokenOf) if (file !== undefined) redacted(file);
    const said = input.redact([...(input.shown ?? []), describeFailure(input.failure), ...others].join('\n'));
    redactions.set('failure', said.count);
    place(outputBlock(said.text, Math.floor(budgetTokens * shares.output), count));
    for (const block of testBlocks(ranking.uses, redacted, Math.floor(budgetTokens * shares.tests), count)) place(block);
  }
  const forRest = Math.min(Math.floor(budgetTokens * shares.rest), mostRest);
  const before = linesSent(input.sent ?? []);
  const reach = { enough: input.sent ? enough.further : enough.first, sent: before };
  for (const block of suspectBlocks(ranking, redacted, left - forRest, count, reach)) place(block);
  const now = linesSent(blocks.flatMap(({ path, entries }) => entries.map((entry) => ({ path, ...entry }))));
  const shown: typeof now = (path, startLine, endLine) => before(path, startLine, endLine) || now(path, startLine, endLine);
  place(restBlock(ranking, shown, Math.min(forRest, left), count));
  return assemble(input, blocks, redactions, withheld);
}

/** Whether lines of a file are among those that were sent. */
function linesSent(entries: readonly Pick<ManifestEntry, 'path' | 'startLine' | 'endLine' | 'form'>[]) {
  return (path: string, startLine: number, endLine: number): boolean =>
    entries.some(
      (entry) =>
        entry.path === path &&
        (entry.form === 'whole' || entry.form === 'part') &&
        entry.startLine <= startLine &&
        endLine <= entry.endLine,
    );
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
    .map(({ path }) => ({ path, reason: 'adds little beside what is sent: ranked lower' }));
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
