import { fstatSync } from 'node:fs';
import { GlmError } from '../errors.ts';
import { AskInput } from '../schema/input.ts';
import { verbs } from '../verbs.ts';
import { type Command, command } from './command.ts';
import { rootFlag } from './flags.ts';
import { reportOutcome, runJob } from './verbs.ts';

const maxPipedBytes = 4_000_000;
const pipeWaitMs = 2_000;

/** The verbs beside the main one, whose positionals are not a folder. */
export const useCommands: readonly Command[] = [
  command({
    name: 'ask',
    summary: 'ask GLM about a repository or a folder of documents; every place that the answer cites is checked',
    arguments: 'QUESTION',
    input: AskInput.extend({ root: rootFlag, question: AskInput.shape.question.optional() }),
    examples: [
      'glm-skill ask "where is the session renewed?"',
      'git log -20 | glm-skill ask "what changed?" --chat',
      'glm-skill ask "what is the notice period?" --root ../contracts --glob "**/*.md"',
    ],
    run: async (call) => {
      const question = call.input.question ?? call.positionals.join(' ');
      if (question.trim() === '')
        throw new GlmError('bad_input', 'ask: what is the question?', { hint: 'glm-skill ask "where is the session renewed?"' });
      const text = call.input.text ?? (await readPiped());
      const input = { ...call.input, question, ...(text && { text }) };
      return reportOutcome(await runJob(verbs.ask, call.input.root ?? process.cwd(), { ...call, input }));
    },
  }),
];

/** What a pipe or a file brings on stdin. A pipe in which nothing comes is not waited for. */
async function readPiped(): Promise<string | undefined> {
  const kind = fstatSync(0);
  if (!kind.isFIFO() && !kind.isFile()) return undefined;
  const chunks: Buffer[] = [];
  const quiet = setTimeout(() => process.stdin.destroy(), pipeWaitMs);
  try {
    for await (const chunk of process.stdin) {
      clearTimeout(quiet);
      chunks.push(Buffer.from(chunk));
      if (chunks.reduce((sum, one) => sum + one.length, 0) > maxPipedBytes)
        throw new GlmError('bad_input', `More than ${maxPipedBytes / 1e6} MB came on stdin.`, {
          hint: 'Hand in a file of the root with --files.',
        });
    }
  } catch (error) {
    if (error instanceof GlmError) throw error;
  } finally {
    clearTimeout(quiet);
  }
  return Buffer.concat(chunks).toString() || undefined;
}
