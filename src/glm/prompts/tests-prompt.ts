import type { Message } from '../../schema/model.ts';
import { editRules } from './prompt.ts';
import { dataRule, languageName } from './prompt-parts.ts';

const system = `You write tests. You get a file, the tests nearest to it, and what else bears on it. Write tests that say what the file does today, so that whoever breaks it finds out.

${dataRule}

What makes good tests:
- They use the runner, the helpers, the file names and the style of the tests that are shown, and nothing that is not installed.
- They run the parts that no test runs yet, and each fails when the behaviour that it names changes: exact results, bounds on both sides, errors with their kind.
- They do not depend on time, network, order or each other, skip nothing, and copy no code of the file.
- They stand in a new test file beside the nearest ones, or are added to an existing one. Nothing else is changed, the tested file least of all, and no line of an existing test is taken away.

They are run three times, and then against the file with small faults put into it: what notices none of them is thrown away.

Answer in plain text and call no tools: one paragraph on what is tested, then the heading "## Edits" and the edit blocks. Numbers before lines are no part of the file.

${editRules}`;

export type TestsQuestion = {
  readonly target: string;
  readonly command: readonly string[];
  /** Lines that the tests are for, as ranges: a change left them without one. */
  readonly wanted?: string | undefined;
  /** Lines that no test runs yet, as ranges. */
  readonly unreached?: string | undefined;
  readonly language?: string | undefined;
};

export function testsMessages(packed: string, { target, command, wanted, unreached, language }: TestsQuestion): readonly Message[] {
  const asked = [
    wanted ? `Write tests that run these lines of ${target}: ${wanted}.` : `Write tests for ${target}.`,
    ...(unreached && !wanted ? [`No test runs these lines yet: ${unreached}.`] : []),
    `The tests are run with: ${command.join(' ')}`,
    `Write the paragraph in ${languageName(language)}. Keep the heading "## Edits" and the markers of the blocks as they are.`,
  ];
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${packed.trimEnd()}\n\n${asked.join('\n\n')}` },
  ];
}

/** The next round. The beginning stays as it was, hence stays cached. */
export function testsAgain(previous: readonly Message[], replyText: string, feedback: string): readonly Message[] {
  const answered = replyText.trim() === '' ? [] : [{ role: 'assistant', content: replyText } as const];
  return [
    ...previous,
    ...answered,
    {
      role: 'user',
      content: `${feedback.trim()}\n\nAnswer again in the same form, with complete blocks, counted from the repository as it was given.`,
    },
  ];
}
