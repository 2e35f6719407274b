import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folders, readEnvironment } from '../src/config.ts';
import { pack } from '../src/context/pack.ts';
import { type RankInput, type Ranking, rank, toSuspects } from '../src/context/rank.ts';
import { type SignalName, weights as usual, type Weights } from '../src/context/weights.ts';
import { prepare } from '../src/stages/diagnose.ts';
import { countTokens, loadTokens } from '../src/tokens.ts';
import { goldLines, type Instance, readFailures, readInstances } from './instances.ts';

type Case = {
  readonly instance: Instance;
  readonly input: RankInput;
  readonly paths: readonly string[];
  readonly gold: ReadonlyMap<string, readonly number[]>;
};

export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      list: { type: 'string' },
      checkouts: { type: 'string' },
      runs: { type: 'string' },
      gold: { type: 'string' },
      only: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      ablate: { type: 'boolean', default: false },
    },
  });
  await loadTokens();
  const env = readEnvironment();
  const cases: Case[] = [];
  for (const instance of readInstances(values.list ?? '')) {
    if (values.only && !instance.id.includes(values.only)) continue;
    const root = join(values.checkouts ?? '', instance.id);
    const failures = readFailures(values.runs ?? '', instance.id);
    const diff = join(values.gold ?? '', `${instance.id}.diff`);
    const failure = failures?.[0];
    if (!failure || !failures || !existsSync(diff)) {
      console.log(`${instance.id}: no failures or no gold diff`);
      continue;
    }
    const deps = { env, folders: folders(env), signal: undefined, tell: () => {} };
    const ready = await prepare({ root, failure, run: { failures }, budgetTokens: 32_000 }, deps);
    cases.push({ instance, input: ready.input, paths: ready.paths, gold: goldLines(readFileSync(diff, 'utf8')) });
  }
  report(cases, usual, values.verbose);
  if (values.ablate) {
    for (const name of Object.keys(usual) as SignalName[]) {
      console.log(`without ${name}`);
      report(cases, { ...usual, [name]: 0 }, false);
    }
  }
}

function report(cases: readonly Case[], weights: Weights, verbose: boolean): void {
  const sums = new Map<string, number>();
  for (const one of cases) {
    const started = performance.now();
    const ranking = rank({ ...one.input, weights });
    const figures = { ...score(one, ranking), ms: performance.now() - started };
    if (verbose) {
      const place = one.instance.gold_files.map((file) => `${file}=${ranking.files.findIndex(({ path }) => path === file) + 1}`);
      console.log(
        one.instance.id.padEnd(48),
        Object.entries(figures)
          .map(([name, value]) => `${name} ${value.toFixed(2)}`)
          .join('  '),
        place.join(' '),
      );
    }
    for (const [name, value] of Object.entries(figures)) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  console.log(`${cases.length} instances:`, [...sums].map(([name, sum]) => `${name} ${(sum / cases.length).toFixed(3)}`).join('  '));
}

function score(one: Case, ranking: Ranking): Record<string, number> {
  const files = ranking.files.map(({ path }) => path);
  const gold = one.instance.gold_files;
  const recall = (k: number) => gold.filter((file) => files.slice(0, k).includes(file)).length / gold.length;
  const first = files.findIndex((file) => gold.includes(file));
  const functions = goldFunctions(one, ranking);
  const named = toSuspects(ranking, 10).filter(({ name }) => name !== undefined);
  const hits = functions.filter(({ path, startLine, endLine }) =>
    named.some((found) => found.file === path && (found.line ?? 0) <= endLine && (found.endLine ?? 0) >= startLine),
  );
  return {
    'r@1': recall(1),
    'r@3': recall(3),
    'r@5': recall(5),
    'r@10': recall(10),
    mrr: first < 0 ? 0 : 1 / (first + 1),
    'fn@10': functions.length === 0 ? 1 : hits.length / functions.length,
    l8: linesIn(one, ranking, 8_000),
    l32: linesIn(one, ranking, 32_000),
  };
}

function goldFunctions(one: Case, ranking: Ranking): { path: string; startLine: number; endLine: number }[] {
  const found = new Map<string, { path: string; startLine: number; endLine: number }>();
  for (const [path, lines] of one.gold) {
    for (const segment of ranking.sources.get(path)?.segments ?? []) {
      if (segment.kind === 'glue' || !lines.some((line) => line >= segment.startLine && line <= segment.endLine)) continue;
      found.set(`${path}:${segment.startLine}`, { path, startLine: segment.startLine, endLine: segment.endLine });
    }
  }
  return [...found.values()];
}

function linesIn(one: Case, ranking: Ranking, budgetTokens: number): number {
  const { manifest } = pack({
    failure: one.input.failure,
    ranking,
    paths: one.paths,
    read: one.input.read,
    budgetTokens,
    redact: (text) => ({ text, count: 0 }),
    count: countTokens,
    skipped: [],
  });
  if (manifest.tokens > budgetTokens) console.log(`${one.instance.id}: ${manifest.tokens} tokens in a pack of ${budgetTokens}`);
  let all = 0;
  let inside = 0;
  for (const [path, lines] of one.gold) {
    for (const line of lines) {
      all++;
      if (
        manifest.entries.some(
          (entry) =>
            entry.path === path && (entry.form === 'whole' || entry.form === 'part') && entry.startLine <= line && line <= entry.endLine,
        )
      )
        inside++;
    }
  }
  return all === 0 ? 1 : inside / all;
}
