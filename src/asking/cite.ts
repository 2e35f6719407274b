import { openKnown } from '../patch/read/known-paths.ts';
import type { ReadText } from '../schema/context.ts';
import type { Citation } from '../schema/report.ts';
import { closing, type PageOf, pagePattern, pagesOf, spellOut } from './spell-out.ts';

/** Whether all these lines of a file were shown to the model. */
export type WasSent = (path: string, startLine: number, endLine: number) => boolean;

export type Checked = { readonly text: string; readonly citations: readonly Citation[] };

type Named = { readonly path: string; readonly startLine: number; readonly endLine: number; readonly quote: string | undefined };

/** The path has an ending or a folder, so that times and ports are none. */
const usual =
  /(?<![\p{L}\p{N}_/.@:-])\/?(?:(?:(?:[\p{L}\p{N}_@.+-]|\\_|\[[\w.-]+\]|\([\w.-]+\))+[/\\])*(?:[\p{L}\p{N}_@.+-]|\\_)+\.[A-Za-z]\w{0,9}|(?:[\p{L}\p{N}_@.+-]+\/)+[\p{L}\p{N}_@.+-]+|(?:Make|Docker|Rake|Gem)file)/u;
/** `path:line`, `path:from-to`, `path#Lfrom-Lto`; of a file that is known also `path, line 3`, `path (lines 3-5)` and `path (L3)`. */
const linesPattern = /(?::L?|#L| \(L|,? \(?(?:at |on )?lines? )(\d{1,7})(?:\s?[-–]\s?L?(\d{1,7}))?(?![\w.]*\/)/u;
const placed = new RegExp(`\\S+${linesPattern.source}`, 'gu');
const mostOdd = 2_000;

/** What a place looks like among these files: names with blanks or in scripts without blanks are known by heart. */
function namesOf(paths: readonly string[]): string {
  const odd = paths.filter((path) => /[^\w@.+/-]/.test(path)).sort((a, b) => b.length - a.length);
  const known = odd.slice(0, mostOdd).flatMap((path) => spellings(path).map((one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')));
  return `(${[...known, usual.source].join('|')})`;
}

/** A name as it is, as a link writes it and as Markdown does. */
function spellings(path: string): string[] {
  const marked = path.replace(/[_*[\]()#~]/g, '\\$&');
  return [...new Set([path, encodeURI(path), path.split('/').map(encodeURIComponent).join('/'), marked])];
}

/** A line that can only be the heading of a section, whatever its language. */
const headingLine = /^\s*(?:#{1,6}\s|\*\*[^*]+\*\*:?\s*$|[^|`]{1,40}[:：]\s*$)/;
const quoteLine = /^\s*(?:[-*]|\d+[.)])?\s*[`*"]{0,3}([^`|]+?)[`*"]{0,3}(?::L?|#L)(\d{1,7})(?:\s?[-–]\s?L?(\d{1,7}))?`?\s*\|\s?(.*)$/;
const mark = ({ checked, why }: Citation) => (checked ? ` [does not hold: ${why}]` : ' [not checked: too little is quoted from there]');

/**
 * Checks every `path:line` of an answer against the files. What was quoted must stand there; a name in code quotes that stands elsewhere
 * in the file and not there is a wrong place. Those that do not hold are marked in the text. The list of quotes is taken off.
 */
export function checkCitations(
  answer: string,
  read: ReadText,
  paths: readonly string[] = [],
  wasSent: WasSent = () => true,
  pageOf: PageOf = () => undefined,
): Checked {
  const known = openKnown(paths);
  const full = (path: string) => known.named(path) ?? fullPath(path.trim().replace(/^\.\//, ''), read, paths);
  const names = namesOf(paths);
  const { body: said, quotes: found } = splitSources(answer);
  const pages = (path: string) => pagesOf(full(path), read, pageOf);
  const body = spellOut(said, names, { isFile: (path) => read(full(path)) !== undefined, pages });
  const quotes = found.map((one) => ({ ...one, path: full(one.path) }));
  const citations = new Map<string, Citation>();
  const check = (named: Named, sentence: string, told?: number): Citation => {
    const key = `${named.path}:${named.startLine}-${named.endLine}`;
    const quoted = quotes.flatMap(({ path, startLine, quote }) =>
      path === named.path && startLine === named.startLine && quote !== undefined ? [quote] : [],
    );
    // Of several quotes of one place each has to stand there.
    const each = (quoted.length > 0 ? quoted : [named.quote]).map((quote) => judge({ ...named, quote }, sentence, read));
    const judged = each.find(({ holds }) => !holds) ?? each[0] ?? judge(named, sentence, read);
    const unseen = (judged.holds || !judged.checked) && !wasSent(named.path, named.startLine, named.endLine);
    const page = pageOf(named.path, named.startLine);
    const said = unseen
      ? { ...judged, holds: false, checked: true, why: 'these lines were not sent, so the model cannot know them' }
      : judged;
    const elsewhere = said.holds && page !== undefined && told !== undefined && told !== page;
    const found = {
      ...said,
      ...(page !== undefined && { page }),
      ...(elsewhere && { holds: false, why: `this line is on page ${page}` }),
    };
    const before = citations.get(key);
    if (before === undefined || before.holds || (!before.checked && found.checked)) citations.set(key, found);
    return citations.get(key) ?? found;
  };
  const text = body.replace(
    new RegExp(`${names}${closing}${linesPattern.source}`, 'gu'),
    (all, path: string, from: string, to: string | undefined, at: number) => {
      // Words may stand behind a name that is no file.
      if (/ lines? \d[^:#]*$/.test(all) && read(full(path)) === undefined) return all;
      const startLine = Number(from);
      const named = { path: full(path), startLine, endLine: Number(to ?? from), quote: undefined };
      const told = new RegExp(`^${pagePattern.source}`, 'u').exec(body.slice(at + all.length))?.[1];
      const found = check(named, sentenceAt(body, at), told === undefined ? undefined : Number(told));
      const place = found.page === undefined ? all : `${all} (page ${found.page})`;
      return found.holds ? place : `${place}${mark(found)}`;
    },
  );
  const whole = text.replace(new RegExp(`${names}${closing}${pagePattern.source}`, 'gu'), (all, path: string, page: string) => {
    const most = pages(path)?.length;
    if (most === undefined || pages(path)?.[Number(page) - 1]) return all;
    const beyond: Citation = {
      path: full(path),
      startLine: 1,
      endLine: 1,
      page: Number(page),
      holds: false,
      checked: true,
      why: `the document has ${most} pages`,
    };
    citations.set(`${beyond.path} page ${page}`, beyond);
    return `${all}${mark(beyond)}`;
  });
  for (const quote of quotes)
    if (![...citations.values()].some(({ path, startLine }) => path === quote.path && startLine === quote.startLine)) check(quote, '');
  return { text: whole, citations: [...citations.values()] };
}

/** A file by a part of its path that no other file ends with; in scripts without blanks, words may stand right before a name. */
function fullPath(named: string, read: ReadText, paths: readonly string[]): string {
  if (read(named) !== undefined) return named;
  const glued = paths.find((path) => named.endsWith(path) && /[^\0-\x7f]$/.test(named.slice(0, -path.length)));
  if (glued !== undefined) return glued;
  const bare = named.replace(/^[^\0-\x7f]+(?=[\w.])/, '');
  const ends = paths.filter((path) => path === bare || path.endsWith(`/${bare}`));
  return (ends.length === 1 ? ends[0] : undefined) ?? named;
}

/** The list of quotes at the end, known by its lines, since its heading may be written in any language; and what stands above it. */
function splitSources(answer: string): { body: string; quotes: Named[] } {
  const lines = answer.trimEnd().split('\n');
  const isList = (line: string) => line.trim() === '' || /^\s*[`~]{3,}\w*\s*$/.test(line) || readQuote(line) !== undefined;
  let start = lines.length;
  while (start > 0 && isList(lines[start - 1] ?? '')) start--;
  const quotes = lines.slice(start).flatMap((line) => readQuote(line) ?? []);
  if (quotes.length === 0) return { body: answer.trimEnd(), quotes };
  const end = headingLine.test(lines[start - 1] ?? '') ? start - 1 : start;
  return { body: lines.slice(0, end).join('\n').trimEnd(), quotes };
}

function readQuote(line: string): Named | undefined {
  const found = quoteLine.exec(line);
  if (!found?.[1]) return undefined;
  const startLine = Number(found[2]);
  const quote = (found[4] ?? '').trim().replace(/^`+|`+$/g, '');
  return { path: found[1], startLine, endLine: Number(found[3] ?? startLine), quote: quote || undefined };
}

function judge(named: Named, sentence: string, read: ReadText): Citation {
  const { path, startLine, endLine, quote } = named;
  const say = (holds: boolean, why: string, checked = true): Citation => ({ path, startLine, endLine, holds, checked, why });
  const text = read(path);
  if (text === undefined) return say(false, 'there is no such text file');
  const lines = text.split('\n');
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if (startLine < 1 || endLine < startLine) return say(false, 'these are no lines');
  if (endLine > last) return say(false, `the file has ${last} lines`);
  const cited = lines.slice(startLine - 1, endLine);
  if (cited.every((line) => line.trim() === '')) return say(false, endLine > startLine ? 'these lines are empty' : 'this line is empty');
  if (quote !== undefined) return judgeQuote(quote, cited, lines, say);
  const names = namesIn(sentence);
  const near = cited.join('\n');
  const elsewhere = names.map((name) => lines.findIndex((line) => holdsWord(line, name)) + 1).filter((at) => at > 0);
  if (names.length > 0 && elsewhere.length > 0 && !names.some((name) => holdsWord(near, name)))
    return say(false, `${names.map((name) => `"${name}"`).join(', ')} stands at line ${elsewhere[0]}, not here`);
  if (elsewhere.length > 0) return say(true, 'what the sentence names stands there');
  return saysLine(sentence, lines, startLine, endLine)
    ? say(true, 'what the sentence says stands there, and nowhere else as much')
    : say(false, unquoted, false);
}

const unquoted = 'the lines exist, but nothing was quoted from them, so nothing was checked';

const fewestWords = 2;

/** Whether the words of a sentence stand in the cited lines, and in no other line as many of them: prose that nobody quoted. */
function saysLine(sentence: string, lines: readonly string[], startLine: number, endLine: number): boolean {
  const said = new Set(wordsOf(sentence.replace(placed, ' ')));
  const shared = (text: string) => new Set(wordsOf(text).filter((word) => said.has(word))).size;
  const here = shared(lines.slice(startLine - 1, endLine).join(' '));
  if (here < fewestWords) return false;
  return lines.every((line, at) => (at >= startLine - 1 && at < endLine) || shared(line) < here);
}

/** Words that say something: numbers, and what is longer than an article. */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).filter((word) => word.length > 3 || /\p{N}/u.test(word));
}

/** Names of code in a sentence: in code quotes, called, or written as only code writes words. */
function namesIn(sentence: string): string[] {
  const code =
    /`([A-Za-z_$][\w$.]{2,80})(?:\(\))?`|(?<![\w$./])([A-Za-z_$][\w$]{2,80})(?=\(\))|(?<![\w$./])([a-z]+[A-Z]\w*|[A-Za-z]+(?:_[A-Za-z0-9]+)+)(?![\w$./:#])/g;
  return [...sentence.matchAll(code)].flatMap(([, quoted, called, written]) => (quoted ?? called ?? written)?.split('.').at(-1) ?? []);
}

/** A bracket stands on many lines. */
const fewestSigns = /[\p{L}\p{N}].*[\p{L}\p{N}]/u;

function judgeQuote(
  quote: string,
  cited: readonly string[],
  lines: readonly string[],
  say: (holds: boolean, why: string, checked?: boolean) => Citation,
): Citation {
  const wanted = squeeze(quote.replace(/^\d+\|\s?/, ''));
  if (wanted === '') return say(false, unquoted, false);
  if (squeeze(cited.join(' ')).includes(wanted))
    return fewestSigns.test(wanted)
      ? say(true, 'what was quoted stands there')
      : say(false, 'what was quoted says too little to tell a line', false);
  const at = lines.findIndex((line) => squeeze(line).includes(wanted)) + 1;
  return say(false, at > 0 ? `what was quoted stands at line ${at}` : 'what was quoted stands nowhere in the file');
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function holdsWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w$])${word.replace(/[$]/g, '\\$&')}(?![\\w$])`).test(text);
}

/** The sentence around a place; the dot in a file name ends none. */
function sentenceAt(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 400), at);
  const start = Math.max(before.lastIndexOf('\n'), ...[...before.matchAll(/[.!?;]\s/g)].map(({ index }) => index));
  const after = text.slice(at, at + 300);
  const end = /[.!?;](?:\s|$)|\n/.exec(after)?.index ?? after.length;
  return before.slice(start + 1) + after.slice(0, end);
}
