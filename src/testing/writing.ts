import { readAnswer } from '../glm/prompts/answer.ts';
import { testsAgain } from '../glm/prompts/tests-prompt.ts';
import type { Context } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import type { Ask, Message } from '../schema/model.ts';
import type { Rejected, Report } from '../schema/report.ts';
import { ending, faultOf } from '../talk/ending.ts';
import type { Shrinking } from '../talk/shrink.ts';
import { startTalk, type TalkRequest } from '../talk/talk.ts';
import type { WrittenRequest } from './place-tests.ts';
import { tryTests } from './try-tests.ts';

export type Writing = WrittenRequest & {
  readonly packed: Report;
  readonly packs: Shrinking<Context>;
  readonly say: (pack: Context) => readonly Message[];
  readonly talking: TalkRequest;
  readonly attempts: number;
};

/** Asks for tests, says what was wrong with them and asks again, until some are worth keeping or the attempts are used up. */
export async function writeUntilKept(writing: Writing, deps: Omit<Deps, 'ask'> & { readonly ask: Ask }): Promise<Report> {
  const { target, bench, redactor, attempts, packs, say } = writing;
  const unmeasured = `${bench.before.runner} gave no coverage of ${target}: what the tests are worth is told by mutants alone`;
  const unseen = bench.reachedBefore ? [] : [unmeasured];
  const talk = startTalk(writing.talking, deps);
  const rejected: Rejected[] = [];
  const sofar = () => ({
    ...writing.packed,
    manifest: packs.manifest(),
    warnings: [...writing.packed.warnings, ...unseen, ...packs.warnings()],
    ...talk.bill(),
    ...(rejected.length > 0 && { rejected }),
  });
  let messages = say(packs.sent());
  for (let round = 1; round <= attempts; round++) {
    const reply = await talk.insist(messages, async () => {
      const shorter = await packs.smaller();
      if (shorter) messages = say(shorter);
      return shorter && messages;
    });
    if (!reply || reply.outcome === 'over_cap') return ending(sofar(), talk, reply);
    const usable = reply.outcome === 'complete';
    const tried = usable ? await tryTests(readAnswer(reply.text).editsText, writing, deps) : { why: faultOf(reply).replace(/\.$/, '') };
    if ('patch' in tried) {
      const { tests, greenRuns, killed, mutants, mutated } = tried.worth;
      return {
        ...sofar(),
        ...tried,
        status: 'written',
        summary: `${tests.length} new ${tests.length === 1 ? 'test' : 'tests'} for ${target}: green ${greenRuns} times, ${killed} of ${mutants} mutants of ${mutated} make them fail.`,
        next: [],
      };
    }
    const why = redactor.redact(tried.why).text;
    talk.note(why.split('\n')[0] ?? why);
    rejected.push({ what: `attempt ${round}`, why });
    messages = testsAgain(messages, usable ? reply.text : '', `Your tests were not kept: ${why.slice(0, 3_000)}`);
  }
  return {
    ...sofar(),
    status: 'not_written',
    summary: `No tests were kept: ${rejected.at(-1)?.why.split('\n')[0]?.replace(/\.$/, '')}.`,
    next: ['Try a stronger variant or more attempts.'],
  };
}
