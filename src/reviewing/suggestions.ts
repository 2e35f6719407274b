import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '../case.ts';
import { messageOf, Stopped } from '../errors.ts';
import { openBench, steadyProver } from '../proof/steady-worktree.ts';
import type { Prover } from '../proof/types.ts';
import type { Place } from '../repo/root.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { disarm } from '../safety/text.ts';
import type { Deps } from '../schema/deps.ts';
import type { Redactor } from '../schema/redactor.ts';
import type { Finding } from '../schema/report.ts';
import type { Suite, TestRun } from '../schema/run.ts';
import { detectSuites } from '../suite/detect/detect.ts';
import { tryEdits } from '../talk/round.ts';
import type { Said } from './findings.ts';

export type SuggestionRequest = Place & Limits & { readonly redactor: Redactor; readonly command: string | undefined };

/** The tests of one suite with the change under review, and what tries edits on top of it. */
type Opened = { readonly suite: Suite; readonly prover: Prover; readonly before: TestRun };

/** Where edits are tried: the suite of their own package first, then all others, each opened when it is needed. */
type Trial = {
  readonly suites: readonly Suite[];
  readonly open: (suite: Suite) => Promise<Opened>;
  readonly redactor: Redactor;
};

/** The tests of a change, begun while its review is written. `stop` ends what still runs and removes everything. */
export type ChangeTests = {
  readonly trial: Promise<Trial | string>;
  readonly begun: Promise<readonly Opened[]>;
  readonly stop: () => Promise<void>;
};

export type Tried = { readonly findings: Finding[]; readonly red: string[]; readonly warnings: string[] };

const mostTried = 12;
/** So long the tests of a change are waited for where no edit needs them. */
const patienceMs = 60_000;

/** Begins to run the tests of the packages of these files; `request` may be the reason why nothing can be tried. */
export function beginTests(request: SuggestionRequest | string, paths: readonly string[], deps: Deps): ChangeTests {
  const own = new AbortController();
  const opening: Promise<Opened>[] = [];
  const under = { ...deps, signal: AbortSignal.any([own.signal, ...(deps.signal ? [deps.signal] : [])]) };
  const trial = typeof request === 'string' ? Promise.resolve(request) : openTrial(request, opening, under);
  const begun = trial.then((found) => {
    if (typeof found === 'string') return [];
    const first = new Set(paths.flatMap((path) => suiteFor(path, found.suites) ?? []));
    return Promise.all([...first].map(found.open));
  });
  // Whoever waits for it hears of it.
  for (const one of [trial, begun]) one.catch(() => {});
  const stop = async () => {
    own.abort();
    await Promise.allSettled([begun]);
    for (const one of await Promise.allSettled(opening)) if (one.status === 'fulfilled') await one.value.prover.remove();
  };
  return { trial, begun, stop };
}

/**
 * Each suggested edit is placed and run against the tests by itself; where there are no tests it stays unproven. What is proven is so over
 * all suites of the repository. `red`: tests that are red with the change alone.
 */
export async function trySuggestions(said: readonly Said[], { trial: begunTrial, begun }: ChangeTests, deps: Deps): Promise<Tried> {
  if (!said.some(({ editsText }) => editsText !== '')) {
    const seen = await Promise.race([begun, sleep(patienceMs, undefined, { ref: false, signal: deps.signal })]);
    return seen
      ? { findings: said.map(plain), ...redBefore(seen) }
      : {
          findings: said.map(plain),
          red: [],
          warnings: ['The tests were still running when the review was done: whether they are green is not known.'],
        };
  }
  const trial = await begunTrial;
  const opened = new Set(await begun);
  const findings: Finding[] = [];
  let tried = 0;
  for (const one of said) {
    if (one.editsText === '') findings.push(plain(one));
    else if (typeof trial === 'string') findings.push({ ...plain(one), edit: 'unproven', note: trial });
    else if (tried++ >= mostTried) findings.push({ ...plain(one), edit: 'unproven', note: `only the first ${mostTried} edits are tried` });
    else findings.push({ ...plain(one), ...(await tryOne(one, trial, opened, deps)) });
  }
  return { findings, ...redBefore([...opened]) };
}

/** A change whose tests are red is that first of all. */
function redBefore(opened: readonly Opened[]): Pick<Tried, 'red' | 'warnings'> {
  const told = opened.map(({ suite, prover: { problem }, before }) => {
    const where = suite.cwd === '' ? '' : ` of ${suite.cwd}`;
    if (problem !== undefined && before.outcome !== 'no_tests')
      return { red: [], warnings: [`The tests${where} cannot be read: ${problem}${inBrackets(quoted(before))}`] };
    return {
      red: before.outcome === 'red' ? [`The tests${where} are red with this change${inBrackets(quoted(before))}.`] : [],
      warnings: [],
    };
  });
  return { red: told.flatMap(({ red }) => red), warnings: told.flatMap(({ warnings }) => warnings) };
}

/** The first failure, and how many there are; of a run without a result, what it threw. */
function quoted({ failures, output }: Pick<TestRun, 'failures' | 'output'>): string {
  const [first] = failures;
  const more = failures.length > 1 ? `, and ${failures.length - 1} more` : '';
  // What could not be loaded has no name of its own.
  const name = first?.kind === 'load' ? (first.file ?? first.name) : first?.name;
  if (first) return `${name}: ${disarm(excerpt(first.message))}${more}`;
  return disarm(excerpt(/^.*\b(?:\w*(?:Error|Exception|Panic)\b|panic:).*$/m.exec(output)?.[0] ?? ''));
}

const inBrackets = (text: string) => (text === '' ? '' : ` (${text})`);

/** The first two lines, for a note. */
function excerpt(message: string): string {
  return message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 2)
    .join(' ')
    .slice(0, 300);
}

function plain({ severity, path, startLine, endLine, side, why }: Said): Finding {
  return { severity, path, startLine, endLine, ...(side && { side }), why: disarm(why) };
}

async function openTrial(request: SuggestionRequest, opening: Promise<Opened>[], deps: Deps): Promise<Trial | string> {
  const { git } = request;
  if (!git?.head) return 'without a git repository with a commit, edits cannot be tried';
  let suites: readonly Suite[];
  try {
    suites = await findSuites(request.root, request.command, deps);
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return messageOf(error);
  }
  if (suites.length === 0) return 'there are no tests';
  const openOne = async (suite: Suite): Promise<Opened> => {
    const bench = await openBench({ ...request, git, suite }, deps);
    return { suite, prover: steadyProver(bench), before: bench.before };
  };
  const known = new Map<Suite, Promise<Opened>>();
  const open = (suite: Suite) => {
    const found = known.get(suite) ?? openOne(suite);
    if (!known.has(suite)) opening.push(found);
    known.set(suite, found);
    return found;
  };
  return { suites, open, redactor: request.redactor };
}

/** How the tests of a repository are started. Throws `no_runner`. */
export function findSuites(root: string, command: string | undefined, deps: Pick<Deps, 'env' | 'signal'>): Promise<readonly Suite[]> {
  return detectSuites(root, { command, env: suiteEnvironment(deps.env, { mode: 'own', names: [] }), signal: deps.signal });
}

/** The suite of the innermost package that holds a file. */
export function suiteFor(path: string, suites: readonly Suite[]): Suite | undefined {
  const holds = suites.filter(({ cwd }) => cwd === '' || path.startsWith(`${cwd}/`));
  return [...holds].sort((a, b) => b.cwd.length - a.cwd.length)[0] ?? suites[0];
}

async function tryOne(
  one: Said,
  { suites, open, redactor }: Trial,
  opened: Set<Opened>,
  deps: Deps,
): Promise<Pick<Finding, 'edit' | 'note' | 'diff'>> {
  deps.tell({ type: 'stage', stage: 'prove', message: `Trying the suggested edit at ${one.path}:${one.startLine}` });
  const own = suiteFor(one.path, suites);
  let last: Pick<Finding, 'edit' | 'note' | 'diff'> = { edit: 'unproven', note: 'there are no tests' };
  for (const suite of own ? [own, ...suites.filter((other) => other !== own)] : suites) {
    const found = await open(suite);
    opened.add(found);
    last = await tryIn(found, one, redactor);
    if (last.edit !== 'proven') return last;
  }
  return last;
}

async function tryIn({ suite: { cwd }, prover }: Opened, one: Said, redactor: Redactor): Promise<Pick<Finding, 'edit' | 'note' | 'diff'>> {
  const { placeFailures, refusals, proven } = await tryEdits(one.editsText, prover, redactor);
  const [failed] = placeFailures;
  if (failed) return { edit: 'not_placed', note: failed.message.split('\n')[0] ?? failed.rule };
  const [refused] = refusals;
  if (refused) return { edit: 'refused', note: refused.message };
  const verdict = proven?.proof.verdict;
  // What makes tests see less, or knows that they run, is not borne out by their being green.
  const flagged = [...new Set(proven?.patch?.flags.map(({ message }) => message))];
  const edit = verdict === 'verified' && flagged.length === 0 ? 'proven' : verdict === 'regresses' ? 'regresses' : 'unproven';
  const doubt = verdict === 'verified' && flagged.length > 0 ? ` But ${flagged.join(', ')}: read it first.` : '';
  const mends =
    prover.baseline.outcome === 'red' && proven?.proof.after.at(-1)?.outcome === 'green' ? ' It mends the tests that were red.' : '';
  const where = edit !== 'proven' && cwd !== '' ? `In ${cwd}: ` : '';
  const note =
    proven &&
    `${where}${proven.proof.why}${edit === 'regresses' ? inBrackets(quoted({ failures: proven.red, output: '' })) : ''}${mends}${doubt}`;
  return { edit, ...(note !== undefined && { note: redactor.redact(note).text }), ...(proven?.patch && { diff: proven.patch.diff }) };
}
