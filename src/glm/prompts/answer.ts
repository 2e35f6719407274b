import type { Answer, RootCause } from '../../schema/model.ts';
import { proseMask, visibleText } from './markup.ts';

const heading =
  /^\s*(?:#{1,6}\s*|\*\*\s*)?(?:\d+[.)]\s*)?(root[\s-]*cause|cause|diagnosis|analysis|explanation|edits?|patch|fix|changes?|solution)\b[^\n]*$/i;
const causeWord = /^(root[\s-]*cause|cause|diagnosis|analysis|explanation)$/i;
const need = /^\s*(?:[-*]\s+)?`?NEED:?\s+`?([^\s`]+)`?\s*$/;
const where = /^[\s*_`>-]*(?:where|location|file)[*_`]*\s*:([^\n]*)$/im;
const place = /^([^\s:#,;]+)(?:(?:[:#]\s*|,?\s+\(?)(?:L|lines?\s*)?(\d+)(?:\s*[-–]\s*L?(\d+))?)?/i;
/** A line that holds a place and a word before it, whatever the language of the word. */
const placeLine = /^[\s*_`>-]*[\p{L}\p{M} ]{1,24}[*_`]*\s*[:：][*_`\s]*([\w@./+()[\]-]+\.\w{1,8}:\d+(?:\s*[-–]\s*\d+)?)[*_`\s.]*$/imu;
/** A heading of its own line, in a language that is not looked for by words. */
const foreignHeading = /^\s*(?:#{1,6}\s+\S.{0,60}|\*\*[^*]{1,60}\*\*:?)\s*$/;
const placeInProse = /([\w@./+()[\]-]+\.\w{1,8}:\d+(?:\s*[-–]\s*\d+)?)/;
/** A place as a link, whose text may be other words. */
const link = /^\[([^\]]*)\]\(([^)\s]+)\)[.\s]*$/;
const edit = /^(<{5,}\s*SEARCH|@@ |diff --git |--- |\*\*\* |`{3,}|~{3,}|[`*\s]*(DELETE|RENAME)\s)/m;

/**
 * Reads a reply as it came: root cause, the text in which edits stand, and files asked for. Tolerant in headings, fences and order;
 * thoughts that a server let through are left out. What it cannot find is absent, never guessed.
 */
export function readAnswer(text: string): Answer {
  const visible = unwrap(visibleText(text.replaceAll('\r\n', '\n')));
  const mask = proseMask(visible).split('\n');
  const lines = visible.split('\n');
  const sections = findSections(mask);
  const cause = sections.find(({ name }) => causeWord.test(name));
  const edits = sections.find(({ name, line }) => !causeWord.test(name) && line > (cause?.line ?? -1));
  const causeText = cause ? lines.slice(cause.line, edits?.line).join('\n') : proseBefore(lines, mask, edits?.line);
  return {
    rootCause: readRootCause(causeText, cause !== undefined),
    editsText: editsOf(lines, edits?.line),
    needs: [...new Set(mask.flatMap((line, at) => need.exec(line.trim() === '' ? '' : (lines[at] ?? ''))?.[1] ?? []))],
  };
}

/** The heading, which may count the edits, and what stands below it; all of the text where no edit stands there. */
function editsOf(lines: readonly string[], heading: number | undefined): string {
  const below = heading === undefined ? '' : lines.slice(heading + 1).join('\n');
  return edit.test(below) ? `${lines[heading ?? 0]}\n${below}` : lines.join('\n');
}

/** A whole answer in one fence is the answer. */
function unwrap(text: string): string {
  const found = /^\s*(`{3,}|~{3,})(?:markdown|md|text)?[ \t]*\n([\s\S]*)\n\1\s*$/.exec(text);
  return found?.[2] !== undefined && /^\s*#{1,6}\s*root/im.test(found[2]) ? found[2] : text;
}

type Section = { readonly name: string; readonly line: number };

function findSections(mask: readonly string[]): readonly Section[] {
  return mask.flatMap((line, at) => {
    const marked = /^\s*(#{1,6}\s|\*\*)/.test(line) || /^\s*[\w\s-]{3,20}:?\s*$/.test(line) || /^\s*root[\s-]*cause\s*:/i.test(line);
    const name = marked ? heading.exec(line)?.[1] : undefined;
    return name ? [{ name: name.trim(), line: at }] : [];
  });
}

/** Without a heading, the prose before the first block. */
function proseBefore(lines: readonly string[], mask: readonly string[], end: number | undefined): string {
  const block = mask.findIndex((line, at) => line.trim() === '' && (lines[at] ?? '').trim() !== '');
  const stop = Math.min(end ?? lines.length, block < 0 ? lines.length : block);
  const before = lines.slice(0, stop);
  // The line before a block is its path.
  if (block >= 0 && stop === block && /^[\s`*]*[\w@./+-]+[\s`*:]*$/.test(before.at(-1) ?? '')) before.pop();
  return before.join('\n');
}

function readRootCause(text: string, headed: boolean): RootCause | undefined {
  const lines = text.split('\n').filter((line) => !need.test(line) && (headed || !foreignHeading.test(line)));
  const first = headed ? afterHeading(lines.shift() ?? '') : '';
  const body = [first, ...lines].join('\n').trim();
  const spot = where.exec(body)?.[1] ?? placeLine.exec(body)?.[1] ?? placeInProse.exec(body.slice(0, 20_000))?.[1];
  const bare = spot?.replace(/[*`]/g, '').trim() ?? '';
  const said = place.exec(bare.replace(link, (_, text: string, to: string) => (/[:#]L?\d/.test(text) ? text : to)));
  const why = body
    .split('\n')
    .filter((line) => !where.test(line) && !placeLine.test(line))
    .join('\n')
    .trim();
  if (why === '' && !said) return undefined;
  const startLine = said?.[2] === undefined ? undefined : Number(said[2]);
  const endLine = said?.[3] === undefined ? startLine : Number(said[3]);
  const file = said?.[1]?.replace(/^\.\//, '').replace(/[.:]+$/, '');
  return {
    summary: firstSentence(why) || `The fault is in ${file ?? 'the code'}.`,
    ...(file && { file }),
    ...(startLine !== undefined && { startLine }),
    ...(endLine !== undefined && { endLine }),
    why,
  };
}

/** What stands on the line of the heading itself: "Root cause: the total ignores the count". */
function afterHeading(line: string): string {
  return /:\**\s*(\S.*)$/.exec(line)?.[1] ?? '';
}

function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const end = /[.!?](?=\s|$)|[。！？]/.exec(line);
  const sentence = end && end.index < 300 ? line.slice(0, end.index + 1) : line;
  return sentence.length > 300 ? `${sentence.slice(0, 299)}…` : sentence;
}
