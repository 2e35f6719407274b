import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Case } from '../case.ts';
import { checkStopped } from '../errors.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { confine } from '../safety/sandbox/confine.ts';
import type { Machine } from '../schema/deps.ts';
import type { Failure, FailureGroup, Suite, TestRun } from '../schema/run.ts';
import { makeScratch } from '../store.ts';
import { groupFailures } from '../suite/classify.ts';
import type { detectSuites } from '../suite/detect/detect.ts';
import { readerOf } from '../suite/find-file.ts';
import { readGiven } from '../suite/reports/given.ts';
import type { Builds } from '../suite/run/build.ts';
import { mergeRuns, onlyNamed } from '../suite/run/merge.ts';
import { setApart } from './whose.ts';

/** The time is for all suites together. */
export type ObserveRequest = Pick<Case, 'root' | 'within' | 'git' | 'timeoutMs' | 'envNames'> & {
  readonly command?: string | undefined;
  /** Only tests or files whose name contains one of these. */
  readonly tests?: readonly string[] | undefined;
  /** A report or a CI log to read instead of running anything. */
  readonly report?: string | undefined;
  readonly log?: string | undefined;
  /** Nothing will be run later: where a report is given, no suite is looked for. */
  readonly readOnly?: boolean | undefined;
};

/** `suite` is the one whose failure comes first; `suites` are all that were found. */
export type Observed = Pick<Case, 'suite' | 'suites' | 'run'> & {
  readonly groups: readonly FailureGroup[];
  /** The suite that a failure was seen in. */
  readonly suiteOf: (failure: Failure) => Suite;
};

/** Finds out how the tests are started, runs them and groups what fails. Throws `no_runner`; red, timeouts and crashes are data. */
export async function observe(request: ObserveRequest, deps: Machine): Promise<Observed> {
  const { root, within, command } = request;
  const env = suiteEnvironment(deps.env, { mode: 'own', names: request.envNames });
  const given = request.report ?? request.log;
  const options = { command, within, env, signal: deps.signal };
  if (given !== undefined) {
    const asked = [within ?? '', ...(request.tests ?? [])].filter(Boolean);
    const run = await setApart(root, await readGiven(root, given, request.report === undefined ? 'log' : 'report'), asked, request.git);
    const suites = request.readOnly ? [] : await detect(root, options).catch(() => []);
    const narrowed = request.tests ? onlyNamed(run, request.tests) : run;
    const suite = suites[0] ?? unknownSuite(run);
    return { suite, suites, run: narrowed, groups: group(root, narrowed), suiteOf: () => suite };
  }
  deps.tell({ type: 'stage', stage: 'observe', message: 'Looking for the tests' });
  const changed = once(() => changedFiles(request));
  const found = await detect(root, options);
  const suites = found.length > 1 ? newestFirst(found, await changed()) : found;
  const scratch = await makeScratch(deps.folders.temp);
  try {
    return await runAll({ ...request, suites, changed, env, scratch }, deps);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The runners and the parsers of their configurations are loaded where a suite is looked for. */
const detect: typeof detectSuites = async (...given) => (await import('../suite/detect/detect.ts')).detectSuites(...given);

/** Suites of packages that the last commit or the user touched come first: there the failure is sought, and there the time goes. */
function newestFirst(suites: readonly Suite[], changed: ReadonlySet<string>): readonly Suite[] {
  const touched = ({ cwd }: Suite) => [...changed].some((path) => cwd === '' || path.startsWith(`${cwd}/`));
  return [...suites.filter(touched), ...suites.filter((suite) => !touched(suite))];
}

/** A question that is asked when it is needed, and then not again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}

/** Files that the last commit or the user changed, new ones as well. */
async function changedFiles({ root, git }: Pick<ObserveRequest, 'root' | 'git'>): Promise<ReadonlySet<string>> {
  if (!git?.head) return new Set();
  const [changed, added] = await Promise.all([
    git.run(['diff', '--name-only', '-z', '--no-renames', '--relative', 'HEAD~1', '--'], { cwd: root, codes: [0, 128] }),
    git.run(['ls-files', '-z', '--others', '--exclude-standard'], { cwd: root, codes: [0, 128] }),
  ]);
  return new Set(`${changed}${added}`.split('\0').filter(Boolean));
}

type All = ObserveRequest & {
  /** Asked where there is an order to choose. */
  readonly changed: () => Promise<ReadonlySet<string>>;
  readonly suites: readonly Suite[];
  readonly env: Record<string, string>;
  readonly scratch: string;
};

async function runAll({ suites, changed, env, scratch, root, within, git, tests, timeoutMs }: All, deps: Machine): Promise<Observed> {
  const { runSuite } = await import('../suite/run/run.ts');
  const { isFor } = await import('../suite/run/owner.ts');
  const read = readerOf(root);
  const deadline = deps.now() + timeoutMs;
  const files = tests?.length ? testFiles(root, tests) : undefined;
  const runs: { suite: Suite; run: TestRun }[] = [];
  const wrap = await confine([root, scratch], deps);
  const { state } = deps.folders;
  const unrun: string[] = [];
  const builds: Builds = new Map();
  for (const [index, suite] of suites.entries()) {
    checkStopped(deps.signal);
    const own = files?.filter((file) => isFor(file, suite, { suites, read }));
    if (own?.length === 0) continue;
    deps.tell({
      type: 'stage',
      stage: 'observe',
      message: `Running ${suite.argv.join(' ')}${suite.cwd ? ` in ${suite.cwd}` : ''} (${suite.why})`,
    });
    const left = Math.max(deadline - deps.now(), 1);
    if (runs.length > 0 && left < 2_000) {
      unrun.push(suite.cwd || suite.runner);
      continue;
    }
    // One suite that hangs must not take the time of all the others.
    const share = suites.length - index > 1 ? Math.max(left / 2, Math.min(left, 30_000)) : left;
    const doors = { signal: deps.signal, tell: deps.tell, env, scratch, wrap, state, builds };
    const all = await runSuite(suite, { root, files: own, timeoutMs: share, ...doors });
    const run = await setApart(root, all, [within ?? '', ...(tests ?? [])].filter(Boolean), git);
    runs.push({ suite, run });
    deps.tell({ type: 'progress', message: `${run.outcome}: ${run.passed} passed, ${run.failed} failed, ${run.skipped} skipped` });
  }
  const merged = mergeRuns(
    runs.map(({ run }) => run),
    unrun,
  );
  const run = tests?.length && !files ? onlyNamed(merged, tests) : merged;
  const groups = group(root, run, runs, run.failures.length > 1 ? await changed() : undefined);
  const ownerOf = (id: string | undefined) => runs.find((one) => one.run.failures.some((failure) => failure.id === id));
  const owner = ownerOf(groups[0]?.first.id) ?? runs.find((one) => one.run.outcome === run.outcome) ?? runs[0];
  if (!owner) throw new Error('no suite was run');
  return { suite: owner.suite, suites, run, groups, suiteOf: ({ id }) => (ownerOf(id) ?? owner).suite };
}

/** The files that were named, when all the words are files; words that are not narrow by name after the run. */
function testFiles(root: string, words: readonly string[]): string[] | undefined {
  const files = words.map((word) => word.replace(/^\.\//, ''));
  const real = (file: string) => !file.includes('\0') && existsSync(resolve(root, file)) && statSync(resolve(root, file)).isFile();
  return files.every(real) ? files : undefined;
}

function group(
  root: string,
  run: TestRun,
  runs: readonly { suite: Suite; run: TestRun }[] = [],
  changed: ReadonlySet<string> = new Set(),
): FailureGroup[] {
  const scripts = new Map(runs.flatMap(({ suite, run: { failures } }) => failures.map(({ file = '' }) => [file, suite.script] as const)));
  return groupFailures(run, { read: readerOf(root), script: (file) => scripts.get(file), changed });
}

function unknownSuite(run: TestRun): Suite {
  return { runner: run.runner, argv: run.command, cwd: run.cwd, env: {}, why: run.why };
}
