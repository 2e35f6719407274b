import { relative } from 'node:path';
import { messageOf } from '../errors.ts';
import { judge } from '../patch/judge/judge.ts';
import { isTestName } from '../patch/judge/rules.ts';
import { tamperFlags } from '../patch/judge/tamper.ts';
import type { Git } from '../repo/git.ts';
import { makeWorktree, type Worktree } from '../repo/worktree.ts';
import { findSandbox, type SandboxMode } from '../safety/sandbox/sandbox.ts';
import type { Deps } from '../schema/deps.ts';
import type { FileChange, Patch, Refusal } from '../schema/patch.ts';
import type { Proof } from '../schema/report.ts';
import type { Failure, RunSummary, Suite, TestRun } from '../schema/run.ts';
import { isSameFailure } from '../suite/same.ts';
import { type Difference, isReadable, isUnbuilt, stateOf, summaryOf } from './compare.ts';
import { countLines } from './counted.ts';
import { makeIsTest } from './test-files.ts';
import { decide, rounds } from './verdict.ts';
import { compareWide, runWide, type Wide } from './widen.ts';
import { makeWorkbench, type Scope, type Workbench } from './workbench.ts';

export type ProofRequest = {
  readonly root: string;
  readonly git: Git;
  readonly suite: Suite;
  /** The failures that the patch is to mend, the foremost first, as they were in the user's tree. */
  readonly failures: readonly Failure[];
  /** For each run of tests. */
  readonly timeoutMs: number;
  readonly sandbox: SandboxMode;
  readonly allow: readonly string[];
  readonly envNames?: readonly string[] | undefined;
  /** Ids of tests that are known to be flaky: alone they cannot make a patch regress. */
  readonly flaky?: readonly string[] | undefined;
};

/** `refusals`: a rule forbids the change and nothing was run. Else what the tests said, and what is red now, for the model. */
export type Proven = {
  readonly refusals: readonly Refusal[];
  readonly patch?: Patch | undefined;
  readonly proof: Proof;
  readonly red: readonly Failure[];
};

export type Prover = {
  readonly baseline: RunSummary;
  /** Why nothing can be proven here; every verdict is `unverifiable` then. */
  readonly problem?: string | undefined;
  readonly notes: readonly string[];
  readonly read: (path: string) => string | undefined;
  readonly judge: (changes: readonly FileChange[]) => Refusal[];
  readonly prove: (changes: readonly FileChange[]) => Promise<Proven>;
  readonly remove: () => Promise<void>;
};

type Needs = Pick<Deps, 'env' | 'folders' | 'signal' | 'tell' | 'now'>;

/**
 * Lays out a worktree and makes the failures red in it. The wide run of the unpatched tree goes on in the background while the model is
 * asked; the first proof waits for it.
 */
export async function startProof(asked: ProofRequest, deps: Needs): Promise<Prover> {
  const request = { ...asked, failures: ofSuite(asked) };
  deps.tell({ type: 'stage', stage: 'worktree', message: 'Making a worktree' });
  const worktree = await makeWorktree({ git: request.git, folders: deps.folders, signal: deps.signal, tell: deps.tell });
  const background = new AbortController();
  try {
    const { bench, run, problem } = await baseline(request, worktree, deps);
    const signal = AbortSignal.any([background.signal, ...(deps.signal ? [deps.signal] : [])]);
    const wide = problem === undefined ? runWide(request.failures, bench, signal).catch(keep) : Promise.resolve(undefined);
    const collected = new Set([...run.tests, ...request.failures].flatMap(({ file }) => file ?? []));
    const isTest = makeIsTest({ paths: worktree.paths, read: worktree.read, collected });
    const review = (changes: readonly FileChange[]) =>
      judge(changes, { isTest, allow: request.allow, look: worktree.look, paths: worktree.paths });
    const usual = new Set(worktree.altered());
    return {
      baseline: summaryOf(run),
      problem,
      notes: worktree.notes,
      read: worktree.read,
      judge: review,
      prove: async (changes) => {
        const before = await wide;
        if (before instanceof Error) throw before;
        for (const test of before?.run.tests ?? []) if (test.file) collected.add(test.file);
        const proven = await proveOne(
          { request, worktree, bench, run, problem, wide: before, refusals: review(changes), isTest, usual },
          changes,
          deps,
        );
        await worktree.reset();
        return proven;
      },
      remove: async () => {
        background.abort();
        await wide;
        await worktree.remove();
      },
    };
  } catch (error) {
    background.abort();
    await worktree.remove();
    throw error;
  }
}

/** The failures that the suite can run: one cause may turn tests of other packages red, and those have suites of their own. */
function ofSuite({ suite: { cwd }, failures }: ProofRequest): readonly Failure[] {
  const own = failures.filter(({ file }) => cwd === '' || (file?.startsWith(`${cwd}/`) ?? true));
  return own.length > 0 ? own : failures;
}

/** A rejection that nobody awaits yet must not end the process. */
function keep(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}

function scopeOf(failures: readonly Failure[]): Scope {
  return failures.some(isUnbuilt) ? {} : { only: failures };
}

type Baseline = { readonly bench: Workbench; readonly run: TestRun; readonly problem: string | undefined };

const needsOutside =
  'The tests ran in the sandbox, where they reach no service and no folder of this machine: if they need one, pass --sandbox off.';

/** The failures have to be red here as they are in the user's tree. Where a sandbox is what prevents it, it is given up aloud. */
async function baseline(request: ProofRequest, worktree: Worktree, deps: Needs): Promise<Baseline> {
  const sandbox = await findSandbox(request.sandbox, deps);
  const setup = { ...request, envNames: request.envNames ?? [], worktree };
  const attempt = async (box: typeof sandbox): Promise<Baseline> => {
    const bench = await makeWorkbench({ ...setup, sandbox: box }, deps);
    deps.tell({ type: 'stage', stage: 'baseline', message: 'Running the failing test in the worktree, unpatched' });
    const run = await bench.run(scopeOf(request.failures));
    return { bench, run, problem: baselineProblem(request, worktree, run) };
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

function baselineProblem({ failures, root }: ProofRequest, worktree: Worktree, run: TestRun): string | undefined {
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

type Case = {
  readonly request: ProofRequest;
  readonly worktree: Worktree;
  readonly bench: Workbench;
  readonly run: TestRun;
  readonly problem: string | undefined;
  readonly wide: Wide | undefined;
  readonly refusals: readonly Refusal[];
  readonly isTest: (path: string) => boolean;
  /** Files that the tests change without any patch. */
  readonly usual: ReadonlySet<string>;
};

async function proveOne(it: Case, changes: readonly FileChange[], deps: Needs): Promise<Proven> {
  const { request, worktree, bench, run, problem, refusals } = it;
  const sandbox = bench.sandbox.name;
  const before = summaryOf(run);
  const stop = (verdict: Proof['verdict'], why: string): Proven => ({
    refusals,
    red: [],
    proof: { verdict, why, before, after: [], sandbox },
  });
  if (refusals.length > 0) return stop('not_applied', refusals.map(({ message }) => message).join(' '));
  if (problem !== undefined) return stop('unverifiable', problem);
  if (changes.every((change) => change.before === change.after)) return stop('not_applied', 'The patch changes nothing.');
  await worktree.reset();
  const { diff, sha256, tree } = await worktree.change(changes);
  const patch: Patch = { diff, sha256, files: countLines(diff), flags: tamperFlags(changes, request.failures, worktree.read) };
  deps.tell({ type: 'stage', stage: 'prove', message: 'Running the failing test with the patch' });
  const targets = reproduced(request.failures, run);
  const runs: TestRun[] = [];
  for (let round = 0; round < rounds; round++) {
    const next = await bench.run(scopeOf(targets));
    runs.push(next);
    if (targets.every((target) => stateOf(target, next, worktree.read) !== 'green')) break;
  }
  const states = targets.map((target) => runs.map((one) => stateOf(target, one, worktree.read)));
  const wide =
    it.wide && (await compareWide({ failures: request.failures, flaky: request.flaky, bench, wide: it.wide, states }, deps.tell));
  const damage = wide?.difference;
  const decision = decide({
    problem: rewritten(it, changes),
    targets: states,
    wide: wide === undefined ? 'unknown' : damage === undefined ? 'broken' : sizesOf(damage),
  });
  const lost = request.failures.length - targets.length;
  const why = [decision.why, lost > 0 ? `${lost} more did not fail in the worktree.` : '', wide?.note ?? '', await leaks(it)];
  const none: Difference = { newFailures: [], missing: [], newSkips: [] };
  const proof: Proof = {
    verdict: decision.verdict,
    why: why.filter(Boolean).join(' '),
    before,
    after: runs.map(summaryOf),
    ...(wide && { wide: { scope: wide.scope, before: summaryOf(wide.before), after: summaryOf(wide.after), ...(damage ?? none) } }),
    sandbox,
    tree,
  };
  const fresh = new Set(damage?.newFailures);
  const still = runs.at(-1)?.failures ?? [];
  return { refusals, patch, proof, red: [...still, ...(wide?.after.failures.filter(({ id }) => fresh.has(id)) ?? [])] };
}

/** A test that is written anew while it runs has shown nothing. */
function rewritten({ worktree, isTest, usual }: Case, changes: readonly FileChange[]): string | undefined {
  const own = new Set(changes.map(({ path }) => path));
  const found = worktree.altered().filter((path) => !own.has(path) && !usual.has(path) && (isTestName(path) || isTest(path)));
  return found.length === 0
    ? undefined
    : `With the patch, the tests themselves are changed while they run: ${found.slice(0, 3).join(', ')}.`;
}

/** Without a sandbox, nothing stops tests from writing into the user's packages; then it is said. */
async function leaks({ bench, worktree, request: { root } }: Case): Promise<string> {
  const found = bench.sandbox.name === 'none' ? (await worktree.strays()).map((path) => relative(root, path)) : [];
  const more = found.length > 3 ? ` and ${found.length - 3} more` : '';
  return found.length === 0 ? '' : `Without a sandbox, the tests wrote into your packages: ${found.slice(0, 3).join(', ')}${more}.`;
}

/** Only what is red in the worktree can be shown to become green there. */
function reproduced(failures: readonly Failure[], run: TestRun): Failure[] {
  const red = new Set(run.failures.map(({ id }) => id));
  return failures.filter(({ id }) => red.has(id));
}

function sizesOf(difference: Difference) {
  return { newFailures: difference.newFailures.length, missing: difference.missing.length, newSkips: difference.newSkips.length };
}
