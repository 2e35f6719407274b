import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folders, readEnvironment } from '../src/config.ts';
import { messageOf } from '../src/errors.ts';
import { type Observed, observe } from '../src/proof/observe.ts';
import type { TestRun } from '../src/schema/run.ts';
import { covers, type Instance, readInstances, wanted } from './instances.ts';

const usage = `node bench/run.mjs detect --list LIST.jsonl --checkouts FOLDER [--only TEXT] [--timeout SECONDS] [--save RUNS]
Runs what find runs on FOLDER/<id> for each instance of the list and prints what was reported against what is listed. With --save, the
listed failures are kept as RUNS/<id>.json, which localize reads.`;

type Row = { id: string; runner: string; found: string; other: string; run: string; seconds: string; why: string };

async function measure(one: Instance, root: string, timeoutMs: number, save: string | undefined): Promise<Row> {
  const home = mkdtempSync(join(tmpdir(), 'detect-'));
  const env = { ...readEnvironment(), GLM_SKILL_HOME: home };
  const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined };
  const started = performance.now();
  try {
    const seen = await observe({ root, within: '', git: undefined, timeoutMs, envNames: [] }, deps);
    const failures = wanted(one, seen.run.failures);
    if (save !== undefined) writeFileSync(join(save, `${one.id}.json`), JSON.stringify({ failures }, null, 1));
    return rowOf(one, seen, performance.now() - started);
  } catch (error) {
    return { id: one.id, runner: '-', found: '-', other: '-', run: 'error', seconds: '-', why: messageOf(error) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function rowOf(one: Instance, { run }: Observed, ms: number): Row {
  const missed = one.fail_to_pass.filter((listed) => !run.failures.some((failure) => covers(listed, failure)));
  const known = [...one.fail_to_pass, ...(one.full_suite?.fail_both ?? [])];
  const other = run.failures.filter((failure) => !known.some((listed) => covers(listed, failure)));
  return {
    id: one.id,
    runner: run.runner,
    found: `${one.fail_to_pass.length - missed.length}/${one.fail_to_pass.length}`,
    other: String(other.length),
    run: `${run.outcome} ${countsOf(run)}`,
    seconds: (ms / 1000).toFixed(1),
    why: [...missed.map((id) => `MISSED ${id}`), ...other.map(({ id, kind }) => `OTHER ${id} (${kind})`), run.why, run.note]
      .filter(Boolean)
      .join('; ')
      .slice(0, 600),
  };
}

const countsOf = (run: TestRun) => `${run.collected}/${run.failed}/${run.skipped}`;

/** Prints the table of detection; see `usage`. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      list: { type: 'string' },
      checkouts: { type: 'string' },
      only: { type: 'string' },
      timeout: { type: 'string' },
      save: { type: 'string' },
    },
  });
  if (!values.list || !values.checkouts) throw new Error(usage);
  const instances = readInstances(values.list).filter(({ id }) => !values.only || id.includes(values.only));
  process.stdout.write(
    '| id | runner | listed found | other red | outcome tests/failed/skipped | s | why |\n|---|---|---|---|---|---|---|\n',
  );
  for (const one of instances) {
    const root = join(values.checkouts, one.id);
    if (!existsSync(root)) continue;
    const row = await measure(one, root, Number(values.timeout ?? 600) * 1000, values.save);
    process.stdout.write(`| ${Object.values(row).join(' | ').replaceAll('\n', ' ')} |\n`);
  }
}
