import type { Named } from '../repo/root.ts';
import type { Context } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import type { DiagnoseInput } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { capped, ending, needsKey, tellKeyless } from '../talk/ending.ts';
import { shrinking } from '../talk/shrink.ts';
import { startTalk } from '../talk/talk.ts';
import { checkPlaces } from './cause-place.ts';
import { packFailure } from './context.ts';

const causeOnly = 'Only the root cause is wanted this time: leave the section "## Edits" empty.';

/** Asks for the root cause of the failing test, without a patch. */
export async function diagnose(input: DiagnoseInput & Named, deps: Deps): Promise<Report> {
  tellKeyless(deps);
  const packed = await packFailure('diagnose', input, deps);
  if (!('pack' in packed)) return packed;
  const { report, found, pack, offer, repack } = packed;
  const { context, excerpts } = pack;
  const refused = capped(report, input.max_cost);
  if (refused) return refused;
  if (!deps.ask || !report.failing) return needsKey(report, excerpts);

  const [{ readAnswer }, { fixMessages }] = await Promise.all([import('../glm/prompts/answer.ts'), import('../glm/prompts/prompt.ts')]);
  const redactor = await pack.redactor();
  const failing = [{ ...report.failing, message: redactor.redact(report.failing.message).text }];
  const say = (pack: Context) => fixMessages(pack, { failing, command: found.suite.argv, language: input.language, notes: [causeOnly] });
  const packs = shrinking(context, repack);
  const talking = { variants: offer.variants, maxTokens: offer.maxTokens, capUsd: input.max_cost, language: input.language };
  const talk = startTalk(talking, { ...deps, ask: deps.ask });
  const reply = await talk.insist(say(context), async () => {
    const shorter = await packs.smaller();
    return shorter && say(shorter);
  });
  const told = { ...report, manifest: packs.manifest(), warnings: [...report.warnings, ...packs.warnings()] };
  const { rootCause } = readAnswer(reply?.text ?? '');
  if (reply?.outcome !== 'complete' || !rootCause) return ending(told, talk, reply, 'The answer names no root cause');
  const { cause, problems } = checkPlaces(rootCause, packs.sent());
  const warnings = [...told.warnings, ...reply.warnings, ...problems];
  return { ...told, ...talk.bill(), warnings, status: 'diagnosed', rootCause: cause, summary: cause.summary };
}
