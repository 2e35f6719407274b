import { languageOf } from '../../context/scan/languages.ts';
import { mask } from '../../context/scan/mask.ts';
import type { Swap } from './spots.ts';

/** The test around a place: its title where it is written plainly, where it stands, and what fails as its first statement, where there is room for one. */
export type Body = { readonly title: string | undefined; readonly from: number; readonly to: number; readonly thrown: Swap | undefined };

const declares = /^(?:it|test|specify|fit)$/;

/** Where a line of a text starts and ends, counted from 1. */
export function lineSpan(text: string, line: number): { readonly from: number; readonly to: number } {
  let from = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', from);
    if (next < 0) return { from: text.length, to: text.length };
    from = next + 1;
  }
  const to = text.indexOf('\n', from);
  return { from, to: to < 0 ? text.length : to };
}

export function bodyAround(path: string, text: string, line: number): Body | undefined {
  return path.endsWith('.py') ? inPython(text, line) : inScript(path, text, line);
}

/** Is it the test of this name? What a table or a variable gives to a title may be anything. */
export function isBodyOf(name: string, { title }: Body): boolean {
  if (title === undefined) return false;
  const pieces = title.replace(/\\(.)/g, '$1').split(/%[a-z#]|\$\{[^}]*\}|\$[\w.#]+/);
  const pattern = pieces.map((piece) => piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('.*');
  return new RegExp(`(?:^|[\\s.:>])${pattern}(?:$|\\s?[[(])`, 's').test(name);
}

function inScript(path: string, text: string, line: number): Body | undefined {
  const syntax = languageOf(path)?.syntax;
  if (!syntax) return undefined;
  const { code, partner } = mask(text, syntax);
  const { from, to } = lineSpan(text, line);
  let found: Body | undefined;
  for (let open = code.indexOf('('); open >= 0 && open < to; open = code.indexOf('(', open + 1)) {
    const close = partner[open] ?? -1;
    if (close < from || !declares.test(headOf(code, partner, open))) continue;
    const inner = code.slice(open, close);
    const callback = /(?:=>\s*|function\s*\*?\s*[\w$]*\s*\([^()]*\)\s*)\{/.exec(inner);
    const at = callback ? open + callback.index + callback[0].length : undefined;
    const title = /^\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/.exec(text.slice(open + 1, close))?.[2];
    found = {
      title,
      from: open,
      to: close,
      thrown: at === undefined ? undefined : { from: at, to: at, put: " throw new Error('other');" },
    };
  }
  return found;
}

/** The first name of what is called here: `test` of `test.each([…])(`. */
function headOf(code: string, partner: Int32Array, open: number): string {
  let at = open - 1;
  while (at >= 0 && /[\s\w$.)]/.test(code[at] ?? '')) {
    if (/\s/.test(code[at] ?? '') && /[\w$]/.test(code[at + 1] ?? '')) break;
    at = code[at] === ')' ? (partner[at] ?? -1) - 1 : at - 1;
  }
  return /^\s*([\w$]*)/.exec(code.slice(Math.max(0, at + 1), open))?.[1] ?? '';
}

function inPython(text: string, line: number): Body | undefined {
  const rows = text.split('\n');
  const indent = (row: string) => row.length - row.trimStart().length;
  let first = line - 1;
  for (let least = Number.POSITIVE_INFINITY; first >= 0; first--) {
    const row = rows[first] ?? '';
    if (/^\s*(?:\).*)?$/.test(row)) continue;
    if (/^\s*(?:async\s+)?def\s+test/.test(row) && (first === line - 1 || indent(row) < least)) break;
    least = Math.min(least, indent(row));
  }
  const head = rows[first];
  if (head === undefined) return undefined;
  const deep = indent(head);
  let open = first;
  while (open < rows.length && !/:\s*(?:#.*)?$/.test(rows[open] ?? '')) open++;
  let last = open + 1;
  while (last < rows.length && ((rows[last] ?? '').trim() === '' || indent(rows[last] ?? '') > deep)) last++;
  const at = lineSpan(text, open + 2).from;
  const begin = rows[open + 1] ?? '';
  const inside = begin.trim() === '' ? `${' '.repeat(deep + 4)}` : begin.slice(0, indent(begin));
  return {
    title: /\bdef\s+(\w+)/.exec(head)?.[1],
    from: lineSpan(text, first + 1).from,
    to: lineSpan(text, last + 1).from,
    thrown: { from: at, to: at, put: `${inside}raise AssertionError("other")\n` },
  };
}
