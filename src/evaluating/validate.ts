import { GlmError, messageOf, Stopped } from '../errors.ts';
import { type Observed, observe } from '../proof/observe.ts';
import type { Machine } from '../schema/deps.ts';
import type { TestRun } from '../schema/run.ts';
import type { Bug } from './bug.ts';
import type { Laid } from './laying/lay.ts';
import type { Supply } from './laying/supply.ts';
import type { Reason } from './reasons.ts';

export type Fallen = { readonly reason: Reason; readonly why: string };
/** Its own packages have to be installed before anything can be said. */
export type Waiting = { readonly wants: string };
/** A bug whose tests are known: red without the fix, green with it. `seen` is what is red. */
export type Valid = { readonly bug: Bug; readonly runner: string; readonly seconds: number; readonly seen: Observed };

export type Trying = {
  readonly bug: Bug;
  readonly laid: Laid;
  readonly supply: Supply;
  readonly timeoutMs: number;
  readonly envNames: readonly string[];
  readonly command?: string | undefined;
};

/**
 * Runs the tests of a bug with the real fix and without it, each twice. What it is red for has to be the code: not the environment, and not
 * that a test names something that the fix has yet to bring. The files stand without the fix in the end.
 */
export async function validate(trying: Trying, deps: Machine): Promise<Valid | Fallen | Waiting> {
  const { bug, laid, supply } = trying;
  const look = () => runTests(trying, deps);
  let fixed: Observed | Fallen | undefined;
  const started = deps.now();
  try {
    await laid.fix(true);
  } catch (error) {
    return { reason: 'not_applied', why: messageOf(error) };
  }
  for (;;) {
    const given = await supply.next();
    if (given === undefined) break;
    if ('wants' in given) return given;
    if ('problem' in given) {
      fixed ??= { reason: 'not_installed', why: given.problem };
      continue;
    }
    fixed = await look();
    // What does not become green by other packages is not tried with more of them.
    if (isGreen(fixed) || ('reason' in fixed && fixed.reason === 'no_runner')) break;
  }
  if (fixed === undefined || 'reason' in fixed) return fixed ?? { reason: 'not_installed', why: 'there are no packages' };
  if (!isGreen(fixed)) return fallenOf(fixed);
  supply.worked();
  await laid.fix(false);
  const red = await look();
  if ('reason' in red) return red;
  if (red.run.outcome === 'green') return { reason: 'no_red', why: `${red.run.passed} tests pass without the fix` };
  if (red.run.outcome !== 'red') return fallenOf(red);
  const wrong = wrongReason(red);
  if (wrong) return wrong;
  const [failToPass, passToPass] = turned(red.run, fixed.run);
  if (failToPass.length === 0) return { reason: 'no_red', why: 'no test that is red without the fix is green with it' };
  await laid.fix(true);
  const again = await look();
  await laid.fix(false);
  if ('reason' in again || !isGreen(again) || passed(again.run).join() !== passed(fixed.run).join())
    return { reason: 'flaky', why: 'with the fix, two runs differ' };
  const still = await look();
  const failed = new Set('reason' in still ? [] : still.run.failures.map(({ id }) => id));
  if (!failToPass.every((id) => failed.has(id))) return { reason: 'flaky', why: 'without the fix, two runs differ' };
  return { bug: { ...bug, failToPass, passToPass }, runner: red.run.runner, seconds: (deps.now() - started) / 1000, seen: red };
}

/** Runs the test files of a bug as `find` would. A repository in which nothing can be run is an answer. */
async function runTests({ bug, laid, timeoutMs, envNames, command }: Trying, deps: Machine): Promise<Observed | Fallen> {
  try {
    return await observe({ root: laid.path, within: '', git: undefined, timeoutMs, envNames, command, tests: bug.tests }, deps);
  } catch (error) {
    if (error instanceof Stopped) throw error;
    if (error instanceof GlmError && error.code !== 'no_runner' && error.code !== 'config_invalid') throw error;
    return { reason: 'no_runner', why: messageOf(error) };
  }
}

const isGreen = (seen: Observed | Fallen): boolean => !('reason' in seen) && seen.run.outcome === 'green' && seen.run.passed > 0;

const passed = ({ tests }: TestRun) => tests.flatMap(({ id, status }) => (status === 'passed' ? [id] : [])).sort();

function fallenOf({ run, groups }: Observed): Fallen {
  const why = (run.note ?? groups[0]?.cause ?? run.output.trim().split('\n').at(-1) ?? '').slice(0, 200);
  const outer = groups.find(({ environment }) => environment);
  switch (run.outcome) {
    case 'not_installed':
    case 'no_tests':
    case 'timeout':
      return { reason: run.outcome, why };
    case 'red':
      if (outer) return { reason: outer.notInstalled ? 'not_installed' : 'environment', why: outer.environment ?? why };
      return { reason: 'red_with_fix', why };
    case 'green':
      return { reason: 'no_tests', why: 'no test passed' };
    case 'crashed':
    case 'unclear':
      return { reason: 'crashed', why };
  }
}

function wrongReason({ run, groups }: Observed): Fallen | undefined {
  const [first] = groups;
  if (first?.environment) return { reason: first.notInstalled ? 'not_installed' : 'environment', why: first.environment };
  if (run.failures.every(({ kind }) => kind === 'load')) return { reason: 'new_interface', why: first?.cause ?? '' };
  if (run.failures.every(({ kind }) => kind === 'timeout' || kind === 'crash')) return { reason: 'timeout', why: first?.cause ?? '' };
  return undefined;
}

/** What is red before and green after, and what is green in both. */
function turned(before: TestRun, after: TestRun): [string[], string[]] {
  const green = new Set(passed(after));
  return [before.failures.map(({ id }) => id).filter((id) => green.has(id)), passed(before).filter((id) => green.has(id))];
}
