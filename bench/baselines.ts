import { type Query, searchIndex } from '../src/context/index/search.ts';
import { splitWords } from '../src/context/index/tokenize.ts';
import type { Collected } from '../src/context/rank/collect.ts';
import { ranks } from '../src/context/rank/signals.ts';
import { countTokens } from '../src/tokens/tokens.ts';
import type { Case } from './cases.ts';
import { type Figures, measureFiles } from './measure.ts';

/** What simpler methods reach on the same instance, for the same table: files by rank, and changed lines by budget. */
export function measureBaselines(one: Case, { signals, frames }: Collected): Map<string, Figures> {
  const { failure, index, read } = one.input;
  const said = `${failure.name}\n${failure.message}\n${failure.output ?? ''}`;
  const output = searchIndex(index, queryOf(said));
  const both = searchIndex(index, queryOf(`${said}\n${failure.file === undefined ? '' : (read(failure.file) ?? '')}`));
  const trace = new Map([...frames.keys()].map((path, i) => [path, 1 / (1 + i)]));
  const imports = signals.get('imports')?.scores ?? new Map<string, number>();
  const fused = new Map<string, number>();
  for (const scores of [output, both, trace, imports])
    for (const [path, place] of ranks(scores)) fused.set(path, (fused.get(path) ?? 0) + 1 / (60 + place));
  const methods: [string, ReadonlyMap<string, number>][] = [
    ['BM25, failure output', output],
    ['BM25, test file + output', both],
    ['files in the stack trace', trace],
    ['import distance', imports],
    ['rank fusion of these', fused],
  ];
  const result = new Map(methods.map(([name, scores]) => [name, measureFiles(one.instance.gold_files, order(scores))]));
  result.set(
    'whole files by BM25',
    linesByBudget(
      one,
      order(both).map((path) => ({ path, from: 1, to: Number.POSITIVE_INFINITY })),
    ),
  );
  result.set('40-line chunks by BM25', linesByBudget(one, chunks(one, both, queryOf(`${said}\n${read(failure.file ?? '') ?? ''}`))));
  return result;
}

type Piece = { readonly path: string; readonly from: number; readonly to: number };

function queryOf(text: string): Query {
  const counts = new Map<string, number>();
  for (const word of splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].map(([word, count]) => [word, 1 + Math.log(count)]));
}

function order(scores: ReadonlyMap<string, number>): string[] {
  return [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([path]) => path);
}

/** Chunks of 40 lines by the share of the query's words in them, weighted by rarity over chunks. */
function chunks({ input }: Case, files: ReadonlyMap<string, number>, query: Query): Piece[] {
  const all = order(files).flatMap((path) => {
    const lines = (input.read(path) ?? '').split('\n');
    return Array.from({ length: Math.ceil(lines.length / 40) }, (_, i) => ({
      path,
      from: i * 40 + 1,
      to: Math.min(lines.length, (i + 1) * 40),
      words: new Set(splitWords(lines.slice(i * 40, (i + 1) * 40).join('\n'))),
    }));
  });
  const rarity = new Map(
    [...query.keys()].map((word) => [word, Math.log(1 + all.length / (1 + all.filter(({ words }) => words.has(word)).length))]),
  );
  const scored = all.map((piece) => ({
    piece,
    score: [...query].reduce((sum, [word, weight]) => sum + (piece.words.has(word) ? weight * (rarity.get(word) ?? 0) : 0), 0),
  }));
  return scored.sort((a, b) => b.score - a.score).map(({ piece }) => piece);
}

function linesByBudget(one: Case, pieces: readonly Piece[]): Figures {
  const at = (budgetTokens: number) => {
    let left = budgetTokens;
    const packed: Piece[] = [];
    for (const piece of pieces) {
      const lines = (one.input.read(piece.path) ?? '').split('\n');
      const tokens = countTokens(lines.slice(piece.from - 1, piece.to).join('\n')) + 10;
      if (tokens > left) continue;
      left -= tokens;
      packed.push(piece);
    }
    const gold = [...one.gold].flatMap(([path, lines]) => lines.map((line) => ({ path, line })));
    const inside = gold.filter(({ path, line }) => packed.some((piece) => piece.path === path && piece.from <= line && line <= piece.to));
    return gold.length === 0 ? 1 : inside.length / gold.length;
  };
  return { 'lines@8k': at(8_000), 'lines@32k': at(32_000) };
}
