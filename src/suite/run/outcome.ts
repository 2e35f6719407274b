import type { ProcessResult } from '../../process/run.ts';
import type { Failure, RunOutcome, Suite, TestRun } from '../../schema/run.ts';
import { head, plainText, tail } from '../ansi.ts';
import { type Results, toResults } from '../failure.ts';
import { readFrames } from '../frames.ts';
import type { Relate } from '../paths.ts';
import { outsideTests, type RawTest, type Reading, wholeFile } from '../runner.ts';
import { flakyOf } from './flaky.ts';
import { findMissing, makeIsLocal } from './missing.ts';

const maxOutput = 20_000;

type Wants = (test: { readonly id: string; readonly file?: string | undefined }) => boolean;

type Ended = {
  readonly suite: Suite;
  /** Absolute. */
  readonly folder: string;
  readonly argv: readonly string[];
  readonly reading: Reading;
  readonly process: ProcessResult;
  readonly relate: Relate;
  readonly notes: readonly string[];
  readonly mapFrame?: Parameters<typeof toResults>[1]['mapFrame'];
  /** Keep only these ids; the rest of a narrowed run was not asked for. */
  readonly wanted?: Wants | undefined;
  /** A part of the suite was run: what it lacks says nothing about the whole. */
  readonly narrowed?: boolean | undefined;
};

/** Some runners end with an error where there is no test. */
const saysEmpty =
  /\bno (?:tests?|specs?|test files?) (?:were )?found\b|couldn't find any files to test|no tests ran|no test modules found|incomplete: no specs found/i;

/** What a run came to: green, red, no_tests, not_installed, timeout, crashed or unclear. Green takes a complete reading, a test that passed, none that failed, and exit code 0. */
export function toTestRun(ended: Ended): TestRun {
  const { suite, reading, process } = ended;
  const output = plainText(`${process.stdout.toString()}\n${process.stderr.toString()}`).trim();
  const { tests, outside } = setApart(reading.tests);
  const all = toResults(tests, { relate: ended.relate, package: suite.cwd, ...(ended.mapFrame && { mapFrame: ended.mapFrame }) });
  const read = ended.wanted ? narrowed(all, ended.wanted) : all;
  const lost = read.tests.length === 0 && !saysEmpty.test(output);
  const results = lost && process.exitCode !== 0 && process.end === 'exited' ? died(read, ended, output) : read;
  const count = (status: string) => results.tests.filter((test) => test.status === status).length;
  const counts = { collected: results.tests.length, passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  const missing =
    ended.narrowed && counts.collected > 0
      ? undefined
      : findMissing(process, output, results.failures, counts.collected, makeIsLocal(ended.folder));
  const empty = counts.collected === 0 && saysEmpty.test(output);
  const outcome = missing ? 'not_installed' : empty && process.end === 'exited' ? 'no_tests' : outcomeOf(process, reading, counts);
  const flaky = flakyOf(results.tests);
  const notes = [
    ...ended.notes,
    ...(missing ? [missingNote(missing, suite)] : notesOf(outcome, ended, counts)),
    ...(reading.note ? [reading.note] : []),
    ...outside,
  ];
  return {
    runner: suite.runner,
    command: [...ended.argv],
    cwd: suite.cwd,
    why: suite.why,
    outcome,
    exitCode: process.exitCode,
    durationMs: Math.round(process.durationMs),
    ...counts,
    ...(flaky.length > 0 && { flaky: { count: flaky.length, tests: flaky } }),
    rerun: true,
    ...(notes.length > 0 && { note: notes.join(' ') }),
    tests: results.tests,
    failures: results.failures,
    complete: reading.complete && !reading.stopped,
    output: tail(output, maxOutput),
  };
}

/** Errors outside any test follow from a failing test more often than not: beside one they are a note. */
function setApart(tests: readonly RawTest[]): { tests: readonly RawTest[]; outside: string[] } {
  const isOutside = (test: RawTest) => test.names[0] === outsideTests;
  if (!tests.some((test) => test.status === 'failed' && !isOutside(test))) return { tests, outside: [] };
  const apart = tests.filter(isOutside).map((test) => `Outside any test: ${head(plainText(test.errors[0]?.message ?? ''), 200)}.`);
  return { tests: tests.filter((test) => !isOutside(test)), outside: [...new Set(apart)].slice(0, 3) };
}

function outcomeOf(process: ProcessResult, reading: Reading, counts: { collected: number; passed: number; failed: number }): RunOutcome {
  if (process.end === 'timeout') return 'timeout';
  if (process.end !== 'exited') return 'crashed';
  if (counts.failed > 0) return 'red';
  if (!reading.complete || wasKilled(process)) return process.exitCode === 0 && reading.tests.length === 0 ? 'no_tests' : 'crashed';
  if (counts.passed === 0) return 'no_tests';
  if (process.exitCode !== 0) return 'crashed';
  return reading.doubts?.length ? 'unclear' : 'green';
}

/** By a signal, which a shell or a sandbox around it tells as 128 and its number. */
function wasKilled({ signal, exitCode }: ProcessResult): boolean {
  return signal !== null || (exitCode !== null && exitCode > 128 && exitCode < 160);
}

function notesOf(
  outcome: RunOutcome,
  { process, reading }: Ended,
  counts: { collected: number; passed: number; skipped: number },
): string[] {
  const notes: string[] = [];
  const begun = reading.running ?? [];
  const running = begun
    .filter((name) => !begun.some((other) => other.startsWith(`${name} > `)))
    .slice(0, 5)
    .map((name) => `"${name}"`);
  if (outcome === 'timeout' && running.length > 0) notes.push(`When the time was up, these had not ended: ${running.join(', ')}.`);
  if (outcome === 'crashed' && process.signal) notes.push(`The runner was ended by ${process.signal}.`);
  else if (outcome === 'crashed' && process.startError) notes.push(`The command did not start: ${process.startError}.`);
  else if (outcome === 'crashed' && reading.complete) notes.push(`No test failed, yet the runner exited with code ${process.exitCode}.`);
  else if (outcome === 'crashed' || (outcome === 'red' && !reading.complete)) {
    notes.push('The report of the runner is not complete: tests may be missing.');
    if (running.length > 0) notes.push(`These had begun and not ended: ${running.join(', ')}.`);
  }
  if (outcome === 'no_tests' && counts.collected === 0) notes.push(...reasonIn(process));
  if (outcome === 'no_tests' && counts.skipped > 0) notes.push(`All ${counts.skipped} collected tests were skipped.`);
  if (outcome === 'unclear') notes.push(`Its report says ${(reading.doubts ?? []).map((doubt) => `“${doubt}”`).join(', ')}.`);
  if (process.truncated) notes.push('The output was longer than what is kept: its middle is cut out.');
  return notes;
}

/** What the runner itself says where there was no test. */
function reasonIn(process: ProcessResult): string[] {
  const lines = plainText(`${process.stdout.toString()}\n${process.stderr.toString()}`)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const said =
    lines.find((line) => saysEmpty.test(line)) ?? lines.find((line) => /error|warn|cannot|could not|fail|skip/i.test(line)) ?? lines.at(-1);
  return said === undefined ? [] : [`The runner says: ${head(said, 200)}`];
}

function narrowed(all: Results, wanted: Wants): Results {
  const loads = (name: string) => name === wholeFile || name.startsWith('<');
  return {
    tests: all.tests.filter((test) => wanted(test) || (loads(test.name) && test.status === 'failed')),
    failures: all.failures.filter((failure) => wanted(failure) || loads(failure.name)),
  };
}

/** A runner that ended before its first result: what it said is the failure. */
function died(read: Results, { suite, relate }: Ended, output: string): Results {
  const frames = readFrames(output, relate);
  const error = /^.*?\b(?:\w*(?:Error|Exception)|panic|fatal error|error TS\d+|TS\d+ \[ERROR\]:)(?!\w).*(?:\n(?!\s+at ).*){0,5}/m.exec(
    output,
  )?.[0];
  if (!error) return read;
  const file = frames[0]?.file;
  const id = `${file ?? suite.cwd}::${wholeFile}`;
  const failure: Failure = {
    id,
    name: wholeFile,
    file,
    line: frames[0]?.line,
    kind: 'load',
    message: head(error.trim(), 4_000),
    frames,
    output: tail(output, 4_000),
    ...(suite.cwd && { package: suite.cwd }),
  };
  return { tests: [{ id, name: wholeFile, file, status: 'failed' }], failures: [failure] };
}

function missingNote(missing: string, suite: Suite): string {
  if (/^(?:Go|Node\.js) \d/.test(missing)) return `This repository asks for ${missing}, and an older one was started.`;
  return `${missing.startsWith('-') ? `The plugin that knows ${missing}` : missing} is not installed${suite.install ? `: run \`${suite.install}\`` : ''}.`;
}
