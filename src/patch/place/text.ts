export type Eol = '\n' | '\r\n';
/** A line of a file and its own end: '\n', '\r\n', '\r' inside mixed files stays text, '' at the end of a file without one. */
export type Line = { readonly text: string; readonly eol: Eol | '' };

export function splitText(text: string): Line[] {
  const lines: Line[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    if (end === -1) {
      lines.push({ text: text.slice(at), eol: '' });
      break;
    }
    const windows = end > at && text[end - 1] === '\r';
    lines.push({ text: text.slice(at, windows ? end - 1 : end), eol: windows ? '\r\n' : '\n' });
    at = end + 1;
  }
  return lines;
}

export function joinText(lines: readonly Line[]): string {
  return lines.map((line) => line.text + line.eol).join('');
}

/** The line end that most lines of a file have. */
export function usualEol(lines: readonly Line[]): Eol {
  const windows = lines.filter((line) => line.eol === '\r\n').length;
  return windows * 2 > lines.filter((line) => line.eol !== '').length ? '\r\n' : '\n';
}

export function indentOf(text: string): string {
  return /^[ \t]*/.exec(text)?.[0] ?? '';
}

const typographic: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u201b\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' '],
  [/\u2026/g, '...'],
  [/\u200b|\u200c|\u200d|\u2060|\ufeff/g, ''],
];

const beyondAscii = /[\u0080-\uffff]/;

/** Characters of no width, and blanks that no keyboard writes. */
export const unseenChars = /[\u200b-\u200d\u2060\ufeff\u00ad\u00a0\u2000-\u200a\u202f\u205f\u3000]/;
/** ASCII in the width of Chinese characters. */
export const wideChars = /[\uff01-\uff5e]/;

/** Quotes, dashes and blanks as a keyboard writes them. */
export function plainText(text: string): string {
  if (!beyondAscii.test(text)) return text;
  let plain = text;
  for (const [pattern, by] of typographic) plain = plain.replace(pattern, by);
  return plain;
}

/** The typographic characters that one text has and another, which says the same, has not. */
export function typographicIn(text: string, other: string): string[] {
  return [...new Set(text)].filter((char) => plainText(char) !== char && !other.includes(char));
}

/** A blank of another kind at the start of a line is no indentation in any language. */
export function plainIndent(text: string): string {
  return text.replace(/^[ \t]*[\u00a0\u2000-\u200a\u202f\u205f\u3000]\s*/, plainText);
}

/** Without blanks and tabs around it. Other white space counts as text. */
export function bare(text: string): string {
  const isPad = (char: string | undefined) => char === ' ' || char === '\t';
  let [from, to] = [0, text.length];
  while (from < to && isPad(text[from])) from++;
  while (to > from && isPad(text[to - 1])) to--;
  return text.slice(from, to);
}

/** How alike two lines are, from 0 to 1: shared pairs of characters, blanks apart. */
export function likeness(a: string, b: string): number {
  const left = a.replace(/\s+/g, '');
  const right = b.replace(/\s+/g, '');
  if (left === right) return 1;
  if (left.length < 2 || right.length < 2) return 0;
  const pairs = new Map<string, number>();
  for (let at = 0; at < left.length - 1; at++) pairs.set(left.slice(at, at + 2), (pairs.get(left.slice(at, at + 2)) ?? 0) + 1);
  let shared = 0;
  for (let at = 0; at < right.length - 1; at++) {
    const pair = right.slice(at, at + 2);
    const count = pairs.get(pair) ?? 0;
    if (count > 0) {
      shared++;
      pairs.set(pair, count - 1);
    }
  }
  return (2 * shared) / (left.length + right.length - 2);
}
