import { type Grade, gradeName } from './names.ts';
import { bareValue, isQuote, lineValue, links, quotedValue, type Range, type Source, skipLeads, step } from './pairs.ts';
import type { Span } from './span.ts';
import { isSecret } from './value.ts';

const hint =
  /pass|pwd|pw\b|passwort|secret|token|key|cred|auth|jwt|pat\b|bearer|mnemonic|phrase|wif|cookie|sess|sid\b|salt|seed|pepper|hmac|sig|psk|licen[cs]e|connection_?string|dsn|webhook|senha|kennwort/gi;
const nameChar = /[\w.$-]/;
const longestName = 80;
const blank = /[ \t]{1,80}/y;
const flagOrLine = /(?:^|[\s"'`;|&(])(?:--?|\/)?$/;
const scheme = /^(?:Bearer|Basic|Token|token|ApiKey|SSWS|Bot|OAuth)[ \t]+(?:token=)?/;
const wholeLines = /\.(?:env|ini|cfg|conf|cnf|properties|ya?ml)(?:\.\w+)?$|(?:^|\/)\.?env(?:\.\w+)*$|rc$/i;
const code =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|pyi|go|rs|java|kts?|cs|fs|php|rb|swift|c|h|cc|cpp|hpp|m|mm|scala|clj|ex|exs|erl|dart|lua|pl|r|jl|groovy|gradle|json|json5|jsonc|zig|nim|sol|graphql|proto|css|scss|less|html?)$/i;
const upperName = /^[A-Z][A-Z0-9_]+$/;
const textForm = /[^\s"'`,;<>(){}[\]|&\\]+/y;
const codeForm = /[\w+/=~%!@#^*-]+/y;
const elementForm = /[^<>\n]+/y;

/** Values under a name that says secret, in any language's way to write a pair. `path` decides how unquoted values are read. */
export function keyValueSpans(text: string, path = ''): Span[] {
  const source: Source = { text, tooLong: new Map() };
  const spans: Span[] = [];
  const grades = new Map<string, Grade | undefined>();
  hint.lastIndex = 0;
  for (let match = hint.exec(text); match; match = hint.exec(text)) {
    const [start, end] = nameAround(text, match.index, hint.lastIndex);
    hint.lastIndex = Math.max(hint.lastIndex, end);
    const grade = gradeAt(text, start, end, grades);
    const value = grade && valueAfter(source, [start, end], grade, path);
    if (!grade || !value) continue;
    spans.push(value, ...siblings(text, value, grade));
    hint.lastIndex = Math.max(hint.lastIndex, spans.at(-1)?.end ?? 0);
  }
  return spans;
}

/** `API key: …` in prose counts like `api_key`; in `arn:…:secret:name`, `AWS::KMS::Key` and `checksum/secret` the word is part of a path. */
function gradeAt(text: string, start: number, end: number, grades: Map<string, Grade | undefined>): Grade | undefined {
  const ahead = text.slice(Math.max(0, start - 2), start);
  if (ahead === '::' || (/[\w.][:/]$/.test(ahead) && text.charAt(end) === ':')) return undefined;
  const name = text.slice(start, end);
  const before = /^keys?$/i.test(name) ? /([A-Za-z]{3,12})[ :]$/.exec(text.slice(Math.max(0, start - 13), start)) : undefined;
  const full = before && !/^(?:rsa|dsa|ssh|gpg|pgp)$/i.test(before[1] ?? '') ? `${before[1]}_${name}` : name;
  if (!grades.has(full)) grades.set(full, gradeName(full));
  return grades.get(full);
}

/** The other strings of a list whose first one is a secret. */
function siblings(text: string, first: Span, grade: Grade): Span[] {
  const spans: Span[] = [];
  const next = /\\{0,3}["'`],\s{0,80}(?=\\{0,3}["'`])/y;
  for (let at = step(next, text, first.end); at !== undefined; at = step(next, text, spans.at(-1)?.end ?? 0)) {
    const span = accept(text, quotedValue(text, at), grade === 'password' ? 'secret' : grade, false);
    if (!span) break;
    spans.push(span);
  }
  return spans;
}

function nameAround(text: string, from: number, to: number): Range {
  let start = from;
  let end = to;
  while (start > from - longestName && start > 0 && nameChar.test(text.charAt(start - 1))) start--;
  while (end < to + longestName && end < text.length && nameChar.test(text.charAt(end))) end++;
  // `\npassword` inside a string: the n belongs to the line break.
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start)) && start < from) start++;
  while (end > to && /[.$-]/.test(text.charAt(end - 1))) end--;
  return [start, end];
}

function valueAfter(source: Source, name: Range, grade: Grade, path: string): Span | undefined {
  const { text } = source;
  for (const link of links) {
    const at = step(link, text, name[1]);
    const span = at === undefined ? undefined : valueAt(source, at, grade, name, path);
    if (span) return span;
  }
  return flagValue(source, name, grade);
}

/** `--password value`, and a line that starts with the name. */
function flagValue(source: Source, name: Range, grade: Grade): Span | undefined {
  const at = step(blank, source.text, name[1]);
  if (at === undefined || grade === 'perhaps' || !flagOrLine.test(source.text.slice(Math.max(0, name[0] - 3), name[0]))) return undefined;
  const found = bareValue(source, at, textForm);
  if (!found || found[1] - found[0] < 8 || !/\d/.test(source.text.slice(...found))) return undefined;
  return accept(source.text, found, 'secret', true);
}

function valueAt(source: Source, from: number, grade: Grade, name: Range, path: string): Span | undefined {
  const { text } = source;
  const link = text.slice(name[1], from);
  const at = skipLeads(text, from);
  const quoted = quotedValue(text, at);
  // A name that is only one in a list of words says little about the next.
  if (quoted) return accept(text, quoted, /,\s*$/.test(link) && !/["'`]/.test(link) ? 'perhaps' : grade, false);
  if (isQuote(text.charAt(at))) return undefined;
  if (link.endsWith('&quot;')) return accept(text, bareValue(source, at, textForm), grade, false);
  if (/>(?:\s*<!\[CDATA\[|\s*)$/.test(link)) return elementValue(source, at, grade);
  if (/,\s*$/.test(link) || (/["']/.test(link) && /^-?[\d.]/.test(text.slice(at, at + 2)))) return undefined;
  const block = text.slice(from, at).includes('\n');
  if (at !== from && !block) return undefined;
  if (code.test(path) && !(link === '=' && isSetting(text, name))) return codeValue(source, at);
  const whole = wholeLines.test(path) && /^[ \t]*[:=][ \t]*$/.test(link);
  const found = whole ? accept(text, lineValue(source, at), grade, true) : undefined;
  return found ?? accept(text, bareValue(source, at, textForm), grade, true);
}

/** `NAME=…`, a string that starts with `name=`, and `?name=…` of a URL are settings in code too. */
function isSetting(text: string, [start, end]: Range): boolean {
  return upperName.test(text.slice(start, end)) || /["'`?&]/.test(text.charAt(start - 1));
}

/** The text of an XML element, closed by a tag. */
function elementValue(source: Source, at: number, grade: Grade): Span | undefined {
  const found = bareValue(source, at, elementForm);
  if (!found || !/^\s{0,80}>?\s{0,80}<\//.test(source.text.slice(found[1], found[1] + 170))) return undefined;
  const end =
    source.text
      .slice(...found)
      .replace(/\]\]$/, '')
      .trimEnd().length + found[0];
  return accept(source.text, [found[0], end], grade, false);
}

/** In code an unquoted value is a reference, unless it looks like chance. */
function codeValue(source: Source, at: number): Span | undefined {
  const found = bareValue(source, at, codeForm);
  if (!found || found[1] - found[0] < 12 || /[.(]/.test(source.text.charAt(found[1]))) return undefined;
  return accept(source.text, found, 'perhaps', true);
}

function accept(text: string, found: Range | undefined, grade: Grade, bare: boolean): Span | undefined {
  if (!found) return undefined;
  let [start, end] = found;
  start += scheme.exec(text.slice(start, start + 40))?.[0].length ?? 0;
  // Quotes inside quotes: "'…'" and "\"…\"".
  const inner = /^(?:\\*["'`])+/.exec(text.slice(start, end))?.[0].length ?? 0;
  if (inner > 0 && end - start > 2 * inner) [start, end] = [start + inner, end - inner];
  if (bare) while (end > start && /[.,;:]/.test(text.charAt(end - 1))) end--;
  if (!isSecret(text.slice(start, end), grade, bare)) return undefined;
  return { start, end, kind: grade === 'password' ? 'PASSWORD' : 'VALUE' };
}
