import { type Grade, gradeName } from './names.ts';
import type { Range } from './pairs.ts';
import { asciiTable } from './span.ts';

const nameChar = asciiTable(/[\w.$-]/);
const longestName = 80;

/** The whole name around a part of one. */
export function nameAround(text: string, from: number, to: number): Range {
  let start = from;
  let end = to;
  while (start > from - longestName && start > 0 && nameChar[text.charCodeAt(start - 1)] === 1) start--;
  while (end < to + longestName && end < text.length && nameChar[text.charCodeAt(end)] === 1) end++;
  // `\npassword` inside a string: the n belongs to the line break.
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start)) && start < from) start++;
  while (end > to && /[.$-]/.test(text.charAt(end - 1))) end--;
  return [start, end];
}

/** `API key: …` in prose counts like `api_key`; in `arn:…:secret:name`, `AWS::KMS::Key` and `checksum/secret` the word is part of a path. */
export function gradeAt(text: string, start: number, end: number, grades: Map<string, Grade | undefined>): Grade | undefined {
  if (isInPath(text, start, end)) return undefined;
  const name = text.slice(start, end);
  const before =
    name.length < 5 && /^keys?$/i.test(name) ? /([A-Za-z]{3,12})[ :]$/.exec(text.slice(Math.max(0, start - 13), start)) : undefined;
  const full = before && !/^(?:rsa|dsa|ssh|gpg|pgp)$/i.test(before[1] ?? '') ? `${before[1]}_${name}` : name;
  if (!grades.has(full)) grades.set(full, gradeName(full));
  return grades.get(full);
}

function isInPath(text: string, start: number, end: number): boolean {
  const ahead = text.charAt(start - 1);
  if (ahead !== ':' && ahead !== '/') return false;
  const before = text.charAt(start - 2);
  return (ahead === ':' && before === ':') || (/[\w.]/.test(before) && /^:\S/.test(text.slice(end, end + 2)));
}
