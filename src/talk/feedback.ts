import { fence } from '../safety/text.ts';
import type { PlaceFailure, Refusal } from '../schema/patch.ts';
import type { Proof } from '../schema/report.ts';
import type { Failure } from '../schema/run.ts';

const mostShown = 4;
const mostChars = 3_000;

/** What the model needs to know of edits that did not fit: each with the text that is really there. */
export function placeFeedback(failures: readonly PlaceFailure[]): string {
  const parts = failures.slice(0, mostShown).map(({ path, message, nearest }) => {
    const where = path ? `${path}: ` : '';
    return `- ${where}${cut(message)}${nearest === undefined ? '' : `\n  The nearest text in the file is:\n${fence(path || 'file', cut(nearest))}`}`;
  });
  return `Your edits were not applied, none of them, because these did not fit:\n${parts.join('\n')}${more(failures.length)}`;
}

export function refusalFeedback(refusals: readonly Refusal[]): string {
  const parts = refusals.slice(0, mostShown).map(({ message, rule }) => `- ${message} (rule ${rule})`);
  return `Your edits were not applied, because they touch what must stay as it is:\n${parts.join('\n')}${more(refusals.length)}\nRepair the code instead.`;
}

/** What the tests said about a patch that was applied and is not verified. */
export function proofFeedback(proof: Proof, red: readonly Failure[]): string {
  const fresh = new Set(proof.wide?.newFailures);
  const shown = [...red].sort((a, b) => Number(fresh.has(b.id)) - Number(fresh.has(a.id))).slice(0, mostShown);
  const parts = shown.map((failure) => {
    const frames = failure.frames.slice(0, 4).map(({ file, line }) => `    at ${file}:${line}`);
    const what = fresh.has(failure.id) ? 'passed before your patch and fails now' : 'still fails';
    return `- ${failure.name} ${what}:\n${fence('failure', cut([failure.message, ...frames].join('\n')))}`;
  });
  const lost = proof.wide?.missing.length ? `\nNo longer collected: ${proof.wide.missing.slice(0, 10).join(', ')}.` : '';
  const skipped = proof.wide?.newSkips.length ? `\nNow skipped: ${proof.wide.newSkips.slice(0, 10).join(', ')}.` : '';
  return `Your patch was applied to a copy and tested: ${proof.why}\n${parts.join('\n')}${more(red.length)}${lost}${skipped}\nThe copy has been reset.`;
}

function more(count: number): string {
  return count > mostShown ? `\n(${count - mostShown} more)` : '';
}

function cut(text: string): string {
  return text.length > mostChars ? `${text.slice(0, mostChars)}\n(cut)` : text;
}
