import { join } from 'node:path';
import { checkStopped } from '../../errors.ts';
import { type ProcessResult, runProcess } from '../../process/run.ts';
import type { Tell } from '../../schema/model.ts';
import type { Suite, TestRun } from '../../schema/run.ts';
import { makeRelate } from '../paths.ts';
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

/** What was built of one tree, by command and folder. Whoever changes a file of the tree makes a new one, or clears it. */
export type Builds = Map<string, Promise<ProcessResult>>;

/** Runs what has to be built first. A build that fails is the failure: tests of an old build would say nothing. */
export async function prepare(suite: Suite, request: Build, deadline: number): Promise<Prepared> {
  const notes: string[] = [];
  for (const argv of suite.before ?? []) {
    const process = await buildOnce(argv, suite, request, deadline);
    if (process.end === 'stopped') checkStopped(request.signal);
    if (process.end !== 'exited' || process.exitCode !== 0) return { notes, failed: failedBuild(suite, argv, process, request.root) };
    notes.push(`\`${argv.join(' ')}\` was run first.`);
  }
  return { notes };
}

function failedBuild(suite: Suite, argv: readonly string[], process: ProcessResult, root: string): TestRun {
  const name = argv.join(' ');
  const output = `${process.stdout}\n${process.stderr}`;
  const reading = {
    tests: [
      {
        names: [`<${name}>`],
        status: 'failed' as const,
        kind: 'load' as const,
        errors: [{ message: output.trim().slice(-2_000), stack: output }],
        output,
      },
    ],
    complete: true,
  };
  const relate = makeRelate(root, join(root, suite.cwd));
  return toTestRun({
    suite,
    folder: join(root, suite.cwd),
    argv,
    reading,
    process,
    relate,
    notes: [`\`${name}\` failed, so no test was run.`],
  });
}

/** Many a suite names the same build: of one tree it is made once. What was stopped or timed out was not made. */
async function buildOnce(argv: readonly string[], suite: Suite, request: Build, deadline: number): Promise<ProcessResult> {
  const key = JSON.stringify([suite.cwd, argv]);
  const known = request.builds?.get(key);
  if (known) return known;
  request.tell({ type: 'progress', message: `first ${argv.join(' ')}` });
  const made = runProcess({
    argv: request.wrap?.(argv, join(request.root, suite.cwd)) ?? argv,
    cwd: join(request.root, suite.cwd),
    env: request.env,
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
