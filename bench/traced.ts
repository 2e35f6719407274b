import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { folders, readEnvironment } from '../src/config.ts';
import { traceValues } from '../src/coverage/values.ts';
import { messageOf } from '../src/errors.ts';
import { observe } from '../src/proof/observe.ts';
import type { Suite, TestResult } from '../src/schema/run.ts';
import { runSuite } from '../src/suite/run/run.ts';

const usage = `node bench/run.mjs traced FOLDER… [--tests N] [--rounds N]
Runs N tests (3) of each FOLDER, a green repository with its dependencies installed, each alone, without and with its values written down, turn about.
Prints wall and CPU time beside each other, by the quickest of the rounds (2), and the peak memory of the largest process.`;

/** As /usr/bin/time sees a run and all that it started. */
type Taken = { readonly ms: number; readonly cpuMs: number; readonly peakMiB: number; readonly calls: number };

export async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { tests: { type: 'string', default: '3' }, rounds: { type: 'string', default: '2' } },
  });
  if (positionals.length === 0) throw new Error(usage);
  const rows: { readonly wall: number; readonly cpu: number; readonly peakMiB: number }[] = [];
  for (const root of positionals) {
    const scratch = mkdtempSync(join(tmpdir(), 'traced-'));
    try {
      const env = readEnvironment();
      const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined };
      const { suite, run } = await observe({ root, within: '', git: undefined, timeoutMs: 200_000, envNames: [], tests: [] }, deps);
      const passing = run.tests.filter(({ status, file }) => status === 'passed' && file !== undefined);
      const wanted = Number(values.tests);
      const chosen = Array.from({ length: wanted }, (_, at) => passing[Math.floor(((at + 0.5) * passing.length) / wanted)]);
      for (const test of new Set(chosen)) {
        if (!test) continue;
        const { plain, traced } = await both(root, suite, test, scratch, Number(values.rounds));
        const row = { wall: traced.ms / plain.ms, cpu: traced.cpuMs / plain.cpuMs, peakMiB: traced.peakMiB };
        rows.push(row);
        console.log(
          basename(root).padEnd(20),
          `${Math.round(plain.ms)} → ${Math.round(traced.ms)} ms, ${row.wall.toFixed(2)} × wall, ${row.cpu.toFixed(2)} × CPU,`,
          `${Math.round(plain.peakMiB)} → ${Math.round(row.peakMiB)} MiB, ${traced.calls} calls | ${test.name.slice(0, 60)}`,
        );
      }
    } catch (error) {
      console.log(basename(root).padEnd(20), messageOf(error));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  const most = (of: (row: (typeof rows)[number]) => number) => Math.max(...rows.map(of));
  const within = rows.filter(({ wall, peakMiB }) => wall <= 3 && peakMiB <= 300).length;
  console.log(
    `${within} of ${rows.length} within 3 × and 300 MiB; most: ${most(({ wall }) => wall).toFixed(2)} × wall, ${most(({ cpu }) => cpu).toFixed(2)} × CPU,`,
  );
  console.log(`${Math.round(most(({ peakMiB }) => peakMiB))} MiB`);
}

async function both(root: string, suite: Suite, test: TestResult, scratch: string, rounds: number) {
  const taken: Record<'plain' | 'traced', Taken[]> = { plain: [], traced: [] };
  const env = readEnvironment();
  for (let round = 0; round < rounds; round++) {
    taken.plain.push(await time(suite, root, test, scratch));
    const folder = mkdtempSync(join(scratch, 'calls-'));
    const watched = traceValues({ suite, root, folder, env, tests: [test.file ?? ''] });
    if (!watched) throw new Error(`${suite.runner} shows no values`);
    const one = await time(watched.suite, root, test, scratch);
    taken.traced.push({ ...one, calls: watched.read().length });
  }
  const quickest = (all: readonly Taken[]) => all.reduce((best, one) => (one.ms < best.ms ? one : best));
  return { plain: quickest(taken.plain), traced: quickest(taken.traced) };
}

async function time(suite: Suite, root: string, test: TestResult, scratch: string): Promise<Taken> {
  const said = join(scratch, 'time');
  const wrap = (argv: readonly string[]) => ['/usr/bin/time', '-o', said, '-f', '%e %U %S %M', ...argv];
  const started = performance.now();
  const run = await runSuite(
    { ...suite, before: undefined },
    { root, only: [test], exact: true, timeoutMs: 100_000, tell: () => {}, env: readEnvironment(), scratch, wrap },
  );
  const ms = performance.now() - started;
  if (run.outcome !== 'green') throw new Error(`${test.name}: ${run.outcome} ${run.output.slice(-300)}`);
  const [wall = 0, user = 0, system = 0, kilobytes = 0] =
    readFileSync(said, 'utf8').trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { ms: wall > 0 ? wall * 1000 : ms, cpuMs: (user + system) * 1000, peakMiB: kilobytes / 1024, calls: 0 };
}
