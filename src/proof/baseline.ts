import type { Worktree } from '../repo/worktree.ts';
import { findSandbox, type Sandbox } from '../safety/sandbox/sandbox.ts';
import type { Machine } from '../schema/deps.ts';
import type { Failure, Suite, TestRun } from '../schema/run.ts';
import { isSameFailure } from '../suite/same.ts';
import { filesOf } from './all-suites.ts';
import { isReadable, isUnbuilt, stateOf } from './compare.ts';
import { openSite, type Site } from './site.ts';
import type { ProofRequest } from './types.ts';
import type { Seen } from './watch/watch.ts';
import type { Scope } from './workbench.ts';

/** The failing tests' own files without the patch. `problem`: why nothing can be proven here. */
export type Baseline = {
  readonly site: Site;
  readonly run: TestRun;
  readonly seen: Seen;
  readonly problem: string | undefined;
};

const needsOutside =
  'The tests ran in the sandbox, where they reach no service and no folder of this machine: if they need one, pass --sandbox off.';

/** The failures have to be red here as they are in the user's tree. Where a sandbox is what prevents it, it is given up aloud. */
export async function openBaseline(request: ProofRequest, worktree: Worktree, deps: Machine): Promise<Baseline> {
  const sandbox = await findSandbox(request.sandbox, deps);
  const attempt = async (box: Sandbox): Promise<Baseline> => {
    const site = await openSite({ ...request, envNames: request.envNames ?? [], worktree, sandbox: box }, deps);
    deps.tell({ type: 'stage', stage: 'baseline', message: 'Running the failing test in the worktree, unpatched' });
    let { run, seen } = await site.watch(request.suite, ownScope(request.failures));
    if (problemOf(request, worktree, run) !== undefined) ({ run, seen } = await site.watch(request.suite, aloneScope(request.failures)));
    return { site, run, seen, problem: await steadyProblem(request, site, run) };
  };
  const first = await attempt(sandbox);
  if (first.problem === undefined || sandbox.name === 'none') return first;
  if (request.sandbox === 'on') return { ...first, problem: `${first.problem} ${needsOutside}` };
  await worktree.reset();
  const reason = `the tests do not run in it: ${first.problem}`;
  const second = await attempt({ name: 'none', reason, wrap: (argv) => [...argv] });
  if (second.problem !== undefined) return first;
  deps.tell({ type: 'warning', message: `No sandbox (${sandbox.name}): ${reason}` });
  return second;
}

/** The files of the failing tests: what is nearest to the patch is seen with it, at the price of one start. */
export function ownScope(failures: readonly Failure[]): Scope {
  const files = filesOf(failures);
  if (failures.some(isUnbuilt)) return {};
  return files.length > 0 && failures.every(({ file }) => file !== undefined) ? { files } : { only: failures };
}

export function aloneScope(failures: readonly Failure[]): Scope {
  return failures.some(isUnbuilt) ? {} : { only: failures };
}

/** A value that differs from run to run in the worktree as well may differ from what the user's tree showed. */
async function steadyProblem(request: ProofRequest, site: Site, run: TestRun): Promise<string | undefined> {
  const problem = problemOf(request, site.worktree, run);
  const [target] = request.failures;
  const here = run.failures.find(({ id }) => id === target?.id);
  if (problem === undefined || !here || !target || here.kind !== target.kind) return problem;
  const again = await site.run(request.suite, aloneScope([target]));
  const other = again.failures.find(({ id }) => id === target.id);
  const varies = other !== undefined && other.message !== here.message;
  return varies && isSameFailure(here, target, [request.root, site.worktree.path], 'shape') ? undefined : problem;
}

function problemOf({ failures, root }: Pick<ProofRequest, 'failures' | 'root'>, worktree: Worktree, run: TestRun): string | undefined {
  const [target] = failures;
  if (!target) return 'No failing test was named.';
  const here = run.failures.find((failure) => failure.id === target.id);
  if (!here) {
    const state = stateOf(target, run);
    const note = run.note ? ` ${run.note}` : '';
    if (!isReadable(run)) return `In the worktree, the tests end as ${run.outcome}.${note}`;
    if (state === 'green')
      return `${target.name} fails in your tree and passes in the worktree: something that is not in the repository decides.`;
    return `${target.name} fails in your tree and is ${state} in the worktree.${note}`;
  }
  if (isSameFailure(here, target, [root, worktree.path])) return undefined;
  const line = (text: string) => JSON.stringify(text.split('\n')[0]?.slice(0, 160));
  return `${target.name} fails otherwise in the worktree: ${line(here.message)} instead of ${line(target.message)}.`;
}

/** The failures that a suite can run: one cause may turn tests of other packages red, and those have suites of their own. */
export function ofSuite({ cwd }: Suite, failures: readonly Failure[]): readonly Failure[] {
  const own = failures.filter(({ file }) => cwd === '' || (file?.startsWith(`${cwd}/`) ?? true));
  return own.length > 0 ? own : failures;
}
