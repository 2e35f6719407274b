/** A slash command in clients that have them. Arguments are optional strings. */
export type Prompt = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly text: (given: Readonly<Record<string, string | undefined>>) => string;
};

const root = { name: 'root', description: 'repository folder' };
const test = { name: 'test', description: 'only tests whose name contains this' };

function call(tool: string, given: Readonly<Record<string, string | undefined>>): string {
  const words = Object.entries(given).flatMap(([name, value]) => (value ? [`${name} ${JSON.stringify(value)}`] : []));
  return `Call the ${tool} tool of the glm server${words.length > 0 ? ` with ${words.join(', ')}` : ''}.`;
}

export const prompts: readonly Prompt[] = [
  {
    name: 'fix-failing-test',
    title: 'Fix the failing test',
    description: 'Find the failing test, get a proven patch from GLM, and apply it after a look.',
    arguments: [root, test],
    text: ({ test: name, ...given }) =>
      `${call('fix_failing_test', given)}${name ? ` Take up the test ${JSON.stringify(name)} (argument test, a list).` : ''} If the status is running, wait with get_job. Read the root cause, the patch and the proof to me. Apply it with apply_patch only if the status is verified and I agree. With status needs_key, find the fault yourself from the suspects and the context file, and run the tests again.`,
  },
  {
    name: 'diagnose',
    title: 'Explain the failing test',
    description: 'Find the failing test and explain its root cause, without a patch.',
    arguments: [root, test],
    text: ({ test: name, ...given }) =>
      `${call('diagnose_failure', given)}${name ? ` Take up the test ${JSON.stringify(name)} (argument test, a list).` : ''} Explain the root cause with file and lines, and say how sure the evidence makes you.`,
  },
  {
    name: 'ask',
    title: 'Ask about the repository',
    description: 'Answer a question with places that are checked.',
    arguments: [{ name: 'question', description: 'what you want to know' }, root],
    text: (given) => `${call('ask_repo', given)} Read the answer to me, and say which of its citations do not hold.`,
  },
  {
    name: 'review-changes',
    title: 'Review my changes',
    description: 'Review the diff; suggested edits are tried against the tests.',
    arguments: [root, { name: 'since', description: 'branch or commit to compare with' }],
    text: (given) =>
      `${call('review_changes', given)} If the status is running, wait with get_job. Read the findings to me, the gravest first, and say which suggested edits are proven. Change nothing before I agree.`,
  },
  {
    name: 'write-tests',
    title: 'Write tests for a file',
    description: 'Write tests that notice when the file is broken.',
    arguments: [{ name: 'file', description: 'file to test' }, root],
    text: (given) =>
      `${call('write_tests', given)} If the status is running, wait with get_job. Show me the tests and how many mutants they notice. Apply them with apply_patch and the job id only if the status is written and I agree.`,
  },
];
