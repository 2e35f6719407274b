import type { Limits } from '../case.ts';
import { messageOf, Stopped } from '../errors.ts';
import type { Prover } from '../proof/prover.ts';
import { openBench, steadyProver } from '../proof/steady.ts';
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

type Trial = { readonly prover: Prover; readonly redactor: Redactor };

/**
 * Each suggested edit is placed and run against the tests by itself; where there are no tests it stays unproven, as it does where
 * `request` is the reason why it cannot be tried.
 */
export async function trySuggestions(said: readonly Said[], request: SuggestionRequest | string, deps: Deps): Promise<Finding[]> {
  if (!said.some(({ editsText }) => editsText !== '')) return said.map(plain);
  const opened = typeof request === 'string' ? request : await open(request, said, deps);
  try {
    const findings: Finding[] = [];
    let tried = 0;
    for (const one of said) {
      if (one.editsText === '') findings.push(plain(one));
      else if (typeof opened === 'string') findings.push({ ...plain(one), edit: 'unproven', note: opened });
      else if (tried++ >= mostTried)
        findings.push({ ...plain(one), edit: 'unproven', note: `only the first ${mostTried} edits are tried` });
      else findings.push({ ...plain(one), ...(await tryOne(one, opened, deps)) });
    }
    return findings;
  } finally {
    if (typeof opened !== 'string') await opened.prover.remove();
  }
}

function plain({ severity, path, startLine, endLine, side, why }: Said): Finding {
  return { severity, path, startLine, endLine, ...(side && { side }), why: disarm(why) };
}

async function open(request: SuggestionRequest, said: readonly Said[], deps: Deps): Promise<Trial | string> {
  const { git } = request;
  if (!git?.head) return 'without a git repository with a commit, edits cannot be tried';
  let suite: Suite | undefined;
  try {
    suite = suiteFor(said[0]?.path ?? '', await findSuites(request.root, request.command, deps));
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return messageOf(error);
  }
  if (!suite) return 'there are no tests';
  const bench = await openBench({ ...request, git, suite }, deps);
  return { prover: steadyProver(bench), redactor: request.redactor };
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

async function tryOne(one: Said, { prover, redactor }: Trial, deps: Deps): Promise<Pick<Finding, 'edit' | 'note' | 'diff'>> {
  deps.tell({ type: 'stage', stage: 'prove', message: `Trying the suggested edit at ${one.path}:${one.startLine}` });
  const { placeFailures, refusals, proven } = await tryEdits(one.editsText, prover, redactor);
  const [failed] = placeFailures;
  if (failed) return { edit: 'not_placed', note: failed.message.split('\n')[0] ?? failed.rule };
  const [refused] = refusals;
  if (refused) return { edit: 'refused', note: refused.message };
  const verdict = proven?.proof.verdict;
  const edit = verdict === 'verified' ? 'proven' : verdict === 'regresses' ? 'regresses' : 'unproven';
  return { edit, ...(proven && { note: proven.proof.why }), ...(proven?.patch && { diff: proven.patch.diff }) };
}
