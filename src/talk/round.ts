import { placeEdits } from '../patch/place/place.ts';
import { readEdits } from '../patch/read/edits.ts';
import type { Proven, Prover } from '../proof/prover.ts';
import { deniedPath } from '../safety/paths.ts';
import type { Edit, FileChange, PlaceFailure, Refusal } from '../schema/patch.ts';
import type { Redactor } from '../schema/redactor.ts';
import { placeFeedback, proofFeedback, refusalFeedback } from './feedback.ts';

/** What became of one answer. `feedback` is for the model, where another try makes sense. */
export type Round = {
  readonly placeFailures: readonly PlaceFailure[];
  readonly refusals: readonly Refusal[];
  readonly proven?: Proven | undefined;
  readonly feedback: string;
};

/**
 * Place, judge, prove. The model has seen redacted files, so its edits are placed on redacted text and the secrets put back into the
 * whole file afterwards; a placeholder that the file never held is refused.
 */
export async function tryEdits(editsText: string, prover: Prover, redactor: Redactor): Promise<Round> {
  const { edits, problems } = readEdits(editsText);
  const seen = (path: string) => {
    const text = deniedPath(path) === undefined ? prover.read(path) : undefined;
    const shown = text === undefined ? undefined : redactor.redact(text, path);
    return shown?.withheld === undefined ? shown?.text : undefined;
  };
  const placed = problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, seen);
  const failed = placed.failures;
  if (failed.length > 0) return { placeFailures: failed, refusals: [], feedback: placeFeedback(failed) };
  const { changes, refusals } = restoreAll(placed.changes, edits, prover, redactor);
  const refused = [...refusals, ...prover.judge(changes)];
  if (refused.length > 0) return { placeFailures: [], refusals: refused, feedback: refusalFeedback(refused) };
  const proven = await prover.prove(changes);
  if (proven.refusals.length > 0)
    return { placeFailures: [], refusals: proven.refusals, proven, feedback: refusalFeedback(proven.refusals) };
  return { placeFailures: [], refusals: [], proven, feedback: proofFeedback(proven.proof, proven.red) };
}

/** Planned files with their secrets. A renamed file may hold what it held under its old name. */
function restoreAll(changes: readonly FileChange[], edits: readonly Edit[], prover: Prover, redactor: Redactor) {
  const refusals: Refusal[] = [];
  const restored = changes.map((change): FileChange => {
    const source = edits.find((edit) => edit.kind === 'rename' && edit.to === change.path)?.path ?? change.path;
    const { text, unknown } = change.after === null ? { text: null, unknown: [] } : redactor.restore(change.after, source);
    if (unknown.length > 0) {
      const message = `${change.path} would hold ${unknown[0]}, a placeholder that does not stand for anything in this file.`;
      refusals.push({ path: change.path, rule: 'placeholder', message });
    }
    return { path: change.path, before: change.before === null ? null : (prover.read(change.path) ?? null), after: text };
  });
  return { changes: restored, refusals };
}
