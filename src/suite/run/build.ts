import { join } from 'node:path';
import { checkStopped } from '../../errors.ts';
import { type ProcessResult, runProcess } from '../../process/run.ts';
import type { Tell } from '../../schema/model.ts';
import type { Suite, TestRun } from '../../schema/run.ts';
import { makeRelate } from '../paths.ts';
import { nothingRead, type Reading } from '../runner.ts';
import { quietTools } from '../workspace-tools.ts';
import { toTestRun } from './outcome.ts';

export type Prepared = { readonly notes: readonly string[]; readonly failed?: TestRun | undefined };

type Build = {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly tell: Tell;
  readonly wrap?: ((argv: readonly string[], cwd: string) => readonly string[]) | undefined;
  readonly builds?: Builds | undefined;
};

type Step = NonNullable<Suite['before']>[number];

/** What was built of one tree, by command and folder. Whoever changes a file of the tree makes a new one, or clears it. */
export type Builds = Map<string, Promise<ProcessResult>>;

/** Runs what has to be built first. A build that fails is the failure: tests of an old build would say nothing. */
export async function prepare(suite: Suite, request: Build, deadline: number): Promise<Prepared> {
  const notes: string[] = [];
  for (const step of suite.before ?? []) {
    const process = await buildOnce(step, request, deadline);
    if (process.end === 'stopped') checkStopped(request.signal);
    if (process.end !== 'exited' || process.exitCode !== 0) return { notes, failed: notBuilt(suite, step, process, request.root) };
    notes.push(`\`${step.argv.join(' ')}\` was run first.`);
  }
  return { notes };
}

/** A build that did not end in time is no failing test: nothing is known of any. */
function notBuilt(suite: Suite, { argv, cwd }: Step, process: ProcessResult, root: string): TestRun {
  const name = argv.join(' ');
  const late = process.end === 'timeout';
  const folder = join(root, cwd);
  const reading = late ? nothingRead : failedBuild(name, `${process.stdout}\n${process.stderr}`);
  const notes = [late ? `\`${name}\` did not end in time, so no test was run.` : `\`${name}\` failed, so no test was run.`];
  return toTestRun({ suite, folder, argv, reading, process, relate: makeRelate(root, folder), notes });
}

function failedBuild(name: string, output: string): Reading {
  const errors = [{ message: output.trim().slice(-2_000), stack: output }];
  return { tests: [{ names: [`<${name}>`], status: 'failed', kind: 'load', errors, output }], complete: true };
}

/** Many a suite names the same build: of one tree it is made once. What was stopped or timed out was not made. */
async function buildOnce({ argv, cwd }: Step, request: Build, deadline: number): Promise<ProcessResult> {
  const key = JSON.stringify([cwd, argv]);
  const known = request.builds?.get(key);
  if (known) return known;
  request.tell({ type: 'progress', message: `first ${argv.join(' ')}` });
  const made = runProcess({
    argv: request.wrap?.(argv, join(request.root, cwd)) ?? argv,
    cwd: join(request.root, cwd),
    env: { ...quietTools, ...request.env },
    timeoutMs: Math.max(deadline - performance.now(), 1),
    signal: request.signal,
  });
  request.builds?.set(key, made);
  const forget = () => {
    if (request.builds?.get(key) === made) request.builds.delete(key);
  };
  const process = await made.catch((error: unknown) => {
    forget();
    throw error;
  });
  if (process.end !== 'exited') forget();
  return process;
}
