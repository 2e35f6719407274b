import { asciiTable, endOfLine, step } from './span.ts';
import { type Syntax, syntaxOf } from './syntax.ts';

const longestQuoted = 4096;
const longestBare = 1024;

/** What may stand between a name and its value, and what that may begin with behind blanks; the first that leads to a value wins. Each must be bounded: they run at every name. */
const links: readonly (readonly [begins: RegExp, link: RegExp])[] = [
  // name/value pairs: JSON, YAML, HCL, XML
  [
    /["',\r\n\-vVdD]/,
    /["']?[ \t]{0,40}(?:,[ \t]{0,40})?(?:\r?\n[ \t]{0,80})?(?:-[ \t]{0,8})?(?:["']|\b)(?:value|val|Value|default|Default|data)["']?[ \t]{0,40}[:=][ \t]{0,40}/y,
  ],
  [/["']/, /["'][ \t]{1,40}(?:[\w:-]{1,40}=["'][^"'\n]{0,80}["'][ \t]{1,40})?(?:value|content)=/y],
  [/</, /<\/key>\s{0,80}<string>/y],
  [/"/, /"[ \t]{0,40}\{[^{}]{0,300}?\bdefault[ \t]{0,40}=[ \t]{0,40}/y],
  [/["':]/, /["']?[ \t]{0,40}:[ \t]{0,40}\{\s{0,80}["']value["'][ \t]{0,40}:[ \t]{0,40}/y],
  [/:/, /:[ \t]{0,40}\r?\n(?:[ \t][^\n]{0,180}\n){0,4}?[ \t]{1,80}(?:Default|default|value|Value)[ \t]{0,40}:[ \t]{0,40}/y],
  [/["':]/, /["']?:[ \t]{0,40}\r?\n[ \t]{0,80}-[ \t]{1,8}/y],
  // declared with a type
  [
    /:/,
    /[ \t]{0,40}:[ \t]{0,40}(?:&[ \t]{0,8})?(?:'\w{1,20}[ \t]{1,8})?[A-Za-z_][\w.<>[\]|?&' \t]{0,80}?=(?:[ \t]{1,40}(?:\r?\n[ \t]{0,80})?|\r?\n[ \t]{0,80}|(?=["'`]))/y,
  ],
  [/[*sSc[]/, /[ \t]{1,40}\*?(?:string|String|str|char\*|\[\]byte)[ \t]{0,40}=[ \t]{0,40}/y],
  [/\{/, /[ \t]{0,40}\{[^{}\n]{0,40}\}[ \t]{0,40}=[ \t]{0,40}/y],
  [/A/, /[ \t]{1,8}As[ \t]{1,8}\w{1,20}[ \t]{0,40}=[ \t]{0,40}/y],
  // a fallback in a block
  [/["']/, /["']\)[ \t]{0,8}(?:\{|do)[ \t]{0,8}(?=["'])/y],
  // assigned, compared, passed, with a fallback
  [
    /[\\"'`&[\])}*?|:=!+<,o]/,
    /(?:\\{0,3}["'`]|&quot;|\[\]|[\])}*]){0,4}[ \t]{0,80}(?:\?\?=?|\|\|=?|\?:|:=|=>|={1,3}|!==?|\?=|\+=|<-|:(?!:)|\bor\b|,|\|)(?:\*{1,2})?[ \t]{0,80}(?:&quot;|\r?\n[ \t]{0,80}(?=["'`]|string\())?/y,
  ],
  [/[({]/, /[({][ \t]{0,40}(?=["'`]|b["'])/y],
  [/./s, /["']?(?:[ \t][^<>\n]{0,100})?>(?:\s{0,80}<!\[CDATA\[|\r?\n[ \t]{0,80})?/y],
  // a form that is filled in: `get('#password').type(…)`
  [
    /["'\]]/,
    /["'\]]{1,3}\){1,2}\.(?:type|fill|sendKeys|send_keys|setValue|set_value|set|val|pressSequentially|clear\(\)\.(?:type|fill))\([ \t]{0,40}(?=["'`])/y,
  ],
  [/["'`]/, /[ \t]{1,40}(?=["']|`[^`\n]{0,80}\d)/y],
  [/[iw]/, /[ \t]{1,8}(?:is|was)[ \t]{1,8}/y],
];

/** What may stand before the value itself: YAML block marks and tags, fallbacks, calls, string prefixes. */
const leads: readonly RegExp[] = [
  /[|>][-+]?\d?[ \t]{0,8}\r?\n[ \t]{1,80}/y,
  // a shell that prints it
  /["']?(?:\$\(|`)[ \t]{0,8}(?:echo|printf)[ \t]{1,8}(?:-\w{1,4}[ \t]{1,8}|["']?%s(?:\\n)?["']?[ \t]{1,8}){0,3}/y,
  /\$?["']?\$\{[A-Za-z_]\w{0,60}:?[-=]/y,
  // ERB, a template's default
  /["']?<%=?-?[ \t]{0,8}|default[ \t]{1,8}(?=["'`])/y,
  // one of two
  /[\w.$!]{1,80}(?:[ \t]{0,8}[!=]={1,2}[ \t]{0,8}["']?[\w.-]{1,40}["']?)?\s{1,40}\?\s{1,40}(?:[\w.$]{1,80}(?:\[["']\w{1,60}["']\]|\([^()\n]{0,60}\))?\s{1,40}:\s{1,40})?(?=["'`])/y,
  // what a call falls back to: `z.string().default('…')`, `.unwrap_or_else(|_| "…")`, `getenv("X", "…")`
  /[A-Za-z_$][\w$.:]{0,60}!?(?:\([^()\n]{0,80}\)\??\s{0,40}\.\w{1,30}){0,6}\([^()\n]{0,80}\)\??\s{0,40}\.(?:default|withDefault|orElse|orElseGet|getOrElse|unwrap_or|unwrap_or_else|value_or|or|orDefault|fallback|default_value|catch)\([ \t]{0,8}(?:\|_?\w{0,20}\|[ \t]{0,8}|\(\)[ \t]{0,8}[-=]>[ \t]{0,8})?(?:String::from\()?(?=["'`])/y,
  /[A-Za-z_$][\w.$:]{0,60}\([ \t]{0,8}["'][\w.-]{1,60}["'][ \t]{0,8},[ \t]{0,8}(?=["'`])/y,
  /[\w.$?!]{1,80}(?:\[["']\w{1,60}["']\]|\(["']\w{1,60}["']\))?[ \t]{0,40}(?:\?\?|\|\||\?:|\bor\b|\bif\b[^\n"'`]{1,80}\belse\b)[ \t]{0,40}(?:\r?\n[ \t]{0,80})?/y,
  /(?:new[ \t]{1,8})?[A-Za-z_$][\w.$:!]{0,60}\([ \t]{0,40}(?:\w{1,20}[ \t]?=[ \t]?)?(?=["'`]|[bruf]["'])/y,
  /(?:!!?\w{1,40}|&\w{1,40}|string\(\d{1,5}\))[ \t]{1,40}/y,
  /\[\]byte\(/y,
  /[[({]\s{0,80}(?=["'`])/y,
  /[[({]?[bruf@$L]{0,2}(?=\\{0,3}["'`])/y,
];

/** All of them as one rule: to ask each at every name takes ten times as long. */
const anyLead = new RegExp(leads.map(({ source }) => `(?:${source})`).join('|'), 'y');
const beyondAscii = 128;
/** The links that may begin with a character, by its code: few at most names. */
const linksBy = Array.from({ length: beyondAscii + 1 }, (_, code) =>
  links.flatMap(([begins, link]) => (begins.test(String.fromCharCode(code)) ? [link] : [])),
);

/** [start, end) in the text. */
export type Range = readonly [number, number];

/**
 * Text under reading, from its beginning on. So that nothing is read twice, `tooLong` remembers where runs end that are too long for a value, and `open` up to where no line closes here documents of
 * a mark.
 */
export type Source = {
  readonly text: string;
  readonly syntax: Syntax;
  readonly tooLong: Map<RegExp, number>;
  readonly open: Map<string, number>;
};

export function openSource(text: string, path: string): Source {
  return { text, syntax: syntaxOf(path), tooLong: new Map(), open: new Map() };
}

/** The links that may stand at a place, in the order of the list. */
export function linksAt(text: string, at: number): readonly RegExp[] {
  let start = at;
  while (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9) start++;
  return linksBy[Math.min(text.charCodeAt(start), beyondAscii)] ?? [];
}

/** Goes over calls, fallbacks and prefixes in front of a value. */
export function skipLeads(text: string, from: number): number {
  let at = from;
  for (let round = 0; round < 3; round++) {
    const next = mayLead(text, at) ? step(anyLead, text, at) : undefined;
    if (next === undefined || next === at) break;
    at = next;
  }
  return at;
}

const inWord = asciiTable(/[\w.$!:]/);
const behindWord = asciiTable(/[\s([{|?"'`\\]/);
/** `a or b` and `a if c else b`. */
const joinsWords = /or|if/;
const longestWord = 90;

/** A word leads to a value where a call, an index, a choice, a blank or a string follows, or where it is a word that joins two. Most do neither. */
function mayLead(text: string, at: number): boolean {
  let end = at;
  while (end < at + longestWord && inWord[text.charCodeAt(end)] === 1) end++;
  if (end === at) return true;
  const code = text.charCodeAt(end);
  if (text.charAt(end) === '=') return text.charAt(end + 1) === '=' || text.charAt(end - 1) === '!';
  return !(code < 128) || end === at + longestWord || behindWord[code] === 1 || joinsWords.test(text.slice(end - 2, end));
}

/** The inside of a string on one line: closed by the same quote behind as many backslashes as opened it. */
export function quotedValue(text: string, at: number): Range | undefined {
  let start = at;
  while (text.charAt(start) === '\\' && start < at + 7) start++;
  const slashes = start - at;
  const quote = text.charAt(start);
  if (!isQuote(quote)) return undefined;
  start++;
  if (text.startsWith(quote + quote, start)) start += 2;
  const window = text.slice(start, start + longestQuoted + 8);
  for (let end = window.indexOf(quote); end >= 0; end = window.indexOf(quote, end + 1)) {
    let before = 0;
    while (before <= 8 && window.charAt(end - 1 - before) === '\\') before++;
    if (before > slashes && (before - slashes) % (2 * (slashes + 1)) !== 0) continue;
    const close = end - (slashes ? before : 0);
    return window.slice(0, close).includes('\n') ? undefined : [start, start + close];
  }
  return undefined;
}

export function isQuote(char: string): boolean {
  return char === '"' || char === "'" || char === '`';
}

/** What the form covers from a place on, unless it is too long to be a value. */
export function bareValue({ text, tooLong }: Source, at: number, form: RegExp): Range | undefined {
  if (at < (tooLong.get(form) ?? 0)) return undefined;
  const end = step(form, text, at);
  if (end === undefined) return undefined;
  if (end - at <= longestBare) return [at, end];
  tooLong.set(form, end - longestBare);
  return undefined;
}

/** The rest of the line without blanks and a comment behind ` #`. */
export function lineValue(source: Source, at: number): Range | undefined {
  const line = bareValue(source, at, restOfLine);
  if (!line) return undefined;
  const [value = ''] = source.text.slice(...line).split(/[ \t]#/, 1);
  return value.trimEnd() ? [at, at + value.trimEnd().length] : undefined;
}

const longestBlock = 20_000;

/** The lines from a place on that are deeper than the line of the name. */
export function blockLines(text: string, name: number, at: number): Range {
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', name - 1) + 1, name))?.[0].length ?? 0;
  let end = at;
  for (let line = at; line < at + longestBlock && line < text.length; ) {
    const next = endOfLine(text, line);
    const said = text.slice(line, Math.min(next, line + longestBlock));
    if (!said.trim() || (line > at && said.length - said.trimStart().length <= indent)) break;
    end = line + said.trimEnd().length;
    line = next + 1;
  }
  return [at, end];
}

const restOfLine = /[^\s][^\n\r]*/y;
