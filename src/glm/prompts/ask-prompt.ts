import { fence } from '../../safety/text.ts';
import type { Message } from '../../schema/model.ts';
import { dataRule, languageName } from './prompt-parts.ts';

const system = `You answer questions about a repository or a set of documents. You get the parts that bear on the question; every line is preceded by its number and "| ".

${dataRule}

How to answer:
- Say what the files show, and where: put the place behind each statement as path:line or path:from-to, for example src/price.ts:12-14.
- What the files do not show, you say so. You do not guess.
- Be brief, and call no tools.

End with this section, one line for each place that you named, with the exact text of its first line:

## Sources
src/price.ts:12 | export function total(items: Item[]): number {`;

const plain = 'You answer questions. Be brief, say what you do not know, and call no tools.';

export type AskQuestion = { readonly question: string; readonly language?: string | undefined };

/** Rules, what was packed, the question last: the beginning stays the same between questions, hence cached. */
export function askMessages(packed: string, { question, language }: AskQuestion): readonly Message[] {
  const asked = `${question.trim()}\n\nAnswer in ${languageName(language)}.`;
  if (packed === '')
    return [
      { role: 'system', content: plain },
      { role: 'user', content: asked },
    ];
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${packed.trimEnd()}\n\n${asked} Keep the heading "## Sources" as it is.` },
  ];
}

/** One part of what is too long for one request: the same rules, and notes in place of an answer. */
export function partMessages(
  packed: string,
  { question, number, of }: AskQuestion & { readonly number: number; readonly of: number },
): readonly Message[] {
  const asked = `This is part ${number} of ${of}. The others are read by themselves, and what you note is put together with what is noted there.

The question: ${question.trim()}

Do not answer it yet: note down all that this part holds on it, each with its path:line, and end with "## Sources" as told. When the part holds nothing on it, answer only: Nothing.`;
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${packed.trimEnd()}\n\n${asked}` },
  ];
}

/** The answer from the notes on all parts; with `more`, shorter notes from some of them. */
export function joinMessages(
  notes: readonly string[],
  { question, language, more }: AskQuestion & { readonly more?: boolean | undefined },
): readonly Message[] {
  const shown = notes.map((note, at) => fence(`notes ${at + 1}`, note)).join('\n\n') || 'No part held anything on the question.';
  const task = more
    ? 'Put them together to fewer notes on the same question; leave out what does not bear on it.'
    : `Answer the question from them, in ${languageName(language)}.`;
  return [
    { role: 'system', content: system },
    {
      role: 'user',
      content: `${shown}\n\nThese notes were made of what was too long to be read at once.\n\nThe question: ${question.trim()}\n\n${task} Take over places and quotes as they stand, and keep the heading "## Sources" as it is.`,
    },
  ];
}

/** What a further question needs to know where the rules before were those of another use, such as a fix. */
const onward =
  'This is a further question on what you were given above. Whatever form was asked for before, answer it in prose now, and write no edits. Put the place behind each statement as path:line. End with the section "## Sources": one line for each place, as path:line | the exact text of that line.';

/**
 * A further question after an exchange, whose messages stay byte for byte, so that gateways read them from their cache. `bare`: there are
 * no files to cite.
 */
export function askOnMessages(
  before: { readonly messages: readonly Message[]; readonly reply: string },
  { question, language, bare }: AskQuestion & { readonly bare: boolean },
): readonly Message[] {
  const asked = `${question.trim()}\n\nAnswer in ${languageName(language)}.`;
  return [
    ...before.messages,
    { role: 'assistant', content: before.reply },
    { role: 'user', content: bare ? asked : `${onward}\n\n${asked} Keep the heading "## Sources" as it is.` },
  ];
}
