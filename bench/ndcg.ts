import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { folders, readEnvironment } from '../src/config.ts';
import { kindOf } from '../src/context/scan/kinds.ts';
import { gather, openGround } from '../src/packing/gather.ts';
import { makeRedactor } from '../src/safety/redact/redact.ts';

const usage = `node bench/run.mjs ndcg --annotations FOLDER --repos repos.json --checkouts FOLDER [--verbose]
NDCG@10 of the files that ask ranks for a question, on annotations in the form of semble's benchmarks: FOLDER/<name>.json with a list of
{ query, relevant, secondary }, repos.json with { name, benchmark_root }, and checkouts at the revisions that it names. By files: where an
annotation names lines, its file counts.`;

const Target = z.union([z.string(), z.object({ path: z.string() }).transform(({ path }) => path)]);
const Query = z.object({ query: z.string(), relevant: z.array(Target), secondary: z.array(Target).default([]) });
const Repository = z.object({ name: z.string(), benchmark_root: z.string().nullish() });
const first = 10;

/** As many times as the mean is drawn again for its interval. */
const draws = 2_000;

export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      annotations: { type: 'string' },
      repos: { type: 'string' },
      checkouts: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const { annotations, repos, checkouts } = values;
  if (!annotations || !repos || !checkouts) throw new Error(usage);
  const env = readEnvironment();
  const deps = {
    tell: () => {},
    now: () => Date.now(),
    env,
    folders: folders(env),
    signal: undefined,
    redactor: makeRedactor({ key: Buffer.alloc(32, 1), exact: [] }),
  };
  const all: number[] = [];
  for (const { name, benchmark_root } of z.array(Repository).parse(JSON.parse(readFileSync(repos, 'utf8')))) {
    const path = join(annotations, `${name}.json`);
    const root = join(checkouts, name, benchmark_root ?? '');
    if (!existsSync(path) || !existsSync(root)) continue;
    const ground = await openGround({ root }, deps);
    const own: number[] = [];
    for (const { query, relevant, secondary } of z.array(Query).parse(JSON.parse(readFileSync(path, 'utf8')))) {
      const accept = (file: string) => kindOf(file) === 'source';
      const { context } = await gather(ground, { text: query, budgetTokens: 2_000, accept, first: [] }, deps);
      const files = context.suspects.filter((one) => one.name === undefined).map(({ file }) => file);
      const wanted = [...relevant, ...secondary];
      const score = ndcg(wanted.map((target) => files.findIndex((file) => isSame(file, target)) + 1));
      own.push(score);
      if (values.verbose) console.log(score.toFixed(3), name, query, '|', wanted.join(' '), '|', files.slice(0, 4).join(' '));
    }
    console.log(name.padEnd(20), String(own.length).padStart(4), mean(own).toFixed(3));
    all.push(...own);
  }
  const [low, high] = interval(all);
  console.log(`NDCG@${first} ${mean(all).toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}) of ${all.length} questions`);
}

/** Ranks count from 1; 0 is not found. */
function ndcg(ranks: readonly number[]): number {
  const gain = (all: readonly number[]) => all.reduce((sum, rank) => sum + (rank > 0 && rank <= first ? 1 / Math.log2(rank + 1) : 0), 0);
  return gain([...new Set(ranks)]) / gain(ranks.slice(0, first).map((_, at) => at + 1));
}

const isSame = (file: string, target: string) => file === target || file.endsWith(`/${target}`) || target.endsWith(`/${file}`);
const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / Math.max(all.length, 1);

/** By drawing questions again, always in the same way. */
function interval(all: readonly number[]): [number, number] {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const means = Array.from({ length: draws }, () => mean(all.map(() => all[Math.floor(next() * all.length)] ?? 0))).sort((a, b) => a - b);
  return [means[Math.floor(draws * 0.025)] ?? 0, means[Math.floor(draws * 0.975)] ?? 0];
}
