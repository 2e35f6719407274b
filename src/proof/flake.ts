import { rm } from 'node:fs/promises';
import type { Case } from '../case.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { confine } from '../safety/sandbox/confine.ts';
import type { Machine } from '../schema/deps.ts';
import type { Failure, Flake, Suite, TestRun } from '../schema/run.ts';
import { makeScratch } from '../store.ts';
import { environmentCause } from '../suite/environment.ts';
import { readerOf } from '../suite/find-file.ts';
import type { Builds } from '../suite/run/build.ts';
import { runSuite } from '../suite/run/run.ts';

/** The time is for all re-runs together. */
export type FlakeRequest = Pick<Case, 'root' | 'suite' | 'failure' | 'timeoutMs' | 'envNames'> & {
  /** How often the test is run again alone; 0 asks for no check. */
  readonly runs: number;
  /** Is run instead in the last round; where the test does not fail in it, that round is cleared and counts for nothing. */
  readonly traced?: { readonly suite: Suite | undefined; readonly clear: () => void } | undefined;
};

type Seen = 'failed' | 'passed' | 'unknown';

/**
 * Runs a failing test again: alone, `runs` times; where it then passes, once in its file and once in the whole suite. Order matters where
 * it fails only in company; a failure that stays and names a port, a host, a service, a program or a permission is the environment's.
 */
export async function checkFlake(request: FlakeRequest, deps: Machine): Promise<Flake> {
  const { failure, runs } = request;
  if (runs === 0) return { verdict: 'not_checked', failed: 0, runs: 0, why: 'no re-run was asked for' };
  const deadline = deps.now() + request.timeoutMs;
  const scratch = await makeScratch(deps.folders.temp);
  const wrap = await confine([request.root, scratch], deps);
  const builds: Builds = new Map();
  try {
    const again = async (scope: { only?: readonly Failure[]; files?: readonly string[] }, suite = request.suite): Promise<Seen> => {
      const left = deadline - deps.now();
      if (left < 500) return 'unknown';
      const env = suiteEnvironment(deps.env, { mode: 'own', names: request.envNames });
      const run = await runSuite(suite, {
        root: request.root,
        ...scope,
        exact: suite !== request.suite,
        timeoutMs: left,
        signal: deps.signal,
        tell: deps.tell,
        env,
        scratch,
        wrap,
        state: deps.folders.state,
        builds,
      });
      return seen(run, failure);
    };
    const alone: Seen[] = [];
    for (let round = 0; round < runs; round++) {
      deps.tell({ type: 'progress', message: `re-run ${round + 1} of ${runs}` });
      const traced = round === runs - 1 ? request.traced : undefined;
      const counted = traced?.suite && (await again({ only: [failure] }, traced.suite));
      if (counted !== 'failed') traced?.clear();
      alone.push(counted === 'failed' ? counted : await again({ only: [failure] }));
    }
    return await judge(alone, { failure, cause: environmentCause(failure, readerOf(request.root))?.why }, again);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function judge(
  alone: readonly Seen[],
  { failure, cause }: { readonly failure: Failure; readonly cause: string | undefined },
  again: (scope: { files?: readonly string[] }) => Promise<Seen>,
): Promise<Flake> {
  const ran = alone.filter((one) => one !== 'unknown').length;
  const failed = alone.filter((one) => one === 'failed').length;
  if (ran === 0) return { verdict: 'not_checked', failed, runs: ran, why: 'the test could not be run alone in the time there was' };
  if (failed === ran) {
    if (cause) return { verdict: 'environment', failed, runs: ran, why: cause };
    return { verdict: 'deterministic', failed, runs: ran, why: `it failed in all ${ran} re-runs alone` };
  }
  if (failed > 0) return { verdict: 'flaky', failed, runs: ran, why: `alone it failed in ${failed} of ${ran} re-runs` };
  if (failure.file && (await again({ files: [failure.file] })) === 'failed') {
    return { verdict: 'order_dependent', failed, runs: ran, why: 'it passes alone and fails together with the tests of its file' };
  }
  if ((await again({})) === 'failed') {
    return { verdict: 'order_dependent', failed, runs: ran, why: 'it passes alone and in its file, and fails in the whole suite' };
  }
  return { verdict: 'flaky', failed, runs: ran, why: `it failed once and passed in all ${ran} re-runs` };
}

/** What a re-run says about the failure. A suite that dies or hangs again has not shown a pass. */
function seen(run: TestRun, failure: Failure): Seen {
  const status = run.tests.find(({ id }) => id === failure.id)?.status;
  if (status === 'failed' || status === 'passed') return status;
  if (run.failures.some((other) => other.kind === 'load' && other.file === failure.file)) return 'failed';
  if (failure.kind === 'load' && run.tests.some((test) => test.file === failure.file)) return 'passed';
  if (failure.kind === 'crash' || failure.kind === 'timeout')
    return run.outcome === 'crashed' || run.outcome === 'timeout' ? 'failed' : 'unknown';
  return 'unknown';
}
