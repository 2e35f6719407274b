import { pack } from '../src/context/pack/pack.ts';
import type { Collected } from '../src/context/rank/collect.ts';
import { type Ranking, toSuspects } from '../src/context/rank/rank.ts';
import { measurePack } from '../src/evaluating/measures.ts';
import { countTokens } from '../src/tokens/tokens.ts';
import type { Case } from './cases.ts';

export type Figures = Record<string, number>;

/** Recall of gold files in the first k, and the reciprocal rank of the first of them. */
export function measureFiles(gold: readonly string[], files: readonly string[]): Figures {
  const recall = (k: number) => gold.filter((file) => files.slice(0, k).includes(file)).length / gold.length;
  const first = files.findIndex((file) => gold.includes(file));
  return { 'r@1': recall(1), 'r@3': recall(3), 'r@5': recall(5), 'r@10': recall(10), mrr: first < 0 ? 0 : 1 / (first + 1) };
}

/** Recall of the definitions that enclose a changed gold line, classes too, among the first ten. Undefined: no gold line lies in a definition. */
export function measureFunctions(one: Pick<Case, 'gold'>, ranking: Ranking): number | undefined {
  const named = new Set(toSuspects(ranking, 10).map(({ file, name }) => `${file}\0${name}`));
  const gold = [...one.gold].flatMap(([path, lines]) =>
    (ranking.sources.get(path)?.segments ?? [])
      .filter(({ title, startLine, endLine }) => title !== '' && lines.some((line) => line >= startLine && line <= endLine))
      .map(({ title }) => `${path}\0${title}`),
  );
  if (gold.length === 0) return undefined;
  const wanted = [...new Set(gold)];
  return wanted.filter((one) => named.has(one)).length / wanted.length;
}

const counted = new Map<string, number>();

/** One instance is packed many times, from the same definitions. */
function countOnce(text: string): number {
  const known = counted.get(text) ?? countTokens(text);
  if (counted.size > 20_000) counted.clear();
  counted.set(text, known);
  return known;
}

/** Share of the changed gold lines that a pack of a size holds. */
export function measureLines(one: Case, ranking: Ranking, budgetTokens: number): number {
  const { manifest } = pack({
    failure: one.input.failure,
    ranking,
    paths: one.paths,
    read: one.input.read,
    budgetTokens,
    redact: (text) => ({ text, count: 0 }),
    count: countOnce,
    skipped: [],
  });
  if (manifest.tokens > budgetTokens) throw new Error(`${one.instance.id}: ${manifest.tokens} tokens in a pack of ${budgetTokens}`);
  return measurePack(one.gold, manifest, []).lines;
}

/** All figures of one instance, with a time in milliseconds. */
export function measure(one: Case, ranking: Ranking, _collected: Collected): Figures {
  return {
    ...measureFiles(
      one.instance.gold_files,
      ranking.files.map(({ path }) => path),
    ),
    'fn@10': measureFunctions(one, ranking) ?? Number.NaN,
    'lines@8k': measureLines(one, ranking, 8_000),
    'lines@32k': measureLines(one, ranking, 32_000),
  };
}

/** Means over instances; a figure that an instance does not have is left out of its mean. */
export function mean(all: readonly Figures[]): Figures {
  const names = [...new Set(all.flatMap((figures) => Object.keys(figures)))];
  return Object.fromEntries(
    names.map((name) => {
      const values = all.map((figures) => figures[name]).filter((value) => value !== undefined && !Number.isNaN(value));
      return [name, values.reduce((sum: number, value) => sum + (value ?? 0), 0) / Math.max(1, values.length)];
    }),
  );
}

export function show(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('  ');
}
