import { needsKey } from '../packing/excerpts.ts';
import type { Named } from '../repo/root.ts';
import type { Deps } from '../schema/deps.ts';
import type { DiagnoseInput } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { overCap } from '../talk/offer.ts';
import { packFailure } from './context.ts';

const causeOnly = 'Only the root cause is wanted this time: leave the section "## Edits" empty.';

/** Asks for the root cause of the failing test, without a patch. */
export async function diagnose(input: DiagnoseInput & Named, deps: Deps): Promise<Report> {
  const packed = await packFailure('diagnose', input, deps);
  if (!('pack' in packed)) return packed;
  const { report, found, pack, offer } = packed;
  const { context, excerpts } = pack;
  const refused = overCap(offer.estimate, 0, input.max_cost);
  if (refused) return { ...report, status: 'over_cap', summary: refused };
  const [variant] = offer.variants;
  if (!deps.ask || !variant || !report.failing) return needsKey(report, excerpts);

  const [{ readAnswer }, { fixMessages }] = await Promise.all([import('../glm/prompts/answer.ts'), import('../glm/prompts/prompt.ts')]);
  const redactor = await pack.redactor();
  const failing = [{ ...report.failing, message: redactor.redact(report.failing.message).text }];
  const messages = fixMessages(context, { failing, command: found.suite.argv, language: input.language, notes: [causeOnly] });
  deps.tell({ type: 'stage', stage: 'ask', message: `asking ${variant.id}` });
  const reply = await deps.ask(
    { variant: variant.id, prices: variant.prices, messages, maxTokens: offer.maxTokens },
    { signal: deps.signal, tell: deps.tell },
  );
  const { rootCause } = readAnswer(reply.text);
  const asked: Report = { ...report, costUsd: reply.cost, warnings: [...report.warnings, ...reply.warnings] };
  if (reply.outcome !== 'complete' || !rootCause) {
    return { ...asked, status: 'no_answer', summary: `${variant.id} gave no usable answer (${reply.outcome}).` };
  }
  return { ...asked, status: 'diagnosed', rootCause, summary: rootCause.summary };
}
