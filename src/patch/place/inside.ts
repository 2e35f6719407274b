import type { Edit } from '../../schema/patch.ts';
import type { Line } from './text.ts';

/** A single line of SEARCH that is a part of exactly one line. */
export function placeInLine(lines: readonly Line[], edit: Extract<Edit, { kind: 'replace' }>): Line[] | undefined {
  const { search, replace } = edit;
  if (search.includes('\n') || replace.includes('\n') || search.trim().length < 6 || edit.others) return undefined;
  const places = lines.flatMap((line, at) => (line.text.includes(search) ? [at] : []));
  const [only] = places;
  const line = only === undefined ? undefined : lines[only];
  if (places.length !== 1 || !line || line.text.indexOf(search) !== line.text.lastIndexOf(search)) return undefined;
  const at = line.text.indexOf(search);
  const word = /\w/;
  const joined = (a: string, b: string) => word.test(a) && word.test(b);
  if (joined(line.text[at - 1] ?? '', search[0] ?? '') || joined(search.at(-1) ?? '', line.text[at + search.length] ?? ''))
    return undefined;
  const text = line.text.slice(0, at) + replace + line.text.slice(at + search.length);
  return lines.map((other) => (other === line ? { ...other, text } : other));
}
