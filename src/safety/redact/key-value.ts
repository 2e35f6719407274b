import { type Literal, literalAt } from './literals.ts';
import { gradeAt, nameAround } from './name-at.ts';
import { type Grade, gradeName } from './names.ts';
import {
  bareValue,
  blockLines,
  isQuote,
  lineValue,
  linksAt,
  openSource,
  quotedValue,
  type Range,
  type Source,
  skipLeads,
} from './pairs.ts';
import { type Span, step } from './span.ts';
import { type Form, isPersonal, isSecret } from './value.ts';

const hint =
  /pass|pwd|pw\b|passwort|secret|token|key|cred|auth|jwt|pat\b|bearer|mnemonic|phrase|wif|cookie|sess|sid\b|salt|seed|pepper|hmac|sig|psk|licen[cs]e|connection_?string|dsn|webhook|senha|kennwort|refresh|private|(?:recovery|access|backup|rescue)[_-]?code/gi;
const assigned = /[ \t]{0,80}[:=][ \t]{0,80}/y;
const blank = /[ \t]{1,80}/y;
const flagOrLine = /(?:^|[\s"'`;|&(])(?:--?|\/)?$/;
const scheme = /^(?:Bearer|Basic|Token|token|ApiKey|SSWS|Bot|OAuth)[ \t]+(?:token=)?/;
const upperName = /^[A-Z][A-Z0-9_]+$/;
const textForm = /[^\s"'`,;<>(){}[\]|&\\]+/y;
const codeForm = /[\w+/=~%!@#^*-]+/y;
const elementForm = /[^<>\n]+/y;

/** Values under a name that says secret, in the file's own way to write a pair. Ends early once `overdue` says so. */
export function keyValueSpans(text: string, path = '', overdue: () => boolean = () => false): Span[] {
  const source = openSource(text, path);
  const spans: Span[] = [];
  const grades = new Map<string, Grade | undefined>();
  hint.lastIndex = 0;
  let looked = 0;
  for (let match = hint.exec(text); match; match = hint.exec(text)) {
    if (++looked % 1_000 === 0 && overdue()) break;
    const [start, end] = nameAround(text, match.index, hint.lastIndex);
    hint.lastIndex = Math.max(hint.lastIndex, end);
    const grade = gradeAt(text, start, end, grades);
    const found = grade ? valueAfter(source, [start, end], grade) : [];
    const last = found.at(-1);
    if (!grade || !last) continue;
    spans.push(...found, ...siblings(source, last, grade));
    hint.lastIndex = Math.max(hint.lastIndex, spans.at(-1)?.end ?? 0);
  }
  return spans;
}

/** The other strings of a list whose first one is a secret. */
function siblings(source: Source, first: Span, grade: Grade): Span[] {
  const { text } = source;
  const spans: Span[] = [];
  const next = /\\{0,3}["'`]\s{0,8}[,:]\s{0,80}(?=\\{0,3}["'`])/y;
  for (let at = step(next, text, first.end); at !== undefined; at = step(next, text, spans.at(-1)?.end ?? 0)) {
    const found = acceptString(text, stringAt(source, at), grade === 'password' ? 'secret' : grade);
    if (found.length === 0) break;
    spans.push(...found);
  }
  return spans;
}

function valueAfter(source: Source, name: Range, grade: Grade): Span[] {
  const { text } = source;
  const filledIn = defaultValue(text, name, grade);
  const exact = filledIn.length > 0 ? filledIn : restOfLine(source, name, grade);
  if (exact.length > 0) return exact;
  for (const link of linksAt(text, name[1])) {
    const at = step(link, text, name[1]);
    const spans = at === undefined ? [] : valueAt(source, at, grade, name);
    if (spans.length > 0) return spans;
  }
  return flagValue(source, name, grade);
}

/** `${NAME:-value}` of a shell, `${name:value}` of Spring. */
function defaultValue(text: string, [start, end]: Range, grade: Grade): Span[] {
  if (!text.startsWith('${', start - 2)) return [];
  const from = step(/:?[=-]["']?|:(?=[^}\s])/y, text, end);
  const to = from === undefined ? undefined : step(/[^}\n]{1,400}(?=\})/y, text, from);
  return from === undefined || to === undefined ? [] : accept(text, [from, to], grade, 'literal');
}

/** `name = value` where a value is what is left of the line, and `ENV NAME value` of a Dockerfile. */
function restOfLine(source: Source, name: Range, grade: Grade): Span[] {
  const { text, syntax } = source;
  const at = syntax.wholeLines
    ? step(assigned, text, name[1])
    : isBlank(text, name[0] - 1) && /(?:^|\n)[ \t]*ENV[ \t]+$/i.test(text.slice(Math.max(0, name[0] - 24), name[0]))
      ? step(blank, text, name[1])
      : undefined;
  return at === undefined || literalAt(source, at) ? [] : accept(text, lineValue(source, at), grade, 'line');
}

/** `--password value`, and a line that starts with the name. */
function flagValue(source: Source, name: Range, grade: Grade): Span[] {
  const at = step(blank, source.text, name[1]);
  if (
    at === undefined ||
    grade === 'perhaps' ||
    grade === 'random' ||
    !flagOrLine.test(source.text.slice(Math.max(0, name[0] - 3), name[0]))
  )
    return [];
  const found = bareValue(source, at, textForm);
  if (!found) return [];
  const value = source.text.slice(...found);
  if (!/\d/.test(value)) return [];
  const flag = source.text.startsWith('--', name[0]);
  if (grade !== 'secret' && (flag || isPersonal(value))) return accept(source.text, found, grade, 'word');
  return value.length < 8 ? [] : accept(source.text, found, 'secret', 'word');
}

function valueAt(source: Source, from: number, grade: Grade, name: Range): Span[] {
  const { text, syntax } = source;
  const link = text.slice(name[1], from);
  const mark = link.trimEnd();
  const listed = mark.endsWith(',');
  const exact = literalAt(source, from);
  const past = skipLeads(text, from);
  const block = past > from && text.slice(from, past).includes('\n');
  const at = exact ? from : past;
  const string = exact ?? (block && syntax.wholeLines ? undefined : stringAt(source, at, at !== from && syntax.wholeLines));
  // A name that is only one in a list of words says little about the next.
  if (string) return acceptString(text, string, listed && !/["'`]/.test(link) && !isTuple(text, name, string) ? 'perhaps' : grade);
  if (isQuote(text.charAt(at)) && !block) return [];
  if (link.endsWith('&quot;')) return accept(text, bareValue(source, at, textForm), grade, 'literal');
  if (mark.endsWith('>') || />\s*<!\[CDATA\[$/.test(link)) return elementValue(source, at, grade);
  if (listed || (/["']/.test(link) && /^-?[\d.]/.test(text.slice(at, at + 2)))) return [];
  if (at !== from && !block) return [];
  if (mark !== link && /\b(?:is|was)$/.test(mark)) return saidValue(source, at, grade);
  if (syntax.code && !(link === '=' && isSetting(text, name)) && !isRemark(text, name)) return codeValue(source, at);
  const found = block ? blockValue(source, name, at, grade) : [];
  return found.length > 0 ? found : accept(text, bareValue(source, at, textForm), grade, 'word');
}

/** A block under a name: all of its lines where each is one run of characters (a key in base64), else the first. */
function blockValue(source: Source, name: Range, at: number, grade: Grade): Span[] {
  const [start, end] = blockLines(source.text, name[0], at);
  const lines = source.text.slice(start, end).split(/\r?\n[ \t]*/);
  if (lines.length > 1 && lines.every((line) => /^\S{1,400}$/.test(line)) && isSecret(lines.join(''), grade))
    return [{ start, end, kind: 'SECRET_BLOCK' }];
  return accept(source.text, lineValue(source, at), grade, 'line');
}

/** `{password, "…"}` of Erlang. */
function isTuple(text: string, [start]: Range, { end }: Literal): boolean {
  return text.charAt(start - 1) === '{' && text.charAt(end) === '}';
}

/** The string at a place, by the rules of the file, or inside a string by those of any: behind backslashes. */
function stringAt(source: Source, at: number, inCall = false): Literal | undefined {
  const { text } = source;
  // In a call the strings of a template's language, whatever those of the file are.
  const exact = inCall ? undefined : literalAt(source, at);
  if (exact) return exact;
  const range = quotedValue(text, at);
  return range && { ranges: [range], end: range[1], value: text.slice(...range) };
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 9;
}

/** `NAME=…`, `--name=…`, a string that starts with `name=`, and `?name=…` of a URL are settings in code too. */
function isSetting(text: string, [start, end]: Range): boolean {
  return '"\'`?&'.includes(text.charAt(start - 1) || '\n') || text.startsWith('--', start) || upperName.test(text.slice(start, end));
}

/** A comment that begins with the name is no code: `// token: …`. */
function isRemark(text: string, [start]: Range): boolean {
  if (!' \t/#-*;%'.includes(text.charAt(start - 1) || '\n')) return false;
  const before = text.slice(Math.max(0, start - 64), start);
  return /^[ \t]{0,40}(?:\/\/+|#+|--|\/?\*+|;+|%+)[ \t]{0,8}$/.test(before.slice(before.lastIndexOf('\n') + 1));
}

/** `the password is …` in prose and comments: only what no word is. */
function saidValue(source: Source, at: number, grade: Grade): Span[] {
  const found = bareValue(source, at, textForm);
  return found && /\d/.test(source.text.slice(...found)) ? accept(source.text, found, grade, 'word') : [];
}

/** The text of an XML element, closed by a tag. */
function elementValue(source: Source, at: number, grade: Grade): Span[] {
  const found = bareValue(source, at, elementForm);
  if (!found || !/^\s{0,80}>?\s{0,80}<\//.test(source.text.slice(found[1], found[1] + 170))) return [];
  const end =
    source.text
      .slice(...found)
      .replace(/\]\]$/, '')
      .trimEnd().length + found[0];
  return accept(source.text, [found[0], end], grade, 'literal');
}

/** In code an unquoted value is a reference, unless it looks like chance. */
function codeValue(source: Source, at: number): Span[] {
  const found = bareValue(source, at, codeForm);
  if (!found || found[1] - found[0] < 12 || /[.(]/.test(source.text.charAt(found[1]))) return [];
  return accept(source.text, found, 'perhaps', 'word');
}

/** A string that is one secret: on one line, or over several lines and pieces that have no blanks inside. */
function acceptString(text: string, string: Literal | undefined, grade: Grade): Span[] {
  const [first, ...more] = string?.ranges ?? [];
  if (!string || !first) return [];
  if (more.length === 0) return accept(text, first, grade, 'literal', string.value.trim());
  if (!isSecret(string.value.replace(/\s*\n\s*/g, '').trim(), grade, 'literal')) return [];
  return string.ranges.map(([start, end]) => ({ start, end, kind: kindOf(grade) }));
}

function accept(text: string, found: Range | undefined, grade: Grade, form: Form, value = found && text.slice(...found)): Span[] {
  if (!found || value === undefined) return [];
  let [start, end] = found;
  const lead = scheme.exec(text.slice(start, start + 40))?.[0].length ?? 0;
  start += lead;
  // Quotes inside quotes: "'…'" and "\"…\"".
  const inner = /^(?:\\*["'`])+/.exec(text.slice(start, end))?.[0].length ?? 0;
  const closed = inner > 0 && end - start > 2 * inner && /["'`]$/.test(text.slice(start, end));
  if (closed) [start, end] = [start + inner, end - inner];
  if (form !== 'literal') while (end > start && /[.,;:]/.test(text.charAt(end - 1))) end--;
  const said = form === 'literal' && !closed ? value.slice(lead) : text.slice(start, end);
  // `env('DB_PASSWORD', …)`: the name of a setting, not its value.
  if (upperName.test(said) && said.includes('_') && gradeName(said)) return [];
  return isSecret(said, grade, form) ? [{ start, end, kind: kindOf(grade) }] : [];
}

function kindOf(grade: Grade): string {
  return grade === 'password' ? 'PASSWORD' : 'VALUE';
}
