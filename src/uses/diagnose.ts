import type { Named } from '../repo/root.ts';
import type { Deps } from '../schema/deps.ts';
import type { DiagnoseInput } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { capped, ending, needsKey, tellKeyless } from '../talk/ending.ts';
import { startTalk } from '../talk/talk.ts';
import { checkPlace } from './cause-place.ts';
import { packFailure } from './context.ts';

const causeOnly = 'Only the root cause is wanted this time: leave the section "## Edits" empty.';

/** Asks for the root cause of the failing test, without a patch. */
export async function diagnose(input: DiagnoseInput & Named, deps: Deps): Promise<Report> {
  tellKeyless(deps);
  const packed = await packFailure('diagnose', input, deps);
  if (!('pack' in packed)) return packed;
  const { report, found, pack, offer } = packed;
  const { context, excerpts } = pack;
  const refused = capped(report, input.max_cost);
  if (refused) return refused;
  if (!deps.ask || !report.failing) return needsKey(report, excerpts);

  const [{ readAnswer }, { fixMessages }] = await Promise.all([import('../glm/prompts/answer.ts'), import('../glm/prompts/prompt.ts')]);
  const redactor = await pack.redactor();
  const failing = [{ ...report.failing, message: redactor.redact(report.failing.message).text }];
  const messages = fixMessages(context, { failing, command: found.suite.argv, language: input.language, notes: [causeOnly] });
  const talking = { variants: offer.variants, maxTokens: offer.maxTokens, capUsd: input.max_cost, language: input.language };
  const talk = startTalk(talking, { ...deps, ask: deps.ask });
  const reply = await talk.insist(messages);
  const { rootCause } = readAnswer(reply?.text ?? '');
  if (reply?.outcome !== 'complete' || !rootCause) return ending(report, talk, reply);
  const { cause, problem } = checkPlace(rootCause, context.manifest);
  const marked = problem === undefined ? cause : { ...cause, summary: `${cause.summary} [does not hold: ${problem}]` };
  const warnings = [...report.warnings, ...reply.warnings, ...(problem === undefined ? [] : [problem])];
  return { ...report, ...talk.bill(), warnings, status: 'diagnosed', rootCause: marked, summary: marked.summary };
}
