import { findFunction, functionStarts } from './functions.ts';
import { type Language, languageOf } from './languages.ts';
import { type Masked, mask } from './mask.ts';

/** One definition. Lines count from 1 and are inclusive; `depth` 0 is the top level. `line` holds the name. */
export type Definition = {
  readonly name: string;
  /** The type that a method belongs to where it stands outside of it. */
  readonly owner?: string | undefined;
  readonly kind: 'type' | 'function' | 'value';
  readonly line: number;
  readonly startLine: number;
  readonly endLine: number;
  readonly depth: number;
};

type Match = { readonly name: string; readonly kind: Definition['kind']; readonly at: number };

/** Statements that look like a function with a block. */
const notNames = new Set(
  'if for while switch catch with function return else do super new when guard typeof sizeof foreach using lock fixed synchronized checked unchecked until unless'.split(
    ' ',
  ),
);
/** A call behind one of these is no definition. */
const statement = /^\s*(?:return|else|new|throw|case|await|yield|goto|delete|using)\b/;
const longestLine = 400;
/** Characters outside brackets in which a definition must end. */
const longestHead = 5_000;

/**
 * Finds definitions without a parser: a pattern per language says where one starts, brackets or indentation say where it ends, both read
 * on a text whose comments and strings are masked. Comments and decorators directly above belong to it.
 */
export function scanDefinitions(path: string, text: string): Definition[] {
  const language = languageOf(path);
  if (!language) return [];
  const masked = mask(text, language.syntax);
  const lines = masked.code.split('\n');
  const raw = text.split('\n');
  const found: Definition[] = [];
  const open: { readonly endLine: number; readonly isType: boolean }[] = [];
  lines.forEach((line, index) => {
    const outer = masked.within[index] ?? -1;
    if (outer === -2 || line.length > longestLine || /^\s*$/.test(line)) return;
    while (open.length > 0 && (open.at(-1)?.endLine ?? 0) < index + 1) open.pop();
    if (outer >= 0 && language.ending !== 'end' && !mayDefine(masked, outer)) return;
    const match = matchLine(line, index, masked, text, language);
    if (!match || (match.kind === 'value' && (open.length > 0 || indentOf(line) > 0))) return;
    const endLine = endOf(masked, lines, index, match.at, language);
    if (endLine === undefined) return;
    // Inside functions only real blocks count.
    if (open.some((one) => !one.isType) && endLine - index < 3) return;
    found.push({
      name: match.name,
      owner: language.owner?.exec(line)?.[1],
      kind: match.kind,
      line: index + 1,
      startLine: findStart(masked, lines, raw, index),
      endLine,
      depth: open.length,
    });
    if (endLine > index + 1) open.push({ endLine, isType: match.kind === 'type' });
  });
  return found;
}

/** Arguments and lists define nothing, but the groups of Go do. A bracket that never closes was read wrongly. */
function mayDefine({ code, partner }: Masked, outer: number): boolean {
  return code[outer] === '{' || (partner[outer] ?? -1) < 0 || /(?:^|\n)type\s*$/.test(code.slice(Math.max(0, outer - 8), outer));
}

function matchLine(line: string, index: number, masked: Masked, text: string, language: Language): Match | undefined {
  const start = masked.starts[index] ?? 0;
  const functions = () => {
    const match = language.body && !line.includes('(') ? null : language.functions.exec(line);
    const name = nameOf(match);
    if (!match || !name || (language.body && notNames.has(name))) return undefined;
    const at = start + match[0].length;
    if (language.body && (statement.test(line) || !hasBody(masked, language.body, at))) return undefined;
    return { name, kind: 'function' as const, at: language.body ? Math.max(start, at - 1) : at };
  };
  const types = () => {
    const match = language.types.exec(line);
    const name = nameOf(match);
    return match && name ? { name, kind: 'type' as const, at: start + match[0].replace(/[{=]\s*$/, '').length } : undefined;
  };
  const [first, second] = language.name === 'cpp' ? [functions, types] : [types, functions];
  const found = first() ?? second();
  if (found) return found;
  if (functionStarts.has(language.name)) {
    const own = findFunction(line, start, masked, text);
    if (own && !notNames.has(own.name)) return { ...own, kind: 'function' };
  }
  const value = language.values?.exec(line);
  const name = nameOf(value ?? null);
  return value && name ? { name, kind: 'value', at: start + value[0].length } : undefined;
}

const nameOf = (match: RegExpExecArray | null) => match?.slice(1).find((group) => group !== undefined);

/** Whether the parameters that open in front of `at` are followed by a body. */
function hasBody({ code, partner }: Masked, body: RegExp, at: number): boolean {
  if (code[at - 1] !== '(') return true;
  const close = partner[at - 1] ?? -1;
  if (close < 0) return false;
  body.lastIndex = close + 1;
  return body.test(code);
}

function endOf(masked: Masked, lines: readonly string[], index: number, at: number, language: Language): number | undefined {
  if (language.ending === 'indent') return endByIndent(masked, lines, index);
  if (language.ending === 'end') return endByKeyword(masked, lines, index);
  const end = endByBrackets(masked, at, language.ending === 'line');
  if (end === undefined) return undefined;
  if (language.name === 'cpp' && !end.block && !/^\s*#|=/.test(lines[index] ?? '')) return undefined;
  return lineAt(masked.starts, end.at);
}

/** Walks from `at` to the end of the statement: a block that nothing follows on its line, a semicolon, the closing of what is around. */
function endByBrackets({ code, partner }: Masked, at: number, newlines: boolean): { at: number; block: boolean } | undefined {
  let block = false;
  let steps = 0;
  for (let place = at; place < code.length; place++) {
    if (++steps > longestHead) return undefined;
    const char = code[place];
    if (char === '(' || char === '[' || char === '{') {
      const close = partner[place] ?? -1;
      if (close < 0) return undefined;
      block ||= char === '{';
      place = close;
      if (char === '{' && /^[\s;,]*$/.test(restOfLine(code, close + 1))) return { at: close, block };
    } else if (char === ')' || char === ']' || char === '}') return { at: lastCode(code, place), block };
    else if (char === ';') return { at: place, block };
    else if (char === '\n' && newlines) {
      const next = goesOn(code, place);
      if (next === undefined) return { at: lastCode(code, place), block };
      place = next - 1;
    }
  }
  return { at: lastCode(code, code.length), block };
}

function restOfLine(code: string, from: number): string {
  const end = code.indexOf('\n', from);
  return code.slice(from, end < 0 ? code.length : end);
}

function lastCode(code: string, before: number): number {
  let at = before - 1;
  while (at > 0 && /\s/.test(code[at] ?? '')) at--;
  return at;
}

const asks = /(?:[=([{,|&+\-*<?:.!~^%]|=>|\b(?:extends|implements|where|throws|as|keyof|typeof|infer|is))$/;
const follows = /^(?:[.?:|&+*/=<>{%^]|(?:extends|implements|where|throws|as|satisfies|is)\b)/;

/** Where a statement goes on after this end of a line, if it does. */
function goesOn(code: string, newline: number): number | undefined {
  const before = code.slice(Math.max(0, newline - 80), newline).trimEnd();
  let next = newline;
  while (next < code.length && /\s/.test(code[next] ?? '')) next++;
  return asks.test(before) || follows.test(code.slice(next, next + 12)) ? next : undefined;
}

function endByIndent({ within }: Masked, lines: readonly string[], index: number): number {
  const indent = indentOf(lines[index] ?? '');
  let end = index;
  for (let at = index + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*$/.test(line)) continue;
    if ((within[at] ?? -1) === -1 && indentOf(line) <= indent) break;
    end = at;
  }
  return end + 1;
}

function endByKeyword(masked: Masked, lines: readonly string[], index: number): number {
  const indent = indentOf(lines[index] ?? '');
  if (/\bend\s*$/.test(lines[index] ?? '') || /\bdef\s+[^(\s]+(?:\([^)]*\))?\s+=\s/.test(lines[index] ?? '')) return index + 1;
  for (let at = index + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*$/.test(line) || (masked.within[at] ?? -1) === -2 || indentOf(line) > indent) continue;
    if (/^\s*(?:rescue|else|elsif|ensure)\b/.test(line)) continue;
    return indentOf(line) === indent && /^\s*(?:end\b|[)\]}])/.test(line) ? at + 1 : index + 1;
  }
  return index + 1;
}

function lineAt(starts: Int32Array, place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

function indentOf(line: string): number {
  const at = line.search(/\S/);
  return at < 0 ? 0 : line.slice(0, at).replaceAll('\t', '    ').length;
}

const head = /^\s*(?:@\w|#!?\[|\[\w.*\]\s*$|template\s*<)/;

/** The first line of the comments, decorators and attributes above a line. */
function findStart({ within, starts }: Masked, lines: readonly string[], raw: readonly string[], index: number): number {
  let start = index;
  const indent = indentOf(raw[index] ?? '');
  while (start > 0 && index - start < 60) {
    const above = start - 1;
    if ((raw[above] ?? '').trim() === '' || indentOf(raw[above] ?? '') < indent) break;
    const isComment = /^\s*$/.test(lines[above] ?? '');
    const around = within[above] ?? -1;
    const opener = around >= 0 ? lineAt(starts, around) - 1 : above;
    if (opener < above && opener > index - 60 && head.test(lines[opener] ?? '')) start = opener;
    else if (isComment || head.test(lines[above] ?? '')) start = above;
    else break;
  }
  return start + 1;
}
