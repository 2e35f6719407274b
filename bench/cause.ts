import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { findCause } from '../src/cause/cause.ts';
import { folders, readEnvironment } from '../src/config.ts';
import { scanDefinitions } from '../src/context/scan/scan.ts';
import { messageOf } from '../src/errors.ts';
import { goldLines } from '../src/evaluating/gold-lines.ts';
import { observe } from '../src/proof/observe.ts';
import { openPlace } from '../src/repo/root.ts';
import { makeRedactor } from '../src/safety/redact/redact.ts';
import type { Divergence } from '../src/schema/cause.ts';

const usage = `node bench/run.mjs cause --list LIST.jsonl --checkouts FOLDER --gold FOLDER [--only TEXT] [--timeout SECONDS]
Shows the cause in FOLDER/<id> (dependencies installed) for each instance and prints at which place the first function stands that the fix
(FOLDER/<id>.gold, a unified diff) changes; 0: not among the places.`;

const Instance = z.object({ id: z.string(), target_test_files: z.array(z.string()).catch([]), test_files_changed: z.array(z.string()) });

/** How many of the first places count. */
const most = 3;

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
  let hits = 0;
  let all = 0;
  for (const one of rows.map((row) => Instance.parse(JSON.parse(row)))) {
    const root = join(checkouts, one.id);
    if (!one.id.includes(values.only) || !existsSync(root)) continue;
    const started = performance.now();
    const lines = goldLines(readFileSync(join(gold, `${one.id}.gold`), 'utf8'));
    const said = await rankOf(root, one.test_files_changed, lines, Number(values.timeout) * 1000).catch((error: unknown) => ({
      rank: 0,
      note: messageOf(error),
    }));
    all++;
    if (said.rank > 0 && said.rank <= most) hits++;
    console.log(
      one.id.padEnd(48),
      String(said.rank).padStart(3),
      `${Math.round((performance.now() - started) / 1000)} s`.padStart(6),
      said.note,
    );
  }
  console.log(`${hits} of ${all} have a changed function among the first ${most} places`);
}

async function rankOf(root: string, tests: readonly string[], gold: ReadonlyMap<string, readonly number[]>, timeoutMs: number) {
  const env = readEnvironment();
  const redactor = makeRedactor({ key: Buffer.alloc(32, 1), exact: [] });
  const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined, redactor };
  const limits = { timeoutMs, envNames: [], sandbox: 'off' as const };
  const place = await openPlace({ root }, deps);
  const observed = await observe({ ...place, ...limits, tests: tests.filter((path) => existsSync(join(root, path))) }, deps);
  const [group] = observed.groups;
  const failure = group?.first;
  if (!failure) return { rank: 0, note: `the run ended as ${observed.run.outcome}` };
  const failures = observed.run.failures.filter(({ id }) => group.ids.includes(id));
  const { cause, notes } = await findCause({ ...place, ...limits, ...observed, failure, failures, quick: true }, deps);
  const places = cause.values?.divergences ?? [];
  const rank = places.findIndex((one) => isChanged(root, one, gold)) + 1;
  return { rank, note: [places.map(({ path, name }) => `${path}:${name}`).join(' '), ...notes].join(' ') };
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
