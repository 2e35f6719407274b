import { unescapeEntities } from '../read/unwrap.ts';
import type { Addition, Problem } from './addition.ts';
import { factsOf } from './facts.ts';
import { likeness, plainText } from './text.ts';

/** What was plainly copied along with the text, or changed on its way: line numbers, diff signs, our own marks, escapes. */
export function copied(it: Addition): Problem | undefined {
  const said = it.runs.flatMap(({ lines }) => lines).filter((line) => line.trim() !== '');
  if (said.length === 0) return undefined;
  return packMarks(it, said) ?? lineNumbers(it, said) ?? diffSigns(it, said) ?? mangled(it, said);
}

const fail = (rule: string, message: string): Problem => ({ rule, message });
const show = (line: string) => JSON.stringify(line.trim().slice(0, 80));

/** The headings and fences under which files are shown to the model. */
function packMarks({ file }: Addition, said: readonly string[]): Problem | undefined {
  const mark = said.find((line) => /^(?:@@ (?:lines \d+-\d+|not shown) @@|<<<[0-9a-f]{12} \S.*|[0-9a-f]{12}>>>)$/.test(line.trim()));
  return mark === undefined || factsOf(file).trimmed.has(mark.trim())
    ? undefined
    : fail('pack_marks', `${show(mark)} is no part of the file.`);
}

const numbered = /^\s*\[?L?(\d{1,6})\]?(?: ?[|:→\t]|(?= ))/;

/**
 * `12| code`: numbers that rise from line to line near where the text stands, in front of text that stands there too or is much like it.
 */
function lineNumbers({ removed, file, at }: Addition, said: readonly string[]): Problem | undefined {
  const old = new Set(removed.map((line) => line.trim()));
  const numbers = said.map((line) => Number(numbered.exec(line)?.[1] ?? Number.NaN));
  const rising = numbers.every((number, place) => number > (numbers[place - 1] ?? -1) && Math.abs(number - at - 1) <= 40 + said.length);
  const wrong = said.find((line) => {
    const [, number, rest = ''] = /^\s*\[?L?(\d{1,6})\]?(?: ?[|:→\t])(.*)$/.exec(line) ?? [];
    if (number === undefined || Math.abs(Number(number) - at - 1) > 40 || old.has(line.trim())) return false;
    return old.has(rest.trim()) || (rising && isAlike(rest, removed));
  });
  if (wrong !== undefined) return fail('line_numbers', `${show(wrong)} begins with a line number: write the text without it.`);
  const [first = Number.NaN] = numbers;
  // Without a file to compare with, numbers that count every line from the first are those of a listing.
  const listing = said.length > 2 && numbers.every((number, place) => number === first + place) && /^\s*L?\d+ ?[|→\t]/.test(said[0] ?? '');
  const usual = file.slice(Math.max(0, at - 3), at + 4).filter((line) => numbered.test(line)).length > 1;
  if (!listing || usual) return undefined;
  return fail('line_numbers', `${show(said[0] ?? '')} begins with a line number: write the text without it.`);
}

const mostCompared = 60;
const alike = 0.6;

/** Is a line much like one of those that it may stand for? */
function isAlike(line: string, removed: readonly string[]): boolean {
  return line.trim().length > 5 && removed.slice(0, mostCompared).some((old) => old.trim().length > 5 && likeness(old, line) > alike);
}

/** The signs of a diff in front of lines that stand there without them, or of each that is added. */
function diffSigns({ removed, file }: Addition, said: readonly string[]): Problem | undefined {
  const old = new Set(removed.map((line) => line.trimEnd()));
  const plus = said.every((line) => line.startsWith('+')) && !file.some((line) => line.startsWith('+'));
  const doubled = plus && said.some((line) => isAlike(line.slice(1), removed));
  const shown = said.every((line) => /^[-+ ]/.test(line)) && said.some((line) => /^[-+]/.test(line));
  const copies = said.filter((line) => !line.startsWith('+') && line.trim().length > 2);
  // Moved by one blank, down to the lines that stood at the margin: the sign of a line that stays.
  const blank = said.length > 1 && said.every((line) => line.startsWith(' ') && old.has(line.slice(1).trimEnd()));
  const margin = blank && said.some((line) => /^\s\S/.test(line));
  if (doubled || margin || (shown && copies.length > 0 && copies.every((line) => old.has(line.slice(1).trimEnd()))))
    return fail('diff_signs', `${show(said[0] ?? '')} still has the sign of a diff: write the text as it has to stand in the file.`);
  return undefined;
}

const markup = /\.(?:md|mdx|markdown|rst|txt|html?|xhtml|xml|svg|vue|svelte|astro|[jt]sx|hbs|ejs|njk|jinja2?|tmpl|po)$/i;
export function isMarkup(path: string): boolean {
  return markup.test(path);
}

const repairs: readonly ((line: string) => string)[] = [
  unescapeEntities,
  plainText,
  (line) => line.replace(/\\(["'`_*])/g, '$1'),
  (line) => line.replaceAll('\\\\', '\\'),
  (line) => line.replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)),
];

/** A doubled backslash is often the repair itself. */
const undoubling = 3;

/** A line that is there already, but for escapes or quotes: one is enough in code, outside of it somebody may have meant them. */
function mangled({ removed, path }: Addition, said: readonly string[]): Problem | undefined {
  const old = new Set(removed.filter((line) => line.trim().length > 2).map((line) => line.trim()));
  if (old.size === 0) return undefined;
  const fresh = said.filter((line) => !old.has(line.trim()));
  for (const [place, repair] of repairs.entries()) {
    const same = fresh.filter((line) => {
      const repaired = repair(line);
      return repaired !== line && old.has(repaired.trim()) && !isQuoteRepair(line, removed);
    });
    if (same.length > (isMarkup(path) || place === undoubling ? 1 : 0))
      return fail('mangled', `${show(same[0] ?? '')} differs from the line in the file by its escapes or quotes alone.`);
  }
  return undefined;
}

/** Inside a string, an entity or a quote can be the very repair. */
function isQuoteRepair(line: string, removed: readonly string[]): boolean {
  const outside = withoutText(line);
  return /["'`]/.test(line) && removed.slice(0, 4 * mostCompared).some((old) => withoutText(old) === outside);
}

/** Code without what stands in its strings, patterns and comments. */
export function withoutText(line: string): string {
  return line
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""')
    .replace(/\/(?![*/\s])(?:[^/\\]|\\.)+\/[dgimsuvy]*/g, '""')
    .replace(/(?:^|\s)(?:\/\/|#).*$|^\s*(?:\*|\/\*|<!--).*$/g, '');
}
