import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../src/config.ts';
import { runProcess } from '../src/process/run.ts';

/**
 * Time and peak memory of a whole `context` process on laid-out trees, beside repomix where its command is given:
 * node bench/run.mjs speed --cli dist/cli.mjs --tree DIR=TESTFILE … [--repomix "npx repomix"] [--rounds 5] [--other OTHER/dist/cli.mjs]
 * `--other`: another build beside it, turn about, and the ratios of wall time and peak memory to it.
 */
export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      cli: { type: 'string', default: 'dist/cli.mjs' },
      tree: { type: 'string', multiple: true, default: [] },
      repomix: { type: 'string' },
      other: { type: 'string' },
      rounds: { type: 'string', default: '5' },
    },
  });
  if (values.other) return compare([values.cli, values.other], values.tree, Number(values.rounds));
  console.log('node -e 0', line(await repeat(() => time(['node', '-e', '0'], readEnvironment()), Number(values.rounds))));
  for (const tree of values.tree) {
    const [folder = '', test = ''] = tree.split('=');
    const scratch = await mkdtemp(join(tmpdir(), 'glm-skill-speed-'));
    try {
      const report = join(scratch, 'report.xml');
      await writeFile(report, junit(test));
      const ours = ['node', values.cli, 'context', folder, '--report', report, '--json'];
      const env = { ...readEnvironment(), GLM_SKILL_HOME: join(scratch, 'home') };
      // In a tree that was just laid out git reads every file once more; in one that is worked in it has done so.
      await runProcess({ argv: ['git', 'status'], cwd: folder, env: readEnvironment() });
      const cold = await repeat(async () => {
        await rm(env.GLM_SKILL_HOME, { recursive: true, force: true });
        return time(ours, env);
      }, Number(values.rounds));
      const warm = await repeat(() => time(ours, env), Number(values.rounds));
      await writeFile(report, junit(test, 'works too'));
      const other = await time(ours, env);
      await writeFile(report, junit(test));
      const touched = join(folder, test);
      const before = await readFile(touched);
      // Other bytes in every round: the same ones would be known from the round before.
      let round = 0;
      const touch = async () => {
        await writeFile(touched, Buffer.concat([before, Buffer.from('\n'.repeat(++round))]));
        return time(ours, env);
      };
      const dirty = await repeat(touch, Number(values.rounds)).finally(() => writeFile(touched, before));
      console.log(folder, `cold ${line(cold)}`, `warm ${line(warm)}`, `another failure ${line(other)}`, `one changed file ${line(dirty)}`);
      if (values.repomix === undefined) continue;
      const theirs = [...values.repomix.split(' '), folder, '--quiet', '--output', join(scratch, 'pack.xml')];
      const first = await time(theirs, readEnvironment());
      const again = await repeat(() => time(theirs, readEnvironment()), Math.min(1, Number(values.rounds)));
      console.log(
        folder,
        `repomix first ${line(first)}`,
        `again ${line(again)}`,
        `CPU ratio ${(first.cpuMs / cold.cpuMs).toFixed(1)} cold, ${(again.cpuMs / warm.cpuMs).toFixed(1)} warm`,
        `wall ratio ${(first.ms / cold.ms).toFixed(1)} cold, ${(again.ms / warm.ms).toFixed(1)} warm`,
      );
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

/** Two builds turn about, so that whatever else the machine does falls on both; the quickest of each counts. */
async function compare(clis: readonly string[], trees: readonly string[], rounds: number): Promise<void> {
  for (const tree of trees) {
    const [folder = '', test = ''] = tree.split('=');
    const touched = join(folder, test);
    const before = await readFile(touched);
    const scratch = await mkdtemp(join(tmpdir(), 'glm-skill-speed-'));
    const taken = new Map<string, Taken[]>();
    try {
      const report = join(scratch, 'report.xml');
      await writeFile(report, junit(test));
      await runProcess({ argv: ['git', 'status'], cwd: folder, env: readEnvironment() });
      for (let round = 0; round < rounds; round++) {
        for (const [at, cli] of clis.entries()) {
          const env = { ...readEnvironment(), GLM_SKILL_HOME: join(scratch, `home-${at}`) };
          const run = async (kind: string) => {
            const one = await time(['node', cli, 'context', folder, '--report', report, '--json'], env);
            taken.set(`${kind} ${at}`, [...(taken.get(`${kind} ${at}`) ?? []), one]);
          };
          await rm(env.GLM_SKILL_HOME, { recursive: true, force: true });
          await run('cold');
          for (let times = 0; times < 3; times++) await run('warm');
          await writeFile(touched, Buffer.concat([before, Buffer.from('\n'.repeat(round + 1))]));
          await run('touched').finally(() => writeFile(touched, before));
        }
      }
      for (const kind of ['cold', 'warm', 'touched']) {
        const [mine, theirs] = clis.map((_, at) => (taken.get(`${kind} ${at}`) ?? []).sort((a, b) => a.ms - b.ms)[0]);
        if (!mine || !theirs) continue;
        const ratios = `${(mine.ms / theirs.ms).toFixed(2)} of its time, ${(mine.peakMiB / theirs.peakMiB).toFixed(2)} of its memory`;
        console.log(folder, kind, line(mine), '| other', line(theirs), '|', ratios);
      }
    } finally {
      await writeFile(touched, before);
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

/** `cpuMs` is user and system time of the process and its children: what counts on a machine that is busy with other things. */
type Taken = { readonly ms: number; readonly cpuMs: number; readonly peakMiB: number };

const line = ({ ms, cpuMs, peakMiB }: Taken) => `${Math.round(ms)} ms (${Math.round(cpuMs)} CPU) ${Math.round(peakMiB)} MiB`;

/** Wall time of a process and its peak memory as /usr/bin/time saw it (0 where there is none). */
async function time(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Taken> {
  const result = await runProcess({ argv: ['/usr/bin/time', '-f', 'peak %M cpu %U %S', ...argv], cwd: '.', env });
  const done = result.end === 'failed_to_start' ? await runProcess({ argv, cwd: '.', env }) : result;
  if (done.exitCode !== 0) throw new Error(`${argv.join(' ')}: exit ${done.exitCode} ${done.stderr.toString().slice(-500)}`);
  const [, peak = '0', user = '0', system = '0'] = /peak (\d+) cpu ([\d.]+) ([\d.]+)/.exec(done.stderr.toString()) ?? [];
  return { ms: done.durationMs, cpuMs: (Number(user) + Number(system)) * 1000, peakMiB: Number(peak) / 1024 };
}

/** The run that took least CPU: what a busy machine disturbs least. */
async function repeat(run: () => Promise<Taken>, rounds: number): Promise<Taken> {
  const all: Taken[] = [];
  for (let round = 0; round < rounds; round++) all.push(await run());
  return all.sort((a, b) => a.cpuMs - b.cpuMs)[0] ?? { ms: 0, cpuMs: 0, peakMiB: 0 };
}

function junit(file: string, name = 'works'): string {
  return `<testsuites><testsuite name="s" tests="1" failures="1"><testcase name="${name}" classname="s" file="${file}"><failure message="expected 1 to be 2">AssertionError: expected 1 to be 2</failure></testcase></testsuite></testsuites>\n`;
}
