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
import type { Suite } from '../schema/run.ts';
import { detectSuites } from '../suite/detect/detect.ts';
import { tryEdits } from '../talk/round.ts';
import type { Said } from './findings.ts';

export type SuggestionRequest = Place & Limits & { readonly redactor: Redactor; readonly command: string | undefined };

const mostTried = 12;

/** Where edits are tried: the suite of their own package first, then all others, each opened when it is needed. */
type Trial = {
  readonly suites: readonly Suite[];
  readonly proverOf: (suite: Suite) => Promise<Prover>;
  readonly redactor: Redactor;
  readonly opened: ReadonlyMap<Suite, Prover>;
};

export type Tried = { readonly findings: Finding[]; readonly warnings: string[] };

/**
 * Each suggested edit is placed and run against the tests by itself; where there are no tests it stays unproven, as it does where
 * `request` is the reason why it cannot be tried. What is proven is so over all suites of the repository.
 */
export async function trySuggestions(said: readonly Said[], request: SuggestionRequest | string, deps: Deps): Promise<Tried> {
  if (!said.some(({ editsText }) => editsText !== '')) return { findings: said.map(plain), warnings: [] };
  const trial = typeof request === 'string' ? request : await open(request, deps);
  try {
    const findings: Finding[] = [];
    let tried = 0;
    for (const one of said) {
      if (one.editsText === '') findings.push(plain(one));
      else if (typeof trial === 'string') findings.push({ ...plain(one), edit: 'unproven', note: trial });
      else if (tried++ >= mostTried)
        findings.push({ ...plain(one), edit: 'unproven', note: `only the first ${mostTried} edits are tried` });
      else findings.push({ ...plain(one), ...(await tryOne(one, trial, deps)) });
    }
    return { findings, warnings: typeof trial === 'string' ? [] : redBefore(trial) };
  } finally {
    if (typeof trial !== 'string') for (const prover of trial.opened.values()) await prover.remove();
  }
}

/** A change whose tests are red is that first of all. */
function redBefore({ opened }: Trial): string[] {
  return [...opened].flatMap(([suite, { baseline, problem }]) => {
    const where = suite.cwd === '' ? '' : ` of ${suite.cwd}`;
    if (problem !== undefined) return [`The tests${where} cannot be read: ${problem}`];
    return baseline.outcome === 'red' ? [`The tests${where} are red with this change, without any suggested edit.`] : [];
  });
}

function plain({ severity, path, startLine, endLine, side, why }: Said): Finding {
  return { severity, path, startLine, endLine, ...(side && { side }), why: disarm(why) };
}

async function open(request: SuggestionRequest, deps: Deps): Promise<Trial | string> {
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
  const opened = new Map<Suite, Prover>();
  const proverOf = async (suite: Suite) => {
    const known = opened.get(suite) ?? steadyProver(await openBench({ ...request, git, suite }, deps));
    opened.set(suite, known);
    return known;
  };
  return { suites, proverOf, redactor: request.redactor, opened };
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

async function tryOne(one: Said, { suites, proverOf, redactor }: Trial, deps: Deps): Promise<Pick<Finding, 'edit' | 'note' | 'diff'>> {
  deps.tell({ type: 'stage', stage: 'prove', message: `Trying the suggested edit at ${one.path}:${one.startLine}` });
  const own = suiteFor(one.path, suites);
  let last: Pick<Finding, 'edit' | 'note' | 'diff'> = { edit: 'unproven', note: 'there are no tests' };
  for (const suite of own ? [own, ...suites.filter((other) => other !== own)] : suites) {
    last = await tryIn(suite, one, await proverOf(suite), redactor);
    if (last.edit !== 'proven') return last;
  }
  return last;
}

async function tryIn({ cwd }: Suite, one: Said, prover: Prover, redactor: Redactor): Promise<Pick<Finding, 'edit' | 'note' | 'diff'>> {
  const { placeFailures, refusals, proven } = await tryEdits(one.editsText, prover, redactor);
  const [failed] = placeFailures;
  if (failed) return { edit: 'not_placed', note: failed.message.split('\n')[0] ?? failed.rule };
  const [refused] = refusals;
  if (refused) return { edit: 'refused', note: refused.message };
  const verdict = proven?.proof.verdict;
  const edit = verdict === 'verified' ? 'proven' : verdict === 'regresses' ? 'regresses' : 'unproven';
  const mends =
    prover.baseline.outcome === 'red' && proven?.proof.after.at(-1)?.outcome === 'green' ? ' It mends the tests that were red.' : '';
  const where = edit !== 'proven' && cwd !== '' ? `In ${cwd}: ` : '';
  return { edit, ...(proven && { note: `${where}${proven.proof.why}${mends}` }), ...(proven?.patch && { diff: proven.patch.diff }) };
}
