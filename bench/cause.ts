import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { findCause } from '../src/cause/cause.ts';
import { linesOf } from '../src/cause/describe-values.ts';
import { folders, readEnvironment } from '../src/config.ts';
import { pack } from '../src/context/pack/pack.ts';
import { collect } from '../src/context/rank/collect.ts';
import { lift } from '../src/context/rank/lift.ts';
import { type Ranking, rank } from '../src/context/rank/rank.ts';
import { scanDefinitions } from '../src/context/scan/scan.ts';
import { trace } from '../src/coverage/trace.ts';
import { messageOf } from '../src/errors.ts';
import { goldLines } from '../src/evaluating/gold-lines.ts';
import { prepare } from '../src/packing/make-pack.ts';
import { observe } from '../src/proof/observe.ts';
import { openPlace } from '../src/repo/root.ts';
import { makeRedactor } from '../src/safety/redact/redact.ts';
import type { Divergence } from '../src/schema/cause.ts';
import { countTokens } from '../src/tokens/tokens.ts';

const usage = `node bench/run.mjs cause --list LIST.jsonl --checkouts FOLDER --gold FOLDER [--only TEXT] [--timeout SECONDS]
Shows the cause in FOLDER/<id> (dependencies installed) for each instance and prints at which place the first function stands that the fix
(FOLDER/<id>.gold, a unified diff) changes; 0: not among the places. Then the same among the suspects, and the tokens and changed lines of a pack of
32k, without what was shown and with it.`;

const Instance = z.object({ id: z.string(), target_test_files: z.array(z.string()).catch([]), test_files_changed: z.array(z.string()) });

/** How many of the first places count. */
const most = 3;
const budgetTokens = 32_000;

export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      list: { type: 'string' },
      checkouts: { type: 'string' },
      gold: { type: 'string' },
      only: { type: 'string', default: '' },
      timeout: { type: 'string', default: '300' },
    },
  });
  const { list, checkouts, gold } = values;
  if (!list || !checkouts || !gold) throw new Error(usage);
  const rows = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  const all: Row[] = [];
  for (const one of rows.map((row) => Instance.parse(JSON.parse(row)))) {
    const root = join(checkouts, one.id);
    if (!one.id.includes(values.only) || !existsSync(root)) continue;
    const started = performance.now();
    const lines = goldLines(readFileSync(join(gold, `${one.id}.gold`), 'utf8'));
    const said = await rowOf(root, one.test_files_changed, lines, Number(values.timeout) * 1000).catch((error: unknown) =>
      messageOf(error),
    );
    const seconds = `${Math.round((performance.now() - started) / 1000)} s`.padStart(6);
    if (typeof said === 'string') {
      console.log(one.id.padEnd(48), seconds, said);
      continue;
    }
    all.push(said);
    console.log(one.id.padEnd(48), String(said.rank).padStart(3), seconds, describe(said.plain), '|', describe(said.shown), '|', said.note);
  }
  const among = (rank: (row: Row) => number) => all.filter((row) => rank(row) > 0 && rank(row) <= most).length;
  const mean = (of: (row: Row) => number) => all.reduce((sum, row) => sum + of(row), 0) / Math.max(all.length, 1);
  console.log(`of ${all.length}, a changed function is among the first ${most}: places ${among((row) => row.rank)},`);
  console.log(`suspects without ${among((row) => row.plain.rank)}, with ${among((row) => row.shown.rank)}`);
  for (const kind of ['plain', 'shown'] as const)
    console.log(
      `pack ${kind}: ${Math.round(mean((row) => row[kind].tokens))} tokens, ${mean((row) => row[kind].lines).toFixed(3)} of the changed lines`,
    );
}

/** `lines`: the share of the changed lines that a pack holds. */
type Packed = { readonly rank: number; readonly tokens: number; readonly lines: number };
type Row = { readonly rank: number; readonly plain: Packed; readonly shown: Packed; readonly note: string };

const describe = ({ rank, tokens, lines }: Packed) => `suspect ${rank}, ${tokens} tokens, ${lines.toFixed(2)}`;

async function rowOf(
  root: string,
  tests: readonly string[],
  gold: ReadonlyMap<string, readonly number[]>,
  timeoutMs: number,
): Promise<Row | string> {
  const env = readEnvironment();
  const redactor = makeRedactor({ key: Buffer.alloc(32, 1), exact: [] });
  const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined, redactor };
  const limits = { timeoutMs, envNames: [], sandbox: 'off' as const };
  const place = await openPlace({ root }, deps);
  const observed = await observe({ ...place, ...limits, tests: tests.filter((path) => existsSync(join(root, path))) }, deps);
  const [group] = observed.groups;
  const failure = group?.first;
  if (!failure) return `the run ended as ${observed.run.outcome}`;
  const failures = observed.run.failures.filter(({ id }) => group.ids.includes(id));
  const found = { ...place, ...limits, ...observed, failure };
  const { cause, places: led, notes } = await findCause({ ...found, failures, quick: true }, deps);
  const traced = await trace(found, deps);
  const { input, paths } = await prepare({ ...found, budgetTokens, ...traced }, deps);
  const ranking = rank(collect(input));
  const packed = (ranked: Ranking, shown?: readonly string[]): Packed => {
    const ways = {
      shown,
      failure,
      failures: observed.run.failures,
      paths,
      read: input.read,
      budgetTokens,
      count: countTokens,
      skipped: [],
    };
    const { manifest } = pack({ ...ways, ranking: ranked, redact: (text) => ({ text, count: 0 }) });
    const lines = [...gold].flatMap(([path, numbers]) => numbers.map((line) => ({ path, line })));
    const inside = lines.filter(({ path, line }) =>
      manifest.entries.some(
        (entry) => entry.path === path && ['whole', 'part'].includes(entry.form) && entry.startLine <= line && line <= entry.endLine,
      ),
    );
    const suspects = ranked.segments.filter(({ segment }) => segment.title !== '' && segment.kind !== 'glue');
    const rank =
      suspects.findIndex(({ source, segment }) =>
        gold.get(source.path)?.some((line) => line >= segment.startLine && line <= segment.endLine),
      ) + 1;
    return { rank, tokens: manifest.tokens, lines: lines.length === 0 ? 1 : inside.length / lines.length };
  };
  const places = cause.values?.divergences ?? [];
  return {
    rank: places.findIndex((one) => isChanged(root, one, gold)) + 1,
    plain: packed(ranking),
    shown: packed(lift(ranking, led), linesOf(cause)),
    note: [places.map(({ path, name }) => `${path}:${name}`).join(' '), ...notes].join(' '),
  };
}

/** Does the fix change a line of the function that stands there? */
function isChanged(root: string, { path, line, name }: Divergence, gold: ReadonlyMap<string, readonly number[]>): boolean {
  const changed = gold.get(path);
  if (!changed || !existsSync(join(root, path))) return false;
  const last = name.split(/[ .]/).at(-1);
  const around = scanDefinitions(path, readFileSync(join(root, path), 'utf8')).filter(
    (one) => one.kind === 'function' && ((one.startLine <= line && one.endLine >= line) || one.name === last),
  );
  return changed.some((at) => at === line || around.some((one) => at >= one.startLine && at <= one.endLine));
}
