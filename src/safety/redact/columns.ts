import { gradeName } from './names.ts';
import type { Span } from './span.ts';
import { isSecret } from './value.ts';

const insert = /\bINSERT\s{1,8}INTO\s{1,8}[\w."`[\]]{1,80}\s{0,8}\(([^()\n]{1,400})\)\s{0,8}VALUES\s{0,8}/gi;
const tuple = /\(((?:[^()'\n]|'[^'\n]{0,1000}'){1,1000})\)\s{0,4},?\s{0,80}/dy;
const cell = /[ \t]*(?:'([^'\n]*)'|[^,'\n]*)[ \t]*(?:,|$)/dg;

/** Values whose name stands in the head of their column: CSV files and SQL inserts. */
export function columnSpans(text: string, path = ''): Span[] {
  return [...insertSpans(text), ...(/\.[ct]sv$/i.test(path) ? tableSpans(text, separatorOf(text)) : [])];
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
