import { unescapeEntities } from '../read/unwrap.ts';
import { plainText, unseenChars, wideChars } from './text.ts';

export type Problem = { readonly rule: string; readonly message: string };

/** Added lines that stand together, between two lines that stay. */
export type Run = { readonly above: string; readonly lines: readonly string[]; readonly below: string };

/** What an edit adds to a file and takes away, with the file's own text and the line (from 0) where the edit stands. */
export type Addition = {
  readonly runs: readonly Run[];
  readonly removed: readonly string[];
  readonly file: readonly string[];
  readonly path: string;
  readonly at: number;
  /** The edit shows lines that stay, as they stand in the file. */
  readonly anchored: boolean;
};

/** What was copied along with the text, or changed on its way: line numbers, diff signs, our own marks, escapes, quotes of a typesetter. */
export function noise(it: Addition): Problem | undefined {
  const said = it.runs.flatMap(({ lines }) => lines).filter((line) => line.trim() !== '');
  if (said.length === 0) return undefined;
  return packMarks(it, said) ?? lineNumbers(it, said) ?? diffSigns(it, said) ?? mangled(it, said) ?? strangeChars(it, said);
}

const fail = (rule: string, message: string): Problem => ({ rule, message });
const show = (line: string) => JSON.stringify(line.trim().slice(0, 80));

/** The headings and fences under which files are shown to the model. */
function packMarks({ file }: Addition, said: readonly string[]): Problem | undefined {
  const mark = said.find((line) => /^(?:@@ (?:lines \d+-\d+|not shown) @@|<<<[0-9a-f]{12} \S.*|[0-9a-f]{12}>>>)$/.test(line.trim()));
  return mark === undefined || file.includes(mark) ? undefined : fail('pack_marks', `${show(mark)} is no part of the file.`);
}

const numbered = /^\s*\[?L?(\d{1,6})\]?(?: ?[|:→\t]|(?= ))/;

/** `12| code`: numbers that rise from line to line near where the text stands. A single one must be as near as can be. */
function lineNumbers({ removed, file, at }: Addition, said: readonly string[]): Problem | undefined {
  const old = new Set(removed.map((line) => line.trim()));
  const copied = said.find((line) => {
    const [, number, rest = ''] = /^\s*\[?L?(\d{1,6})\]?(?: ?[|:→\t])(.*)$/.exec(line) ?? [];
    return number !== undefined && Math.abs(Number(number) - at - 1) <= 40 && old.has(rest.trim()) && !old.has(line.trim());
  });
  if (copied !== undefined) return fail('line_numbers', `${show(copied)} begins with a line number: write the text without it.`);
  const numbers = said.map((line) => Number(numbered.exec(line)?.[1] ?? Number.NaN));
  const rising = numbers.every((number, place) => number > (numbers[place - 1] ?? -1));
  const [first = Number.NaN] = numbers;
  const [top = ''] = said;
  // Keys of a table are indented, and rarely stand in the line that has their number.
  const sure = /^\s*L?\d+ ?[|→\t]/.test(top) || (said.length > 1 && /^\[?L?\d/.test(top));
  const bare = /^\s*\d+ +[^|]/.test(top) && said.length === 1;
  if (!rising || bare || !(Math.abs(first - at - 1) <= (sure ? 40 : 3))) return undefined;
  if (file.slice(Math.max(0, at - 3), at + 4).filter((line) => numbered.test(line)).length > 1) return undefined;
  return fail('line_numbers', `${show(said[0] ?? '')} begins with a line number: write the text without it.`);
}

function diffSigns({ removed, file }: Addition, said: readonly string[]): Problem | undefined {
  const old = new Set(removed.map((line) => line.trimEnd()));
  const doubled = said.every((line) => line.startsWith('+')) && !file.some((line) => line.startsWith('+'));
  const shown = said.every((line) => /^[-+ ]/.test(line)) && said.some((line) => /^[-+]/.test(line));
  const copied = said.filter((line) => !line.startsWith('+'));
  if (doubled || (shown && copied.length > 0 && copied.every((line) => old.has(line.slice(1).trimEnd()))))
    return fail('diff_signs', `${show(said[0] ?? '')} still has the sign of a diff: write the text as it has to stand in the file.`);
  return undefined;
}

const markup = /\.(?:md|mdx|markdown|rst|txt|html?|xhtml|xml|svg|vue|svelte|astro|[jt]sx|hbs|ejs|njk|jinja2?|tmpl|po)$/i;
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
  for (const [place, repair] of repairs.entries()) {
    const same = said.filter((line) => !old.has(line.trim()) && old.has(repair(line).trim()) && !isQuoteRepair(line, removed));
    if (same.length > (markup.test(path) || place === undoubling ? 1 : 0))
      return fail('mangled', `${show(same[0] ?? '')} differs from the line in the file by its escapes or quotes alone.`);
  }
  return undefined;
}

/** Inside a string, an entity or a quote can be the very repair. */
function isQuoteRepair(line: string, removed: readonly string[]): boolean {
  const outside = withoutText(line);
  return removed.some((old) => withoutText(old) === outside) && /["'`]/.test(line);
}

/** Code without what stands in its strings, patterns and comments. */
function withoutText(line: string): string {
  return line
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""')
    .replace(/\/(?![*/\s])(?:[^/\\]|\\.)+\/[dgimsuvy]*/g, '""')
    .replace(/(?:^|\s)(?:\/\/|#).*$|^\s*(?:\*|\/\*|<!--).*$/g, '');
}

const entities = /&(?:lt|gt|amp|quot|apos|nbsp|#\d+|#x[0-9a-f]+);/gi;
const signs: Readonly<Record<string, RegExp>> = { '&quot;': /"/, '&apos;': /'/ };
const unescaped = /[<>]|&(?!\w+;|#)/;
const ownEntity = /(["'`/])(?:(?!\1).)*(?:<\/?[a-z!]|^&|\1&\w+;\1)(?:(?!\1).)*\1|(["'`])(?:&#?\w+;)+\2|\/&\w+;\/[gimsuy]*/gi;

const quoteMarks = /[\u2018\u2019\u201c\u201d]/;
/** Typographic quotes where only straight ones make sense: beside one, around a whole item, behind a sign. */
const asQuotes = /["'][\u2018-\u201d]|[\u2018-\u201d]["']|^\s*[\u2018\u201c].*[\u2019\u201d][,;:)\]}]+\s*$|[\w\s][=:(]\s*[\u2018\u201c]/;
const codeSigns = /[(){}[\];=<>]|^\s*(?:import|from|return|const|let|var|def|class|if|for)\b/;

/** Characters that the file has nowhere, where they cannot be text. */
function strangeChars({ file, path }: Addition, said: readonly string[]): Problem | undefined {
  const all = file.join('\n');
  const text = markup.test(path);
  const unseen = unseenChars.test(all) || (text && file.length === 0) ? undefined : said.find((line) => unseenChars.test(line));
  if (unseen !== undefined) return fail('typographic', `${show(unseen)} holds a character that cannot be seen, and the file has none.`);
  const wide = !wideChars.test(all);
  const quotes = !quoteMarks.test(all);
  const escapes = !/\\["']/.test(all);
  const odd = said.find((line) => {
    const code = withoutText(line);
    if (wide && (text ? file.length > 0 && /\w[\uff01-\uff5e]/.test(line) : codeSigns.test(code) && wideChars.test(code))) return true;
    if (quotes && (asQuotes.test(code) || (!text && codeSigns.test(code) && quoteMarks.test(code)))) return true;
    return !text && escapes && (/^[^"'`/#*\\]*\\["'_*]/.test(code) || /^\s*(?:\*|\/\/|#).*\\["']/.test(line));
  });
  if (odd !== undefined) return fail('typographic', `${show(odd)} holds quotes, brackets or escapes that are no code here.`);
  // What is escaped on its way is escaped everywhere: a new file that holds the sign itself as well means its entities.
  const meant = (entity: string) => file.length === 0 && (signs[entity.toLowerCase()] ?? unescaped).test(said.join('\n'));
  const escaped = text
    ? undefined
    : said.find((line) => (line.replace(ownEntity, '""').match(entities) ?? []).some((one) => !all.includes(one) && !meant(one)));
  return escaped === undefined ? undefined : fail('mangled', `${show(escaped)} holds HTML entities that the file has nowhere.`);
}
