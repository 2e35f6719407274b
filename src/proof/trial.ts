import { relative } from 'node:path';
import { isTestName } from '../patch/judge/rules.ts';
import { tamperFlags } from '../patch/judge/tamper.ts';
import { changesAnything } from '../patch/place/place-edits.ts';
import type { Machine } from '../schema/deps.ts';
import type { FileChange, Patch, Refusal } from '../schema/patch.ts';
import type { Proof } from '../schema/report.ts';
import type { Failure, Suite, TestRun } from '../schema/run.ts';
import { type Compared, compareWhole, filesOf, isHarm, type Whole, weigh } from './all-suites.ts';
import { aloneScope, ownScope } from './baseline.ts';
import { type Difference, isHook, stateOf, summaryOf } from './compare.ts';
import { countLines } from './count-lines.ts';
import { gradePatch } from './grade/merits.ts';
import { orderSuites } from './order-suites.ts';
import { nearestTests, onlyFiles } from './reach/nearest.ts';
import { reachFlags } from './reach/reach.ts';
import type { Site } from './site.ts';
import type { ProofRequest, Proven } from './types.ts';
import { decide } from './verdict.ts';
import { runElsewhere } from './watch/elsewhere.ts';
import { watchFlags } from './watch/flags.ts';
import type { Seen } from './watch/watch.ts';

export type Trial = {
  readonly request: ProofRequest;
  /** The unpatched worktree, and the one that patches are tried in. */
  readonly plain: Site;
  readonly patched: () => Promise<Site>;
  /** The failing tests' own files without the patch. */
  readonly run: TestRun;
  /** What that run showed of the assertion library and the runner. */
  readonly shown: Seen;
  readonly problem: string | undefined;
  readonly suites: readonly Suite[];
  readonly whole: () => Promise<Whole>;
  /** Starts to run all suites without the patch, where that was not begun yet. */
  readonly begin: () => void;
  readonly review: (changes: readonly FileChange[]) => Refusal[];
  readonly isTest: (path: string) => boolean;
  /** Files that the tests change without any patch. */
  readonly usual: ReadonlySet<string>;
};

/**
 * One patch: the failing tests' own files first, so that a bad patch is refused early; the failing tests alone a second time; then every
 * suite of the repository, the nearest to the change first.
 */
export async function tryPatch(it: Trial, changes: readonly FileChange[], deps: Machine): Promise<Proven> {
  const { plain, run, problem } = it;
  const refusals = it.review(changes);
  const before = summaryOf(run);
  const sandbox = plain.sandbox.name;
  const stop = (verdict: Proof['verdict'], why: string): Proven => ({
    refusals,
    red: [],
    proof: { verdict, why, before, after: [], sandbox },
  });
  if (refusals.length > 0) return stop('not_applied', refusals.map(({ message }) => message).join(' '));
  if (problem !== undefined) return stop('unverifiable', problem);
  if (!changes.some(changesAnything)) return stop('not_applied', 'The patch changes nothing.');
  const site = await it.patched();
  try {
    return await proveIn(site, it, changes, deps);
  } finally {
    await site.worktree.reset();
  }
}

async function proveIn(site: Site, it: Trial, changes: readonly FileChange[], deps: Machine): Promise<Proven> {
  const { request, plain, run } = it;
  const beganMs = deps.now();
  await site.worktree.reset();
  const { diff, sha256, tree } = await site.worktree.change(changes);
  deps.tell({ type: 'stage', stage: 'prove', message: 'Running the failing test with the patch' });
  const red = reproduced(request.failures, run);
  const stateIn = (target: Failure, one: TestRun) => stateOf(target, one, site.worktree.read);
  const { run: first, seen } = await site.watch(request.suite, ownScope(request.failures));
  const targets = meant(red, request.causes, (target) => stateIn(target, first) === 'green');
  const { paths, read } = site.worktree;
  const reach = { paths, read, isTest: it.isTest, suites: it.suites, failures: request.failures };
  const flags = [
    ...tamperFlags(changes, request.failures, read),
    ...reachFlags(changes, reach),
    ...watchFlags({ before: it.shown, after: seen, suite: request.suite, changes, isTest: it.isTest }),
  ];
  const runs = [first];
  const part = { suite: request.suite, files: ownScope(request.failures).files, run };
  const near = await weigh(part, first, { site, plain });
  const harmed = near.difference === undefined || isHarm(near.difference);
  if (!harmed && targets.some((target) => stateIn(target, first) === 'green')) {
    // While the failing tests run alone, all others may start on the tree without the patch.
    it.begin();
    const hooks = targets.some(isHook);
    runs.push(await site.run(request.suite, hooks ? ownScope(request.failures) : aloneScope(targets)));
  }
  const states = targets.map((target) => runs.map((one) => stateIn(target, one)));
  const hopeless = states.every((all) => all.every((state) => state !== 'green'));
  const compared = harmed || hopeless ? undefined : await compareAll(site, it, changes, deps);
  const difference: Difference | undefined = compared ? compared.difference : near.difference;
  const settled = compared?.difference && !isHarm(compared.difference) && states.every((all) => all.every((state) => state === 'green'));
  const decision = decide({
    problem: rewritten(site, it, changes) ?? (settled ? await runElsewhere(plain, { suite: request.suite, changes, targets }) : undefined),
    targets: states,
    wide: compared === undefined && !harmed ? 'unseen' : difference === undefined ? 'broken' : sizesOf(difference),
  });
  const stillRed = compared ? stillRedIn(compared, targets) : [];
  const lost = request.failures.length - red.length;
  const why = [
    decision.why,
    stillRed.length > 0 ? `${stillRed.length} still red: ${stillRed.slice(0, 5).join(', ')}${stillRed.length > 5 ? ', …' : ''}.` : '',
    lost > 0 ? `${lost} more did not fail in the worktree.` : '',
    compared?.note ??
      (near.unsteady.length > 0 ? `Not counted, because they do not fail every time: ${near.unsteady.slice(0, 5).join(', ')}.` : ''),
    await leaks(site, request.root),
  ];
  const graded =
    decision.verdict === 'verified' && compared
      ? await gradePatch({ it, site, changes, targets, flags, green: first, compared, beganMs }, deps)
      : { graded: {}, flags };
  const patch: Patch = { diff, sha256, files: countLines(diff), flags: graded.flags };
  const proof: Proof = {
    verdict: decision.verdict,
    why: why.filter(Boolean).join(' '),
    before: summaryOf(run),
    after: runs.map(summaryOf),
    wide: wideOf(compared, { run, first, difference }),
    ...graded.graded,
    ...(stillRed.length > 0 && { stillRed }),
    sandbox: site.sandbox.name,
    tree,
  };
  const fresh = new Set(difference?.newFailures);
  const still = runs.at(-1)?.failures ?? [];
  const found = [...(compared?.after.failures ?? []), ...first.failures].filter(({ id }) => fresh.has(id));
  return { refusals: [], patch, proof, red: unique([...still, ...found]) };
}

async function compareAll(site: Site, it: Trial, changes: readonly FileChange[], deps: Machine): Promise<Compared | undefined> {
  const { request, plain } = it;
  deps.tell({ type: 'stage', stage: 'prove', message: 'The failing test is green: running the other tests' });
  const near = nearestTests(changes, {
    paths: site.worktree.paths,
    read: site.worktree.read,
    isTest: it.isTest,
    own: filesOf(request.failures),
  });
  // The tests that reach the change, while the others still run without it.
  const [whole, early] = await Promise.all([it.whole(), near.length > 0 ? site.run(request.suite, { files: near }) : undefined]);
  if (whole.parts.length === 0) return undefined;
  const part = whole.parts.find(({ suite }) => suite === request.suite);
  if (early && part && part.files === undefined) {
    const before = onlyFiles(part.run, near);
    const { difference } = await weigh({ suite: request.suite, files: near, run: before }, early, { site, plain, signal: deps.signal });
    if (difference && isHarm(difference))
      return { scope: `the tests that load what is changed (${before.collected} tests)`, before, after: early, difference };
  }
  const suites = orderSuites(
    it.suites,
    changes.map(({ path }) => path),
    site.worktree.read,
  );
  const time = { now: deps.now, untilMs: deps.now() + request.timeoutMs, signal: deps.signal };
  return compareWhole({ whole, site, plain, suites, time, tell: deps.tell });
}

const none: Difference = { newFailures: [], missing: [], newSkips: [] };

function wideOf(
  compared: Compared | undefined,
  { run, first, difference = none }: { readonly run: TestRun; readonly first: TestRun; readonly difference: Difference | undefined },
): Proof['wide'] {
  const [scope, before, after] = compared
    ? [compared.scope, compared.before, compared.after]
    : [`the failing tests' own files (${run.collected} tests)`, run, first];
  return { scope, before: summaryOf(before), after: summaryOf(after), ...difference };
}

/** Red before and after, and not what was asked for: a verdict without them would be half of the truth. */
function stillRedIn({ before, after }: Compared, targets: readonly Failure[]): string[] {
  const asked = new Set(targets.map(({ id }) => id));
  const was = new Set(before.failures.map(({ id }) => id));
  return unique(after.failures).flatMap(({ id }) => (was.has(id) && !asked.has(id) ? [id] : []));
}

function unique(failures: readonly Failure[]): Failure[] {
  return [...new Map(failures.map((failure) => [failure.id, failure])).values()];
}

/** A test that is written anew while it runs has shown nothing. */
function rewritten({ worktree }: Site, { isTest, usual }: Trial, changes: readonly FileChange[]): string | undefined {
  const own = new Set(changes.map(({ path }) => path));
  const found = worktree.altered().filter((path) => !own.has(path) && !usual.has(path) && (isTestName(path) || isTest(path)));
  return found.length === 0
    ? undefined
    : `With the patch, the tests themselves are changed while they run: ${found.slice(0, 3).join(', ')}.`;
}

/** Without a sandbox, nothing stops tests from writing into the user's packages; then it is said. */
async function leaks({ sandbox, worktree }: Site, root: string): Promise<string> {
  const found = sandbox.name === 'none' ? (await worktree.strays()).map((path) => relative(root, path)) : [];
  const more = found.length > 3 ? ` and ${found.length - 3} more` : '';
  return found.length === 0 ? '' : `Without a sandbox, the tests wrote into your packages: ${found.slice(0, 3).join(', ')}${more}.`;
}

/** Of several causes those that the patch does something about; all, where it is for all or does nothing about any. */
function meant(red: readonly Failure[], causes: ProofRequest['causes'], isGreen: (target: Failure) => boolean): readonly Failure[] {
  if (!causes) return red;
  const green = new Set(red.filter(isGreen).map(({ id }) => id));
  const touched = new Set([...green, ...causes.filter((ids) => ids.some((id) => green.has(id))).flat()]);
  const found = red.filter(({ id }) => touched.has(id));
  return found.length > 0 ? found : red;
}

/** Only what is red in the worktree can be shown to become green there. */
function reproduced(failures: readonly Failure[], run: TestRun): Failure[] {
  const red = new Set(run.failures.map(({ id }) => id));
  return failures.filter(({ id }) => red.has(id));
}

function sizesOf(difference: Difference) {
  return { newFailures: difference.newFailures.length, missing: difference.missing.length, newSkips: difference.newSkips.length };
}
