import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folders, readEnvironment } from '../src/config.ts';
import { type Trace, trace } from '../src/coverage/trace.ts';
import { messageOf } from '../src/errors.ts';
import { observe } from '../src/proof/observe.ts';
import { readInstances, readKept } from './instances.ts';

const usage = `node bench/run.mjs trace --list LIST.jsonl --checkouts FOLDER --runs RUNS [--only TEXT]
Traces the failures of each RUNS/<id>.json on FOLDER/<id>, as context does, and adds what ran to that file, which localize reads.`;

/** Prints a row per instance: files and functions that ran, those that no passing test of the file ran, seconds. See `usage`. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { list: { type: 'string' }, checkouts: { type: 'string' }, runs: { type: 'string' }, only: { type: 'string', default: '' } },
  });
  if (!values.list || !values.checkouts || !values.runs) throw new Error(usage);
  for (const { id } of readInstances(values.list)) {
    const root = join(values.checkouts, id);
    const { failures = [] } = readKept(values.runs, id) ?? {};
    const [failure] = failures;
    if (!id.includes(values.only) || !failure || !existsSync(root)) continue;
    const home = mkdtempSync(join(tmpdir(), 'trace-'));
    const env = { ...readEnvironment(), GLM_SKILL_HOME: home };
    const said: string[] = [];
    const tell = (event: { type: string; message?: string }) => event.message && said.push(event.message);
    const deps = { tell, now: () => Date.now(), env, folders: folders(env), signal: undefined };
    const tests = [...new Set(failures.flatMap(({ file }) => file ?? []))];
    try {
      const { suite, suites, run } = await observe({ root, within: '', git: undefined, timeoutMs: 300_000, envNames: [], tests }, deps);
      const started = performance.now();
      const traced = await trace({ root, suite, suites, run: { ...run, failures }, failure, timeoutMs: 300_000, envNames: [] }, deps);
      const seconds = (performance.now() - started) / 1000;
      console.log(id.padEnd(48), seconds.toFixed(1).padStart(6), traced ? describe(traced) : said.at(-1));
      if (traced) keep(join(values.runs, `${id}.json`), traced);
    } catch (error) {
      console.log(id.padEnd(48), messageOf(error));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
}

function describe({ coverage, passing }: Trace): string {
  const lines = [...coverage].flatMap(([path, ran]) => ran.map((line) => ({ path, line })));
  const alone = passing && lines.filter(({ path, line }) => !passing.get(path)?.includes(line));
  return `${coverage.size} files ${lines.length} lines${alone ? `, ${alone.length} alone` : ', no passing side'}`;
}

function keep(path: string, { coverage, passing }: Trace): void {
  const kept = JSON.parse(readFileSync(path, 'utf8'));
  const traced = { coverage: Object.fromEntries(coverage), ...(passing && { passing: Object.fromEntries(passing) }) };
  writeFileSync(path, JSON.stringify({ ...kept, ...traced }, null, 1));
}
