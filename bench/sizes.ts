import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportResult } from '../src/mcp/answer.ts';
import { jsonBytes } from '../src/report/fit.ts';
import type { Report } from '../src/schema/report.ts';
import { type Instance, readInstances } from './instances.ts';
import { git } from './mine.ts';

/**
 * How many bytes a model gets of a verified fix, in each form: the real patches of instances whose mirrors are there, explained in the words
 * of their commits, in a report that is otherwise as `fix` makes it. `--list LIST.jsonl --mirrors DIR`
 */
export async function main(argv: string[]): Promise<void> {
  const options = { list: { type: 'string', default: '' }, mirrors: { type: 'string', default: '' } } as const;
  const { values } = parseArgs({ args: argv, options });
  const rows: (readonly [json: number, text: number, id: string])[] = [];
  for (const one of readInstances(values.list)) {
    const { structured, text } = reportResult(await reportOf(one, join(values.mirrors, one.repo.replace('/', '+'), 'repo')), {});
    rows.push([jsonBytes(structured), Buffer.byteLength(text), one.id]);
  }
  for (const [json, text, id] of rows) console.log(`${String(json).padStart(6)} ${String(text).padStart(6)}  ${id}`);
  const median = (form: 0 | 1) => rows.map((row) => row[form]).sort((a, b) => a - b)[Math.floor(rows.length / 2)];
  console.log(`${rows.length} fixes, median: ${median(0)} bytes of JSON, ${median(1)} of text`);
}

async function reportOf(
  { base_commit, fix_commit, gold_files, fail_to_pass, test_files_changed }: Instance,
  folder: string,
): Promise<Report> {
  const diff = await git(folder, ['diff', base_commit, fix_commit, '--', ...gold_files]);
  const said = (await git(folder, ['log', '-1', '--format=%B', fix_commit])).trim();
  const count = fail_to_pass.length;
  const why = `${count} of ${count} failing tests is green after the patch, in 2 runs; nothing that passed before fails, is skipped or is missing. Compared: the whole suite (1061 tests).`;
  const gradeWhy = 'your tests notice 5 of 5 changes to the patched lines';
  const run = {
    runner: 'unittest',
    command: ['python3', '-m', 'unittest', 'discover', 'tests'],
    cwd: '',
    why: 'the test script',
    outcome: 'red' as const,
    exitCode: 1,
    durationMs: 2_800,
    collected: 1061,
    passed: 1061 - count,
    failed: count,
    skipped: 0,
    rerun: true,
  };
  const [file] = test_files_changed;
  const failing = {
    id: fail_to_pass[0] ?? 'a test',
    name: fail_to_pass[0]?.split(' :: ').at(-1) ?? 'a test',
    file,
    line: 120,
    kind: 'assertion' as const,
    message: 'AssertionError: what the assertion had to say of both values',
    expected: '<p>900</p>',
    actual: '<p>1080</p>',
    frames: gold_files.map((path, at) => ({ file: path, line: at + 10, name: 'run' })),
  };
  const divergence = {
    path: gold_files[0] ?? '',
    line: 10,
    name: 'run',
    call: "run(text: 'some text')",
    gave: "'<p>'",
    why: 'in a passing test it gave otherwise',
  };
  return {
    version: 1,
    verb: 'fix',
    status: 'verified',
    root: '/home/someone/src/project',
    job: '7zxc3w5twpmqzhae497nrdekac',
    summary: `verified (strong: ${gradeWhy}): ${why}`,
    run,
    groups: [{ cause: failing.message, count, kind: 'unit', why: 'it starts nothing', first: failing, ids: fail_to_pass }],
    failing,
    flake: { verdict: 'deterministic', failed: 2, runs: 2, why: 'it failed in all 2 re-runs alone' },
    cause: { values: { against: 'another test', divergences: Array.from({ length: 8 }, () => divergence), more: 4 } },
    rootCause: { summary: said.split('\n')[0] ?? '', why: said, file: gold_files[0], startLine: 10, endLine: 12 },
    patch: { diff, sha256: 'a'.repeat(64), files: gold_files.map((path) => ({ path, added: 1, removed: 1 })), flags: [] },
    proof: {
      verdict: 'verified',
      why,
      before: run,
      after: [run, run],
      grade: 'strong',
      gradeWhy,
      mutants: { made: 5, noticed: 5, survived: [] },
      sandbox: 'bubblewrap',
      tree: 'b'.repeat(40),
    },
    attempts: [],
    costUsd: 0.001,
    warnings: [],
    next: [],
  };
}
