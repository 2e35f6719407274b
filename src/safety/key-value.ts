import { type Grade, gradeName } from './names.ts';
import type { Span } from './span.ts';
import { isSecret } from './value.ts';

const hint =
  /pass|pwd|passwort|secret|token|key|cred|auth|jwt|pat\b|bearer|mnemonic|phrase|wif|cookie|sess|sid\b|salt|seed|pepper|hmac|sig|psk|licen[cs]e|connection_?string|dsn|webhook|senha|kennwort/gi;
const nameChar = /[\w.$-]/;
const longestName = 80;
const longestValue = 4096;

/** What may stand between a name and its value; the first that fits wins. Each must be bounded: they run at every name. */
const links: readonly RegExp[] = [
  // name/value pairs: JSON, YAML, HCL, XML
  /["']?[ \t]*,?[ \t]*(?:\r?\n[ \t]*)?(?:-[ \t]*)?(?:["']|\b)(?:value|val|Value|default|Default)["']?[ \t]*[:=][ \t]*/y,
  /["'][ \t]+(?:[\w:-]{1,40}=["'][^"'\n]{0,80}["'][ \t]+)?value=/y,
  /"[ \t]*\{[^{}]{0,300}?\bdefault[ \t]*=[ \t]*/y,
  /["']?[ \t]*:[ \t]*\{\s{0,80}["']value["'][ \t]*:[ \t]*/y,
  /:[ \t]*\r?\n(?:[ \t]+[^\n]{0,100}\r?\n){0,4}?[ \t]+(?:Default|default|value|Value)[ \t]*:[ \t]*/y,
  // declared with a type
  /[ \t]*:[ \t]*(?:&[ \t]*)?(?:'\w+[ \t]+)?[A-Za-z_][\w.<>[\]|?&' ]{0,40}?[ \t]*=(?![=>])[ \t]*(?:\r?\n[ \t]*)?/y,
  /[ \t]+\*?(?:string|String|str|char\*|\[\]byte)[ \t]*=[ \t]*/y,
  /[ \t]*\{[^{}\n]{0,40}\}[ \t]*=[ \t]*/y,
  // assigned, compared, passed, with a fallback
  /(?:\\{0,3}["'`]|[\])}*]){0,4}[ \t]*(?:\?\?=?|\|\|=?|\?:|:=|=>|={1,3}|!==?|\?=|\+=|<-|:(?!:)|\bor\b|,|\|)[ \t]*(?:\r?\n[ \t]*(?=["'`]))?/y,
  /\([ \t]*(?=["'`]|b["'])/y,
  /["']?(?:[ \t][^<>\n]{0,100})?>/y,
  /[ \t]+(?=["'])/y,
];
const blank = /[ \t]+/y;
const flagOrLine = /(?:^|[\s"'`;|&(])(?:--?|\/)?$/;
/** What may stand before the value itself: calls, fallbacks, string prefixes, YAML tags and block marks. */
const leads: readonly RegExp[] = [
  /[|>][-+]?\d?[ \t]*\r?\n[ \t]+/y,
  /[\w.$?!]{1,80}(?:\[["']\w{1,60}["']\]|\(["']\w{1,60}["']\))?[ \t]*(?:\?\?|\|\||\?:|\bor\b)[ \t]*(?:\r?\n[ \t]*)?/y,
  /(?:new[ \t]+)?[A-Za-z_$][\w.$:!]{0,60}\([ \t]*(?=["'`]|[bruf]["'])/y,
  /(?:!!?\w+|&\w+)[ \t]+/y,
  /[[({]?[bruf@$L]{0,2}(?=\\{0,3}["'`])/y,
];
const scheme = /^(?:Bearer|Basic|Token|token|ApiKey|SSWS|Bot|OAuth)[ \t]+(?:token=)?/;
const lineValue = /\.(?:env|ini|cfg|conf|cnf|properties|ya?ml)(?:\.\w+)?$|(?:^|\/)\.?env(?:\.\w+)*$|rc$/i;
const code =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|pyi|go|rs|java|kts?|cs|fs|php|rb|swift|c|h|cc|cpp|hpp|m|mm|scala|clj|ex|exs|erl|dart|lua|pl|r|jl|groovy|gradle|zig|nim|sol|graphql|proto|css|scss|less|html?)$/i;
const upperName = /^[A-Z][A-Z0-9_]+$/;

/** Values under a name that says secret, in any language's way to write a pair. `path` decides how unquoted values are read. */
export function keyValueSpans(text: string, path = ''): Span[] {
  const spans: Span[] = [];
  hint.lastIndex = 0;
  for (let match = hint.exec(text); match; match = hint.exec(text)) {
    const [start, end] = nameAround(text, match.index, hint.lastIndex);
    hint.lastIndex = Math.max(hint.lastIndex, end);
    const name = text.slice(start, end);
    const grade = gradeName(name);
    const value = grade && valueAfter(text, start, end, grade, path);
    if (!value) continue;
    spans.push(value);
    hint.lastIndex = Math.max(hint.lastIndex, value.end);
  }
  return spans;
}

function nameAround(text: string, from: number, to: number): [number, number] {
  let start = from;
  let end = to;
  while (start > from - longestName && start > 0 && nameChar.test(text.charAt(start - 1))) start--;
  while (end < to + longestName && end < text.length && nameChar.test(text.charAt(end))) end++;
  // `\npassword` inside a string: the n belongs to the line break.
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start)) && start < from) start++;
  while (end > to && /[.$-]/.test(text.charAt(end - 1))) end--;
  return [start, end];
}

function valueAfter(text: string, nameStart: number, nameEnd: number, grade: Grade, path: string): Span | undefined {
  for (const link of links) {
    const at = step(link, text, nameEnd);
    const span = at === undefined ? undefined : valueAt(text, at, grade, text.slice(nameStart, nameEnd), text.slice(nameEnd, at), path);
    if (span) return span;
  }
  const at = step(blank, text, nameEnd);
  if (at === undefined || grade === 'perhaps' || !flagOrLine.test(text.slice(Math.max(0, nameStart - 3), nameStart))) return undefined;
  const span = bareValue(text, at, /[^\s"'`,;<>(){}[\]|&]+/y);
  const value = span && text.slice(span[0], span[1]);
  return span && value && value.length >= 8 && /\d/.test(value) && isSecret(value, 'secret', true) ? toSpan(span) : undefined;
}

function valueAt(text: string, from: number, grade: Grade, name: string, link: string, path: string): Span | undefined {
  let at = from;
  for (let round = 0; round < 3; round++) {
    const next = leads.map((lead) => step(lead, text, at)).find((end) => end !== undefined && end > at);
    if (next === undefined) break;
    at = next;
  }
  const quoted = quotedValue(text, at);
  if (quoted) {
    const loose = link.includes(',') && !/["'`]/.test(link) ? 'perhaps' : grade;
    return accept(text, quoted, loose, false);
  }
  if (/["'`]/.test(text.charAt(at)) || at !== from) return undefined;
  if (link.endsWith('>')) return accept(text, bareValue(text, at, /[^<>\n]+/y), grade, false);
  const tight = upperName.test(name) && link === '=';
  if (code.test(path) && !tight) {
    const span = bareValue(text, at, /[\w+/=~%!@#^*-]+/y);
    const value = span && text.slice(span[0], span[1]);
    const follows = span ? text.charAt(span[1]) : '';
    return span && value && value.length >= 12 && /\d/.test(value) && !/[.(]/.test(follows)
      ? accept(text, span, 'perhaps', true)
      : undefined;
  }
  const wholeLine = lineValue.test(path) && /^[ \t]*[:=][ \t]*$/.test(link);
  return accept(
    text,
    bareValue(text, at, wholeLine ? /[^\s][^\n\r]*?(?=[ \t]+#|[ \t]*(?:\r?\n|$))/y : /[^\s"'`,;<>(){}[\]|&\\]+/y),
    grade,
    true,
  );
}

function accept(text: string, found: readonly [number, number] | undefined, grade: Grade, bare: boolean): Span | undefined {
  if (!found) return undefined;
  let [start, end] = found;
  start += scheme.exec(text.slice(start, start + 40))?.[0].length ?? 0;
  if (bare) while (end > start && /[.,;:]/.test(text.charAt(end - 1))) end--;
  const value = text.slice(start, end);
  return isSecret(value, grade, bare) ? { start, end, kind: kindFor(grade) } : undefined;
}

function kindFor(grade: Grade): string {
  return grade === 'password' ? 'PASSWORD' : 'VALUE';
}

function toSpan([start, end]: readonly [number, number]): Span {
  return { start, end, kind: 'VALUE' };
}

/** The inside of a string: closed by the same quote behind as many backslashes as opened it. */
function quotedValue(text: string, at: number): [number, number] | undefined {
  let start = at;
  while (text.charAt(start) === '\\' && start < at + 7) start++;
  const slashes = start - at;
  const quote = text.charAt(start);
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  start++;
  if (text.startsWith(quote + quote, start)) start += 2;
  for (let end = text.indexOf(quote, start); end >= 0 && end - start <= longestValue; end = text.indexOf(quote, end + 1)) {
    let before = 0;
    while (before <= 8 && text.charAt(end - 1 - before) === '\\') before++;
    if (before > slashes && before % 2 === (slashes + 1) % 2) continue;
    const close = end - (slashes ? before : 0);
    return text.slice(start, close).includes('\n') ? undefined : [start, close];
  }
  return undefined;
}

function bareValue(text: string, at: number, form: RegExp): [number, number] | undefined {
  form.lastIndex = at;
  const found = form.exec(text);
  return found && found[0].length <= longestValue ? [at, at + found[0].length] : undefined;
}

function step(rule: RegExp, text: string, at: number): number | undefined {
  rule.lastIndex = at;
  return rule.test(text) ? rule.lastIndex : undefined;
}
