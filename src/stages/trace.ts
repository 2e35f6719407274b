import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { suiteEnvironment } from '../safety/child-env.ts';
import type { Coverage } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import type { Failure, Suite, TestRun } from '../schema/run.ts';
import { runSuite } from '../suite/run.ts';
import { wholeFile } from '../suite/runner.ts';
import type { Ran, Traced, Tracer } from './reached.ts';
import { traceGo } from './trace-go.ts';
import { traceNode } from './trace-node.ts';
import { tracePython } from './trace-python.ts';

type Needs = Pick<Deps, 'tell' | 'now' | 'env' | 'folders' | 'signal'>;

const tracers: Readonly<Record<string, (request: Traced) => Tracer | undefined>> = {
  'go test': traceGo,
  pytest: tracePython,
  unittest: tracePython,
  jest: traceNode,
  vitest: traceNode,
  'node:test': traceNode,
  mocha: traceNode,
  ava: traceNode,
  tap: traceNode,
  tape: traceNode,
  jasmine: traceNode,
};

export type TraceRequest = {
  readonly root: string;
  readonly suite: Suite;
  /** The run in which it failed. */
  readonly run: Pick<TestRun, 'rerun' | 'outcome' | 'durationMs' | 'tests'>;
  readonly failure: Failure;
  readonly timeoutMs: number;
  readonly envNames?: readonly string[] | undefined;
};

/** What the failing test ran, and what tests ran that pass in its file, where there are any that could be run without it. */
export type Trace = { readonly coverage: Coverage; readonly passing?: Coverage | undefined };

/** At most this long for one trace, and no longer than some of the run that has been. */
const longestMs = 60_000;
/** What starting anew and counting may add to a run. */
const startMs = 10_000;
const mostPassing = 60;

/**
 * Runs the failing test once more, alone, with a count of which functions run, and then the passing tests of its file. Costs at most a
 * minute; whatever goes wrong, there is no trace and the reason is told.
 */
export async function trace(request: TraceRequest, deps: Needs): Promise<Trace | undefined> {
  const tracing = await openTrace(request, deps);
  try {
    return await tracing.finish();
  } finally {
    await tracing.close();
  }
}

export type Tracing = {
  /** Its runs are traced. Undefined: nothing can be. */
  readonly suite: Suite | undefined;
  /** Forgets the runs of `suite` so far. */
  readonly clear: () => void;
  /** The trace of a run of `suite` in which the test failed alone; without one, it is run. */
  readonly finish: () => Promise<Trace | undefined>;
  readonly close: () => Promise<void>;
};

export async function openTrace(request: TraceRequest, deps: Needs): Promise<Tracing> {
  const { root, suite, run, failure } = request;
  const scratch = await mkdtemp(join(deps.folders.temp, 'glm-skill-'));
  const folder = join(scratch, 'ran');
  const clear = () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  };
  const close = () => rm(scratch, { recursive: true, force: true });
  const none = (why: string) => {
    deps.tell({ type: 'progress', message: `no coverage: ${why}` });
    return undefined;
  };
  const nothing = (why: string): Tracing => ({ suite: undefined, clear, close, finish: async () => none(why) });
  if (!run.rerun) return nothing('the tests were run elsewhere');
  if (run.outcome !== 'red') return nothing(`the run ended as ${run.outcome}`);
  clear();
  // What is built first has been built for the run in which the test failed.
  const tracer = tracers[suite.runner]?.({ suite: { ...suite, before: undefined }, root, folder, env: deps.env });
  if (!tracer) return nothing(`${suite.runner} gives none that can be read`);
  const env = suiteEnvironment(deps.env, { mode: 'own', names: request.envNames ?? [] });
  const deadline = deps.now() + Math.min(request.timeoutMs, longestMs, startMs + 3 * run.durationMs);
  const again = (only: readonly Pick<Failure, 'id' | 'name' | 'file' | 'package'>[]) => {
    const timeoutMs = Math.max(deadline - deps.now(), 1);
    const quiet = () => {};
    return runSuite(tracer.suite, { root, only, exact: true, timeoutMs, signal: deps.signal, tell: quiet, env, scratch });
  };
  const failing = async (): Promise<Ran | string> => {
    const before = tracer.read();
    if (before && before.size > 0) return before;
    const alone = await again([failure]);
    if (alone.outcome === 'timeout') return 'the test took too long while it was counted';
    if (!alone.failures.some(({ id }) => id === failure.id)) return 'the test did not fail when it was run alone';
    return tracer.read() ?? 'nothing that ran was told of';
  };
  const finish = async () => {
    try {
      const started = deps.now();
      const ran = await failing();
      if (typeof ran === 'string') return none(ran);
      if (ran.size === 0) return none('no file of the repository was loaded');
      const took = deps.now() - started;
      clear();
      const passing = passingOf(run, failure);
      const others = passing.length > 0 && deadline - deps.now() > 2 * took ? await again(passing) : undefined;
      const clean = others?.tests.some(({ status }) => status === 'passed') && !others.tests.some(({ status }) => status === 'failed');
      const shared = clean ? tracer.read() : undefined;
      deps.tell({ type: 'progress', message: `the failing test ran ${ran.size} files` });
      return { coverage: plain(ran), ...(shared && { passing: plain(shared) }) };
    } catch (error) {
      if (deps.signal?.aborted) throw error;
      return none(messageOf(error));
    }
  };
  return { suite: tracer.suite, clear, close, finish };
}

/** Tests of the failing one's file that pass. Where the file could not be loaded there are none. */
function passingOf(run: TraceRequest['run'], failure: Failure): { id: string; name: string; file: string }[] {
  const { file } = failure;
  if (file === undefined || failure.name === wholeFile) return [];
  return run.tests
    .flatMap(({ id, name, status, file: own }) => (own === file && status === 'passed' ? [{ id, name, file }] : []))
    .slice(0, mostPassing);
}

/** In one order, whatever order it ran in. */
function plain(ran: Ran): Coverage {
  return new Map([...ran].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, lines]) => [path, [...lines].sort((a, b) => a - b)]));
}
