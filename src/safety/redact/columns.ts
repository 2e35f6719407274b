import { gradeName } from './names.ts';
import { endOfLine, type Span } from './span.ts';
import { isSecret } from './value.ts';

const insert = /\bINSERT\s{1,8}INTO\s{1,8}[\w."`[\]]{1,80}\s{0,8}\(([^()\n]{1,400})\)\s{0,8}VALUES\s{0,8}/gi;
const tuple = /\(((?:[^()'\n]|'[^'\n]{0,1000}'){1,1000})\)\s{0,4},?\s{0,80}/dy;
const cell = /[ \t]*(?:'([^'\n]*)'|[^,'\n]*)[ \t]*(?:,|$)/dg;

/** Values whose name stands in the head of their column: CSV files, tables of Markdown and SQL inserts. */
export function columnSpans(text: string, path = ''): Span[] {
  return [...insertSpans(text), ...markdownSpans(text), ...(/\.[ct]sv$/i.test(path) ? tableSpans(text, separatorOf(text)) : [])];
}

function separatorOf(text: string): string {
  const head = text.split('\n', 1)[0] ?? '';
  return ['\t', ';'].find((one) => head.includes(one)) ?? ',';
}

function insertSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const head of text.matchAll(insert)) {
    const grades = (head[1] ?? '').split(',').map(gradeName);
    if (grades.every((grade) => grade === undefined)) continue;
    tuple.lastIndex = head.index + head[0].length;
    for (let row = tuple.exec(text); row; row = tuple.exec(text)) {
      const from = row.indices?.[1]?.[0] ?? 0;
      [...(row[1] ?? '').matchAll(cell)].forEach((found, column) => {
        const grade = grades[column];
        const at = found.indices?.[1];
        if (grade && at && isSecret(found[1] ?? '', grade)) spans.push({ start: from + at[0], end: from + at[1], kind: 'VALUE' });
      });
    }
  }
  return spans;
}

const ruler = /\n[ \t]{0,20}\|?[ \t]{0,20}:?-{2,40}:?[ \t]{0,20}\|[-:| \t]{0,400}\r?(?=\n)/g;

/** The cells of a Markdown table below a head that says secret. */
function markdownSpans(text: string): Span[] {
  const spans: Span[] = [];
  const rulers = [...text.matchAll(ruler)];
  for (const [place, { index, 0: line }] of rulers.entries()) {
    const head = text.slice(Math.max(text.lastIndexOf('\n', index - 1) + 1, index - 1_000), index);
    const grades = cellsOf(head).map(({ cell }) => gradeName(cell));
    if (grades.every((grade) => grade === undefined)) continue;
    const limit = rulers[place + 1]?.index ?? text.length;
    for (let at = index + line.length + 1; at < limit; ) {
      const end = endOfLine(text, at);
      const row = text.slice(at, Math.min(end, at + 4_000));
      if (!row.includes('|')) break;
      cellsOf(row).forEach(({ cell, from }, column) => {
        const grade = grades[column];
        if (grade && isSecret(cell, grade, 'line')) spans.push({ start: at + from, end: at + from + cell.length, kind: 'VALUE' });
      });
      at = end + 1;
    }
  }
  return spans;
}

/** What stands between the bars of a row, without blanks and marks around it. */
function cellsOf(row: string): { readonly cell: string; readonly from: number }[] {
  const start = /^[ \t]*\|?/.exec(row)?.[0].length ?? 0;
  let at = start;
  return row
    .slice(start)
    .split('|')
    .map((part) => {
      let from = 0;
      let to = part.length;
      while (from < to && isMark(part.charAt(from))) from++;
      while (to > from && isMark(part.charAt(to - 1))) to--;
      const found = { cell: part.slice(from, to), from: at + from };
      at += part.length + 1;
      return found;
    });
}

function isMark(char: string): boolean {
  return ' \t\r`*_'.includes(char);
}

function tableSpans(text: string, separator: string): Span[] {
  const spans: Span[] = [];
  const names = (text.split('\n', 1)[0] ?? '').split(separator);
  const grades = names.map((name) => (name === '' ? undefined : gradeName(name.replace(/^\s*"|"\s*$/g, ''))));
  if (grades.every((grade) => grade === undefined)) return [];
  let start = 0;
  for (const line of text.split('\n')) {
    let at = start;
    line.split(separator).forEach((field, column) => {
      const grade = start === 0 ? undefined : grades[column];
      const value = field.replace(/^\s*"?|"?\s*$/g, '');
      const from = at + field.indexOf(value);
      if (grade && isSecret(value, grade)) spans.push({ start: from, end: from + value.length, kind: 'VALUE' });
      at += field.length + 1;
    });
    start += line.length + 1;
  }
  return spans;
}
