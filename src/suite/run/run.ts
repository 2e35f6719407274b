import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { checkStopped, GlmError } from '../../errors.ts';
import { type ProcessResult, runProcess } from '../../process/run.ts';
import { asStarted } from '../../safety/sandbox/bubblewrap.ts';
import { withoutInherited } from '../../safety/sandbox/child-env.ts';
import type { Tell } from '../../schema/model.ts';
import type { Failure, Suite, TestRun } from '../../schema/run.ts';
import { checkRoom } from '../../store.ts';
import { writtenFile, writtenText } from '../output-text.ts';
import { makeRelate } from '../paths.ts';
import { nothingRead, type Reading, type Runner, type Start, type Started, wholeFile } from '../runner.ts';
import { findRunner } from '../runners/runners.ts';
import { makeMapFrame } from '../source-map.ts';
import { type Builds, prepare } from './build.ts';
import { countTests, rememberCount } from './counting.ts';
import { toTestRun } from './outcome.ts';
import { takeTurn } from './wait-turn.ts';

/** Of each stream, for what is said about the run; reports have no such limit. */
const outputBytes = 2 << 20;

export type RunRequest = {
  readonly root: string;
  /** Run these tests alone; `files` narrows to whole files (relative to the root). */
  readonly only?: readonly Pick<Failure, 'id' | 'name' | 'file' | 'package'>[] | undefined;
  readonly files?: readonly string[] | undefined;
  /** No wider than asked, though a wanted test be missed. */
  readonly exact?: boolean | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly tell: Tell;
  readonly env: Readonly<Record<string, string>>;
  /** Private temporary folder; what is written there is removed again. */
  readonly scratch: string;
  /** Our state folder: over all processes that share it, as many suites run at a time as there are cores. Absent: nobody is waited for. */
  readonly state?: string | undefined;
  /** What was built already of the same files, shared by all runs of a tree that does not change between them. */
  readonly builds?: Builds | undefined;
  readonly wrap?: ((argv: readonly string[], cwd: string) => readonly string[]) | undefined;
};

/**
 * Runs the user's tests and reads what the runner reports. Red, timeouts, crashes and missing programs are outcomes of the `TestRun`;
 * only `Stopped` and bugs are thrown. A narrowed run that misses a wanted test is widened to its file, then to the whole suite.
 */
export async function runSuite(suite: Suite, request: RunRequest): Promise<TestRun> {
  const runner = findRunner(suite.runner);
  if (!runner) throw new GlmError('no_runner', `There is no runner called ${suite.runner}.`);
  const leave = await takeTurn(request);
  try {
    return await runInTurn(runner, suite, request);
  } finally {
    leave();
  }
}

async function runInTurn(runner: Runner, suite: Suite, request: RunRequest): Promise<TestRun> {
  const deadline = performance.now() + request.timeoutMs;
  const before = await prepare(suite, { ...request, env: environmentOf(suite, request) }, deadline);
  if (before.failed) return before.failed;
  let run: TestRun | undefined;
  for (const scope of scopesOf(suite, request)) {
    const leftMs = deadline - performance.now();
    if (run && leftMs < 1_000) break;
    run = await runOnce(runner, suite, request, scope, Math.max(leftMs, 1), before.notes);
    if (!request.only || request.exact || run.outcome === 'timeout' || run.outcome === 'not_installed' || isComplete(run, request.only))
      break;
  }
  if (!run) throw new Error('a suite without a scope');
  return run;
}

type Scope = Pick<Start, 'only' | 'files'>;

/** From the narrowest to the widest. */
function scopesOf(suite: Suite, { only, files }: RunRequest): Scope[] {
  const local = (paths: readonly string[]) =>
    paths.map((path) => (suite.cwd && path.startsWith(`${suite.cwd}/`) ? path.slice(suite.cwd.length + 1) : path));
  const all: Scope = { only: undefined, files: files && local(files) };
  if (!only) return [all];
  const named = only.flatMap(({ file }) => file ?? []);
  const own = named.length === only.length ? local([...new Set(named)]) : undefined;
  // A file that could not be loaded is run whole: which tests it holds is not known yet.
  const whole = only.some(({ name }) => name === wholeFile);
  return [
    ...(whole && own ? [] : [{ only, files: own }]),
    ...(own ? [{ only: undefined, files: own }] : []),
    { only: undefined, files: undefined },
  ];
}

/** True once every wanted test has run, or a file that holds one could not be loaded. */
function isComplete(run: TestRun, only: NonNullable<RunRequest['only']>): boolean {
  const ran = new Set(run.tests.filter((test) => test.status !== 'skipped').map((test) => test.id));
  const broken = new Set(run.failures.filter((failure) => failure.kind === 'load').map((failure) => failure.file));
  const files = new Set(run.tests.map((test) => test.file));
  return only.every(
    ({ id, file, name }) => ran.has(id) || (file !== undefined && (broken.has(file) || (name === wholeFile && files.has(file)))),
  );
}

async function runOnce(
  runner: Runner,
  suite: Suite,
  request: RunRequest,
  scope: Scope,
  timeoutMs: number,
  notes: readonly string[],
): Promise<TestRun> {
  const folder = join(request.root, suite.cwd);
  const scratch = await mkdtemp(join(request.scratch, 'run-'));
  try {
    const env = environmentOf(suite, request);
    const start: Start = { suite, root: request.root, folder, scratch, env, ...scope };
    const started = await runner.start(start);
    const first = await runStarted(runner, start, started, request, timeoutMs);
    const refused = started.instead !== undefined && refusedOurs(first, scratch);
    const leftMs = timeoutMs - first.process.durationMs;
    const { argv, process, reading } =
      refused && leftMs > 1_000 ? await runStarted(ownReader, start, { ...started, ...started.instead }, request, leftMs) : first;
    if (process.end === 'exited' && !reading.complete) await checkRoom(scratch);
    if (reading.complete) rememberCount(suite, start, reading.tests.length);
    const told = refused ? ['It did not load our reporter, so its own report is read.'] : [];
    return toTestRun({
      suite,
      folder,
      argv: argv.map((argument) => argument.replaceAll(scratch, '<scratch>')),
      reading,
      process,
      relate: makeRelate(request.root, folder),
      mapFrame: makeMapFrame(request.root),
      notes: [...notes, ...(started.note ? [started.note] : []), ...told],
      wanted: request.only && wantedBy(request.only),
      narrowed: request.only !== undefined || request.files !== undefined,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Ran = { readonly argv: readonly string[]; readonly process: ProcessResult; readonly reading: Reading; readonly wrote: boolean };

async function runStarted(
  runner: Pick<Runner, 'read'>,
  start: Start,
  started: Started,
  request: RunRequest,
  timeoutMs: number,
): Promise<Ran> {
  const argv = withPlugAndPlay(started.argv, request.root);
  const whole = started.report === undefined || started.readsStdout === true;
  const stdout = join(start.scratch, 'stdout');
  const stopCounting = countTests(started.report, start.suite, start, request.tell);
  const ran = await runProcess({
    argv: request.wrap?.(argv, start.folder) ?? argv,
    cwd: start.folder,
    env: { ...start.env, ...started.env },
    timeoutMs,
    signal: request.signal,
    maxBytes: outputBytes,
    // Where stdout is the report, nothing of it must be lost.
    ...(whole && { stdoutTo: stdout }),
  }).finally(stopCounting);
  const process = request.wrap ? asStarted(ran) : ran;
  if (process.end === 'stopped') checkStopped(request.signal);
  const report = started.report === undefined ? undefined : writtenFile(started.report);
  const ended = {
    ...start,
    started,
    report,
    stdout: (whole ? writtenFile(stdout) : undefined) ?? writtenText(process.stdout.toString()),
    stderr: process.stderr.toString(),
    exitCode: process.exitCode,
  };
  const reading = process.end === 'failed_to_start' ? nothingRead : await runner.read(ended);
  return { argv, process, reading, wrote: report !== undefined };
}

/** The runner ended without a word from our reporter, and speaks of it: a rule of its own or of a loader kept the file from being read. */
function refusedOurs({ process, wrote }: Ran, scratch: string): boolean {
  return process.end === 'exited' && process.exitCode !== 0 && !wrote && `${process.stdout}${process.stderr}`.includes(scratch);
}

const ownReader: Pick<Runner, 'read'> = {
  read: async ({ report }) => {
    const { readJsonReport } = await import('../reports/json-reports.ts');
    return (report && readJsonReport(report.text())?.reading) ?? nothingRead;
  },
};

/** A wanted test by its id; of a file that could not be loaded, every test. */
function wantedBy(only: NonNullable<RunRequest['only']>): (test: { readonly id: string; readonly file?: string | undefined }) => boolean {
  const ids = new Set(only.map(({ id }) => id));
  const files = new Set(only.filter(({ name, file }) => name === wholeFile && file !== undefined).map(({ file }) => file));
  return ({ id, file }) => ids.has(id) || (file !== undefined && files.has(file));
}

/** With Yarn's Plug'n'Play there is no node_modules/.bin: yarn finds the program. */
function withPlugAndPlay(argv: readonly string[], root: string): readonly string[] {
  const plain = /^[\w-]+$/.test(argv[0] ?? '') && !/^(?:yarn|npm|pnpm|sh|go|cargo|python[\d.]*)$/.test(argv[0] ?? '');
  return plain && existsSync(join(root, '.pnp.cjs')) ? ['yarn', ...argv] : argv;
}

/** Colour variables are taken out, not set: many a suite tests its own handling of them, and no output of ours is a terminal. */
function environmentOf(suite: Suite, { env, root }: RunRequest): Record<string, string> {
  const { NO_COLOR: _plain, FORCE_COLOR: _coloured, ...kept } = withoutInherited(env);
  const folder = join(root, suite.cwd);
  const bins: string[] = [];
  // As npm does: every folder upwards, because tools are often installed above a package.
  for (let at = folder; at !== dirname(at); at = dirname(at)) bins.push(join(at, 'node_modules', '.bin'));
  const path = Object.keys(kept).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const python = suite.env.PYTHONPATH?.split(delimiter).map((entry) => resolve(folder, entry));
  return {
    ...kept,
    ...suite.env,
    [path]: [...bins, kept[path]].filter(Boolean).join(delimiter),
    ...(python && { PYTHONPATH: [...python, kept.PYTHONPATH].filter(Boolean).join(delimiter) }),
  };
}
