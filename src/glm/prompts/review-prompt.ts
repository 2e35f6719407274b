import type { Message } from '../../schema/model.ts';
import { editRules } from './prompt.ts';
import { dataRule, languageName } from './prompt-parts.ts';

const system = `You review a change to a repository. You get the diff, with line numbers, and the definitions that it calls or that use it. Find what is wrong with the change: faults first, then risks, then what a maintainer would regret. Praise and restatement are no findings.

${dataRule}

Answer in plain text, call no tools, and write each finding in this form:

## Finding
Severity: critical | major | minor | note
Where: path/of/the/file.ts:from-to
Why: what goes wrong, when, and for whom, in a few sentences.

Rules:
- "Where" names changed lines of the diff, by the numbers that stand before them. For lines that were removed, which bear the numbers of the old file, write path:from-to (old). What lies outside the diff is no finding.
- Where you can mend it, put the edit blocks right below the finding. They are tried against the tests; the numbers before the lines are no part of the file.
- When nothing is wrong, answer only: No findings.

${editRules}`;

const refactor = `Suggest refactorings of the changed code too, each as a finding with "Severity: refactoring" and its edit blocks. They must keep the behaviour: the tests are run on each.`;

export type ReviewQuestion = { readonly language?: string | undefined; readonly refactor?: boolean | undefined };

export function reviewMessages(packed: string, { language, refactor: wanted }: ReviewQuestion): readonly Message[] {
  const asked = [
    'Review the change that is shown above as "diff".',
    wanted ? refactor : '',
    `Write the text after "Why:" in ${languageName(language)}. Keep headings, field names and the markers of the blocks as they are.`,
  ];
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${packed.trimEnd()}\n\n${asked.filter((part) => part !== '').join('\n\n')}` },
  ];
}
