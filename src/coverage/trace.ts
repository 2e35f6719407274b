import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from '../case.ts';
import { messageOf } from '../errors.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { confine } from '../safety/sandbox/confine.ts';
import type { Coverage } from '../schema/context.ts';
import type { Machine } from '../schema/deps.ts';
import type { Failure, Suite, TestRun } from '../schema/run.ts';
import { readSettings } from '../settings.ts';
import { makeScratch } from '../store.ts';
import { runSuite } from '../suite/run/run.ts';
import { wholeFile } from '../suite/runner.ts';
import { isSameFailure } from '../suite/same.ts';
import type { Ran } from './reached.ts';
import { makeTracer, type OpenTracer } from './tracers.ts';

export type TraceRequest = Pick<Case, 'root' | 'suite' | 'suites' | 'failure' | 'timeoutMs' | 'envNames'> & {
  /** The run in which it failed. */
  readonly run: Pick<TestRun, 'rerun' | 'outcome' | 'durationMs' | 'tests' | 'failures'>;
};

/** What the failing tests ran, and what tests ran that pass in their files, where there are any that could be run without them. */
export type Trace = { readonly coverage: Coverage; readonly passing?: Coverage | undefined };

/** A test of a run, as it is asked for again. */
type Wanted = Pick<Failure, 'id' | 'name' | 'file'>;

/** The tests of one suite that are traced together. */
type Part = { readonly tracer: OpenTracer; readonly failing: readonly Failure[]; readonly passing: readonly Wanted[] };

export type Tracing = {
  /** Runs of this suite are traced. Undefined: there will be no trace. */
  readonly suite: Suite | undefined;
  /** Forgets them. */
  readonly clear: () => void;
  /** The trace. Where no run of `suite` has been, in which the test failed alone, that is made up for. */
  readonly finish: () => Promise<Trace | undefined>;
  readonly close: () => Promise<void>;
};

/** For all runs of a trace together, which is also bound by how long the tests took. */
const longestMs = 60_000;
/** What starting anew, compiling for it and counting may add. */
const startMs = 30_000;
/** As many names as a command line takes. */
const mostTests = 500;

/**
 * Runs the failing tests once more, alone, with a count of which functions run, and then the passing tests of their files. The other
 * failures too, for a fault shows in all of them: what one alone ran misses every second file of a larger fix. Costs at most a minute;
 * whatever goes wrong, there is no trace and the reason is told.
 */
export async function trace(request: TraceRequest, deps: Machine): Promise<Trace | undefined> {
  const tracing = await openTrace(request, deps);
  try {
    return await tracing.finish();
  } finally {
    await tracing.close();
  }
}

export async function openTrace(request: TraceRequest, deps: Machine): Promise<Tracing> {
  const scratch = await makeScratch(deps.folders.temp);
  const close = () => rm(scratch, { recursive: true, force: true });
  const none = (why: string) => {
    deps.tell({ type: 'progress', message: `no coverage: ${why}` });
    return undefined;
  };
  const safely = async <T>(work: () => Promise<T> | T): Promise<T | string> => {
    try {
      return await work();
    } catch (error) {
      if (deps.signal?.aborted) throw error;
      return messageOf(error);
    }
  };
  const parts = await safely(() => openParts(request, scratch, deps));
  if (typeof parts === 'string') return { suite: undefined, clear: () => {}, finish: async () => none(parts), close };
  const own = parts[0]?.tracer;
  const finish = async () => {
    const found = await safely(() => traceParts(parts, request, scratch, deps));
    if (typeof found === 'string') return none(found);
    deps.tell({ type: 'progress', message: `the failing tests ran ${found.coverage.size} files` });
    return found;
  };
  return { suite: own?.suite, clear: () => own?.clear(), finish, close };
}

/** The part of the failing test first. A sentence where not all failures can be traced: some alone would mislead. */
function openParts(request: TraceRequest, scratch: string, deps: Machine): Part[] | string {
  const { root, suite, suites, run, failure } = request;
  if (readSettings(root, deps.env, deps.folders).get('coverage')?.value === false) return 'a setting switches it off';
  if (!run.rerun) return 'the tests were run elsewhere';
  if (run.outcome !== 'red') return `the run ended as ${run.outcome}`;
  const failures = [failure, ...run.failures.filter(({ id }) => id !== failure.id)];
  if (failures.length > mostTests) return `${failures.length} tests fail`;
  const owners = new Map<Suite, Failure[]>();
  for (const one of failures) {
    const owner = ownerOf(one, suite, suites);
    owners.set(owner, [...(owners.get(owner) ?? []), one]);
  }
  const parts: Part[] = [];
  const env = environmentOf(request, deps);
  for (const [index, [owner, failing]] of [...owners].entries()) {
    // What is built first has been built for the run in which they failed.
    const tracer = makeTracer({ suite: { ...owner, before: undefined }, root, folder: join(scratch, `ran-${index}`), env });
    if (!tracer) return `${owner.runner} gives none that can be read`;
    parts.push({ tracer, failing, passing: passingOf(run, failing) });
  }
  return parts;
}

/** What the tests see; a tracer adds to its variables, so that it may not know others. */
const environmentOf = ({ envNames }: TraceRequest, { env }: Machine) => suiteEnvironment(env, { mode: 'own', names: envNames });

/** The suite whose folder a failure lies in. */
function ownerOf({ file = '' }: Failure, suite: Suite, suites: readonly Suite[]): Suite {
  const around = [suite, ...suites].filter(({ cwd }) => cwd === '' || file.startsWith(`${cwd}/`));
  return around.sort((a, b) => b.cwd.length - a.cwd.length)[0] ?? suite;
}

/** Tests that pass in the files of those that fail, all or none. Where a file could not be loaded there are none. */
function passingOf(run: TraceRequest['run'], failing: readonly Wanted[]): Wanted[] {
  const files = new Set(failing.map(({ file, name }) => (name === wholeFile ? undefined : file)));
  const passing = run.tests.filter(({ status, file }) => file !== undefined && files.has(file) && status === 'passed');
  return passing.length > mostTests ? [] : passing;
}

async function traceParts(parts: readonly Part[], request: TraceRequest, scratch: string, deps: Machine): Promise<Trace | string> {
  const { root, run, failure } = request;
  const env = environmentOf(request, deps);
  const deadline = deps.now() + Math.min(request.timeoutMs, longestMs, startMs + 3 * run.durationMs);
  const wrap = await confine([root, scratch], deps);
  const { state } = deps.folders;
  const again = (suite: Suite, only: readonly Wanted[]) => {
    const timeoutMs = Math.max(deadline - deps.now(), 1);
    return runSuite(suite, { root, only, exact: true, timeoutMs, signal: deps.signal, tell: () => {}, env, scratch, wrap, state });
  };
  const ran: Ran[] = [];
  for (const { tracer, failing } of parts) {
    const done = (tracer.read()?.size ?? 0) > 0;
    const missing = failing.filter((one) => !(done && one.id === failure.id));
    const alone = missing.length > 0 ? await again(tracer.suite, missing) : undefined;
    if (alone?.outcome === 'timeout') return 'the tests took too long while they were counted';
    if (alone && !missing.every(({ id }) => alone.failures.some((one) => one.id === id))) return 'not all that failed did so again alone';
    const here = alone?.failures.find(({ id }) => id === failure.id);
    // A test that minds being counted fails before it comes to the code that is sought.
    if (here && !isSameFailure(here, failure, [root])) return 'the test failed otherwise while it was counted';
    const read = tracer.read();
    if (!read || read.size === 0) return 'nothing of the repository was seen to run';
    ran.push(read);
  }
  const coverage = inOrder(ran);
  const shared: Ran[] = [];
  for (const { tracer, passing } of parts) {
    if (passing.length === 0 || deadline <= deps.now()) return { coverage };
    tracer.clear();
    const others = await again(tracer.suite, passing);
    const read = others.outcome === 'green' ? tracer.read() : undefined;
    if (!read) return { coverage };
    shared.push(read);
  }
  return { coverage, passing: inOrder(shared) };
}

/** In one order, whatever order it ran in. */
function inOrder(all: readonly Ran[]): Coverage {
  const joined = new Map<string, Set<number>>();
  for (const [path, lines] of all.flatMap((ran) => [...ran])) joined.set(path, new Set([...(joined.get(path) ?? []), ...lines]));
  return new Map([...joined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, lines]) => [path, [...lines].sort((a, b) => a - b)]));
}
