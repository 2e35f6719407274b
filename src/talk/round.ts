import type { Proven, Prover } from '../proof/types.ts';
import type { PlaceFailure, Refusal } from '../schema/patch.ts';
import type { Redactor } from '../schema/redactor.ts';
import { placeFeedback, proofFeedback, refusalFeedback } from './feedback.ts';
import { placeAnswer } from './placed.ts';

/** What became of one answer. `feedback` is for the model, where another try makes sense. */
export type Round = {
  readonly placeFailures: readonly PlaceFailure[];
  readonly refusals: readonly Refusal[];
  readonly proven?: Proven | undefined;
  readonly feedback: string;
};

/** Place, judge, prove. */
export async function tryEdits(editsText: string, prover: Prover, redactor: Redactor): Promise<Round> {
  const { changes, failures, refusals, flags } = placeAnswer(editsText, prover, redactor);
  if (failures.length > 0) return { placeFailures: failures, refusals: [], feedback: placeFeedback(failures) };
  const refused = [...refusals, ...prover.judge(changes)];
  if (refused.length > 0) return { placeFailures: [], refusals: refused, feedback: refusalFeedback(refused) };
  const found = await prover.prove(changes);
  const proven = found.patch ? { ...found, patch: { ...found.patch, flags: [...flags, ...found.patch.flags] } } : found;
  if (proven.refusals.length > 0)
    return { placeFailures: [], refusals: proven.refusals, proven, feedback: refusalFeedback(proven.refusals) };
  return { placeFailures: [], refusals: [], proven, feedback: proofFeedback(proven.proof, proven.red) };
}
