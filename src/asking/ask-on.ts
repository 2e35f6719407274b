import { createHash } from 'node:crypto';
import { numbered } from '../context/pack/pack-question.ts';
import { GlmError } from '../errors.ts';
import { askOnMessages } from '../glm/prompts/ask-prompt.ts';
import type { Manifest, Suspect } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import { type AskInput, defaults } from '../schema/input.ts';
import type { Message, Recalled } from '../schema/model.ts';
import type { Redactor } from '../schema/redactor.ts';
import { countTokens } from '../tokens/tokens.ts';
import type { Part } from './cut-parts.ts';

/** What is sent for a question, and where it came from. `bare`: no files are in it, so there is nothing to cite. */
export type Asked = {
  readonly messages: readonly Message[];
  readonly manifest: Manifest;
  readonly suspects?: readonly Suspect[] | undefined;
  readonly bare: boolean;
  readonly warnings: readonly string[];
  /** What is sent in several requests instead, because it is too long for one. */
  readonly parts?: readonly Part[] | undefined;
  /** The variant and the tokens of an earlier request that is sent again. */
  readonly before?: { readonly variant: string; readonly tokens: number } | undefined;
};

/** A further question after an earlier job: what that one sent, its reply, and the question. Nothing is packed anew. */
export async function askOn(input: AskInput & { continue: string }, redactor: Redactor, { recall }: Deps): Promise<Asked> {
  const idle = (['files', 'glob', 'chat'] as const).find((name) => input[name] !== undefined);
  if (idle)
    throw new GlmError('bad_input', `With continue, what job ${input.continue} sent is sent again, so ${idle} can change nothing.`, {
      hint: `Leave out ${idle}, or leave out continue.`,
    });
  if (!recall) throw new GlmError('no_job', 'No jobs are kept here, so there is none to continue.');
  const recalled = await recall(input.continue);
  const further = input.text ? `stdin\n${numbered(input.text)}\n\n${input.question}` : input.question;
  const bare = (recalled.manifest?.entries.length ?? 0) === 0;
  const messages = askOnMessages(recalled, { question: redactor.redact(further).text, language: input.language, bare });
  return {
    messages,
    manifest: manifestOf(recalled, messages, input.continue),
    bare,
    warnings: recalled.changed
      ? [`files have changed since job ${input.continue} packed them: the answer speaks of them as they were`]
      : [],
    before: { variant: recalled.variant, tokens: countTokens(joined(recalled.messages)) },
  };
}

/** The manifest of what was packed at first, and one entry for all that was said since. */
function manifestOf({ manifest, messages: sent, reply }: Recalled, messages: readonly Message[], job: string): Manifest {
  const said = joined([...sent.slice(2), { role: 'assistant', content: reply }]);
  const tokens = countTokens(said);
  const empty: Manifest = {
    version: 1,
    budgetTokens: defaults.budgetTokens,
    tokens: 0,
    redactions: 0,
    bundle: '',
    entries: [],
    leftOut: [],
    leftOutCount: 0,
  };
  const packed = manifest ?? empty;
  const talk = {
    path: 'earlier answers',
    startLine: 1,
    endLine: said.split('\n').length,
    form: 'whole' as const,
    reason: `what was said up to the end of job ${job}`,
    tokens,
    sha256: sha256(said),
  };
  const files = packed.entries.filter(({ path }) => path !== talk.path);
  const packedTokens = files.reduce((sum, one) => sum + one.tokens, 0);
  return { ...packed, tokens: packedTokens + tokens, bundle: sha256(joined(messages)), entries: [...files, talk] };
}

function joined(messages: readonly Message[]): string {
  return messages.map(({ content }) => content).join('\n\n');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
