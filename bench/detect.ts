import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { folders, readEnvironment } from '../src/config.ts';
import { messageOf } from '../src/errors.ts';
import { type Observed, observe } from '../src/proof/observe.ts';
import type { TestRun } from '../src/schema/run.ts';

const Instance = z.object({
  id: z.string(),
  runner: z.string(),
  workspace_package: z.string().nullable().optional(),
  fail_to_pass: z.array(z.string()),
  test_command: z.string(),
  full_suite: z.object({ fail_both: z.array(z.string()).catch([]) }),
});
type Instance = z.infer<typeof Instance>;

const usage = `node bench/run.mjs detect --list LIST.jsonl --checkouts FOLDER [--only TEXT] [--timeout SECONDS] [--save RUNS]
Runs what find runs on FOLDER/<id> for each instance of the list and prints what was reported against what is listed. With --save, the
listed failures are kept as RUNS/<id>.json, which localize reads.`;

/** Names as several runners write them, brought to one form: blanks for every joint. */
const plain = (name: string) =>
  name
    .replace(/ > |::|\.(?=[A-Za-z_])|\s+/g, ' ')
    .replaceAll('\\n', '\n')
    .replace(/\s+/g, ' ')
    .trim();

/** Is a listed id the failure? By the end of its name, and by its file where the list knows one. A file that cannot load stands for its tests. */
function covers(listed: string, failure: { name: string; file?: string | undefined; kind: string }): boolean {
  const [file = '', name = ''] = listed.split(/ :: (.*)/s);
  const sameFile = file === '' || failure.file === undefined || failure.file === file;
  if (!sameFile) return false;
  if (failure.kind === 'load' && failure.file === file) return true;
  if (name === '<file>') return failure.name === '<file>';
  return plain(name).endsWith(plain(failure.name)) || plain(failure.name).endsWith(plain(name));
}

type Row = { id: string; runner: string; found: string; other: string; run: string; seconds: string; why: string };

async function measure(one: Instance, root: string, timeoutMs: number, save: string | undefined): Promise<Row> {
  const home = mkdtempSync(join(tmpdir(), 'detect-'));
  const env = { ...readEnvironment(), GLM_SKILL_HOME: home };
  const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined };
  const started = performance.now();
  try {
    const seen = await observe({ root, within: '', git: undefined, timeoutMs, envNames: [] }, deps);
    const failures = seen.run.failures.filter((failure) => one.fail_to_pass.some((listed) => covers(listed, failure)));
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
  const known = [...one.fail_to_pass, ...one.full_suite.fail_both];
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
  const instances = readFileSync(values.list, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => Instance.parse(JSON.parse(line)))
    .filter(({ id }) => !values.only || id.includes(values.only));
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
