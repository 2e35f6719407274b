import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOf } from '../context/scan/kinds.ts';
import type { Call } from '../coverage/call.ts';
import { traceValues } from '../coverage/values.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { confine } from '../safety/sandbox/confine.ts';
import type { Values } from '../schema/cause.ts';
import type { FileChange } from '../schema/patch.ts';
import type { Suite, TestResult, TestRun } from '../schema/run.ts';
import { makeScratch } from '../store.ts';
import { runSuite } from '../suite/run/run.ts';
import { functionOf, nearest } from './calls.ts';
import { divergenceOf, oddityOf } from './describe-values.ts';
import { type Hide, hiding } from './hiding.ts';
import { likenessTo } from './likeness.ts';
import { compareTests } from './other-tests.ts';
import { compareTrees } from './same-test.ts';
import type { Needs, Situation } from './situation.ts';
import type { Trials } from './trials.ts';

/** Values in a report: the first say it. */
const mostShown = 8;
/** Passing tests of the same file that are run beside the failing one. */
const mostBeside = 3;

/** Runs tests with their values written down. */
export type Watch = {
  /** The failing test in the user's tree. Empty: this runner shows no values, or the test failed otherwise under watch. */
  readonly failing: readonly Call[];
  readonly against: (trials: Trials, changes: readonly FileChange[], name: string, hide: Hide) => Promise<Values | undefined>;
  readonly beside: (hide: Hide) => Promise<Values | undefined>;
  readonly close: () => Promise<void>;
};

export async function openWatch(it: Situation, deps: Needs): Promise<Watch> {
  const scratch = await makeScratch(deps.folders.temp);
  const env = suiteEnvironment(deps.env, { mode: 'own', names: it.envNames });
  const tests = [...new Set([...it.run.tests, ...it.failures].flatMap(({ file }) => file ?? []))];
  const wrap = await confine([it.root, scratch], deps);
  let count = 0;
  const watch = (suite: Suite, root: string) => traceValues({ suite, root, folder: join(scratch, `calls-${count++}`), env, tests });
  const here = async (only: readonly Pick<TestResult, 'id' | 'name' | 'file'>[]): Promise<[TestRun, Call[]] | undefined> => {
    // What is built first has been built for the run in which they failed.
    const watched = watch({ ...it.suite, before: undefined }, it.root);
    if (!watched) return undefined;
    const timed = { timeoutMs: it.timeoutMs, signal: deps.signal, tell: () => {}, env, scratch, wrap, state: deps.folders.state };
    const run = await runSuite(watched.suite, { root: it.root, only, exact: true, ...timed });
    return [run, watched.read()];
  };
  deps.tell({ type: 'stage', stage: 'cause', message: `running ${it.failure.name} with its values written down` });
  const seen = await here([it.failure]);
  const failing = seen?.[0].failures.some(({ id }) => id === it.failure.id) ? seen[1] : [];
  const neighbours = failing.length > 0 ? besides(it) : [];
  let besideCalls: Promise<Call[]> | undefined;
  const others = () => {
    besideCalls ??= (async () => {
      const ran = neighbours.length > 0 ? await here(neighbours) : undefined;
      return ran?.[0].outcome === 'green' ? ran[1] : [];
    })();
    return besideCalls;
  };
  return {
    failing,
    against: async (trials, changes, name, hide) => {
      if (failing.length === 0) return undefined;
      let read: (() => Call[]) | undefined;
      const watching = (root: string) => {
        const watched = watch(it.suite, root);
        read = watched?.read;
        return watched?.suite ?? it.suite;
      };
      await trials.run(changes, watching, [it.failure]);
      const good = read?.() ?? [];
      const differences = compareTrees(failing, good).filter(({ call }) => !tests.includes(call.path) && kindOf(call.path) !== 'test');
      const beside = await others();
      const safe = hiding([...failing, ...good, ...beside], hide);
      return shown(
        name,
        differences
          .slice(0, mostShown)
          .map((one) =>
            divergenceOf(
              { ...one, call: safe(one.call), mate: one.mate && safe(one.mate) },
              nearest(one.call, beside.filter(sameFunction(one.call))).map(safe),
            ),
          ),
        differences.length,
      );
    },
    beside: async (hide) => {
      const [calls, likeness] = await Promise.all([others(), likenessTo(it, deps)]);
      const own = failing.filter(({ path }) => !tests.includes(path) && kindOf(path) !== 'test');
      const odd = compareTests(own, calls.length > 0 ? [calls] : [], it.failure, likeness);
      const name = calls.length > 0 ? neighbours.map((one) => one.name).join(', ') : 'nothing: no test beside it passes alone';
      const safe = hiding([...failing, ...calls], hide);
      return shown(
        name,
        odd
          .slice(0, mostShown)
          .map((one) => oddityOf({ ...one, call: safe(one.call), mate: one.mate && safe(one.mate), others: one.others.map(safe) })),
        odd.length,
      );
    },
    close: () => rm(scratch, { recursive: true, force: true }),
  };
}

const sameFunction = (call: Call) => (other: Call) => functionOf(other) === functionOf(call);

function shown(against: string, divergences: Values['divergences'], all: number): Values | undefined {
  if (divergences.length === 0) return undefined;
  const more = all - divergences.length;
  return { against, divergences, ...(more > 0 && { more }) };
}

/** Passing tests of the failing test's file, those that stand nearest to it. */
function besides({ run, failure }: Situation): TestResult[] {
  const own = run.tests.filter(({ file }) => file !== undefined && file === failure.file);
  const at = own.findIndex(({ id }) => id === failure.id);
  return own
    .map((test, index) => ({ test, away: Math.abs(index - at) }))
    .filter(({ test }) => test.status === 'passed')
    .sort((a, b) => a.away - b.away)
    .slice(0, mostBeside)
    .map(({ test }) => test);
}
