import type { RootCause } from '../schema/model.ts';
import type { Patch } from '../schema/patch.ts';
import type { Attempt, Proof, Report, Verdict } from '../schema/report.ts';
import { type Halt, unanswered } from './ending.ts';
import type { Talk } from './talk.ts';

export type CascadeResult = Pick<Report, 'status' | 'summary' | 'attempts' | 'patch' | 'proof' | 'rootCause' | 'costUsd' | 'next'> & {
  /** What the gateway did that nobody asked for, such as another model's answer. */
  readonly said: readonly string[];
};

/** One request and what became of its answer. */
export type Tried = {
  readonly attempt: Attempt | undefined;
  readonly said: readonly string[];
  readonly patch?: Patch | undefined;
  readonly proof?: Proof | undefined;
  readonly rootCause?: RootCause | undefined;
};

const order: readonly Verdict[] = ['not_applied', 'regresses', 'no_effect', 'unverifiable', 'improves', 'verified'];

/** The report of the best attempt; of equals, the last. */
export function conclude(tried: readonly Tried[], talk: Talk, halt: Halt | undefined): CascadeResult {
  const rank = ({ attempt }: Tried) => (attempt?.verdict ? order.indexOf(attempt.verdict) : -1);
  const best = tried.reduce<Tried | undefined>((top, one) => (top === undefined || rank(one) >= rank(top) ? one : top), undefined);
  const verdict = best?.attempt?.verdict;
  const said = [...new Set(tried.flatMap((one) => one.said))];
  const told = { ...talk.bill(), said };
  const kept = {
    ...(best?.patch && { patch: best.patch }),
    ...(best?.proof && { proof: best.proof }),
    ...(best?.rootCause && { rootCause: best.rootCause }),
  };
  if (halt && verdict !== 'verified') return { ...told, ...kept, ...halt };
  if (!verdict) {
    const why = best?.attempt?.note ?? 'The model gave no answer.';
    return {
      ...told,
      ...kept,
      ...unanswered(`No usable answer in ${tried.length} attempts. ${why}`, best?.attempt?.outcome),
    };
  }
  return { ...told, ...kept, status: verdict, summary: summarize(verdict, best), next: nextSteps(verdict, flagged(best?.patch)) };
}

/** A verdict without its flags would be half of the truth. */
function flagged(patch: Patch | undefined): string[] {
  return [...new Set(patch?.flags.map(({ flag, path }) => (path ? `${flag} in ${path}` : flag)))].slice(0, 4);
}

/** One sentence on a patch that was tried: verdict, grade, why, what was compared, what is flagged. */
export function tellProof(proof: Proof, patch: Patch | undefined): string {
  const flags = flagged(patch);
  const compared = proof.wide ? ` Compared: ${proof.wide.scope}.` : '';
  const said = flags.length > 0 ? ` Flagged: ${flags.join(', ')}.` : '';
  return `${graded(proof)}: ${proof.why}${compared}${said}`;
}

function summarize(verdict: Verdict, { proof, patch, attempt }: Tried): string {
  if (proof && verdict !== 'not_applied') return tellProof(proof, patch);
  const reasons = [...(attempt?.placeFailures ?? []), ...(attempt?.refusals ?? [])].map(({ path, message }) =>
    path && !message.startsWith(path) ? `${path}: ${message}` : message,
  );
  return `not_applied: ${reasons[0]?.split('\n')[0] ?? 'the answer held no usable patch.'}`;
}

/** The word is never said without how far the tests decide. */
function graded({ verdict, grade, gradeWhy }: Proof): string {
  return verdict === 'verified' && grade ? `${verdict} (${grade}: ${gradeWhy})` : verdict;
}

function nextSteps(verdict: Verdict, flags: readonly string[]): string[] {
  if (verdict === 'verified' && flags.length > 0) return [`Read the flagged lines first: ${flags.join(', ')}.`];
  if (verdict === 'verified') return [];
  if (verdict === 'improves') return ['Read the patch: some of the failing tests are green with it.'];
  return ['Try a stronger variant or more attempts.'];
}
