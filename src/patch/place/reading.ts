import type { Edit } from '../../schema/patch.ts';
import type { Eol } from './text.ts';

/**
 * A line of an edit: context, removed, added, or `loose`, context that has lost its marker or is prose. `raw` is as written, `eol` is its
 * end where the answer tells one from the other.
 */
export type Tagged = {
  readonly tag: ' ' | '-' | '+' | 'loose';
  readonly text: string;
  readonly raw: string;
  readonly eol?: Eol | undefined;
};

/** One way to read an edit. `openEnd`: on which sides it says that the file has no line end at its end. */
export type Reading = {
  readonly lines: readonly Tagged[];
  readonly openEnd?: { readonly before: boolean; readonly after: boolean } | undefined;
  /** Blank lines at its ends, which the file may not have, are left out. */
  readonly trimmed?: boolean | undefined;
};

/** The readings of an edit, the likeliest first; each holds the same changes or states why it may not. */
export function readingsOf(edit: Extract<Edit, { kind: 'replace' | 'hunk' }>): Reading[] {
  if (edit.kind === 'hunk') return hunkReadings(edit);
  const all = [{ search: edit.search, replace: edit.replace }, ...(edit.others ?? [])];
  return all.flatMap(({ search, replace }) => blockReadings(search, replace));
}

/** Where nothing or one blank line is to be put there, the lines go: a deletion is written in both ways. */
function blockReadings(search: string, replace: string): Reading[] {
  const before = search === '' ? [] : search.split('\n');
  const after = replace === '' ? [] : replace.split('\n');
  const readings: Reading[] = [{ lines: align(before, after) }];
  const framed = [before, after].every((lines) => lines.length > 2 && [0, -1].every((side) => (lines.at(side) ?? '').trim() === ''));
  if (framed) readings.push({ lines: align(before.slice(1, -1), after.slice(1, -1)), trimmed: true });
  const trimmed = [trimBlank(before), trimBlank(after)] as const;
  if (trimmed[0].length < before.length && trimmed[0].length > 0 && (trimmed[1].length === 0 || sameEdges(before, after)))
    readings.push({ lines: align(...trimmed), trimmed: true });
  return readings;
}

/**
 * As many blank lines at both ends of either side, and none above alone: what frames text frames it on both ends, and else a line that stood
 * beside them may have been lost.
 */
function sameEdges(before: readonly string[], after: readonly string[]): boolean {
  const says = (line: string) => line.trim() !== '';
  const [first, last] = [before.findIndex(says) - after.findIndex(says), before.findLastIndex(says) - after.findLastIndex(says)];
  const above = before[0]?.trim() === '' && before.at(-1)?.trim() !== '';
  return !above && first === 0 && last === before.length - after.length;
}

function trimBlank(lines: readonly string[]): string[] {
  let from = 0;
  let to = lines.length;
  while (from < to && (lines[from] ?? '').trim() === '') from++;
  while (to > from && (lines[to - 1] ?? '').trim() === '') to--;
  return lines.slice(from, to);
}

/** Context is what both sides share, in order (longest common subsequence); the rest is removed and added. */
export function align(before: readonly string[], after: readonly string[]): Tagged[] {
  const context = (text: string): Tagged => ({ tag: ' ', text, raw: text });
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const old = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  // What is left of one line is another line.
  const apart = old.length * fresh.length > maxCells || Math.max(old.length, fresh.length) < 2;
  const middle = apart ? swap(old, fresh) : subsequence(old, fresh);
  return [...before.slice(0, head).map(context), ...middle, ...before.slice(before.length - tail).map(context)];
}

const maxCells = 4_000_000;

function swap(old: readonly string[], fresh: readonly string[]): Tagged[] {
  const tagged = (tag: '-' | '+') => (text: string) => ({ tag, text, raw: text });
  return [...old.map(tagged('-')), ...fresh.map(tagged('+'))];
}

function subsequence(before: readonly string[], after: readonly string[]): Tagged[] {
  const width = after.length + 1;
  const length = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const same = before[i] === after[j];
      length[i * width + j] = same
        ? (length[(i + 1) * width + j + 1] ?? 0) + 1
        : Math.max(length[(i + 1) * width + j] ?? 0, length[i * width + j + 1] ?? 0);
    }
  }
  const out: Tagged[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    const old = before[i] ?? '';
    const fresh = after[j] ?? '';
    if (old === fresh) {
      out.push({ tag: ' ', text: old, raw: old });
      i++;
      j++;
    } else if ((length[(i + 1) * width + j] ?? 0) >= (length[i * width + j + 1] ?? 0))
      out.push({ tag: '-', text: old, raw: before[i++] ?? '' });
    else out.push({ tag: '+', text: fresh, raw: after[j++] ?? '' });
  }
  return [...out, ...swap(before.slice(i), after.slice(j))];
}

/**
 * Where a hunk ends is a question when prose follows it. It ends where its counts say, if only prose follows; else it is read as far as
 * it goes, then without a tail that holds no change.
 */
function hunkReadings({ lines, counts, windows }: Pick<Extract<Edit, { kind: 'hunk' }>, 'lines' | 'counts' | 'windows'>): Reading[] {
  const starts = [0, lines.findIndex((line) => line !== '')].filter((at) => at >= 0);
  const cuts = endsOf(lines, counts).flatMap((end) => [...new Set(starts)].map((start) => [start, end] as const));
  return cuts.filter(([start, end]) => end > start).map(([start, end]) => toReading(lines.slice(start, end), windows?.slice(start, end)));
}

/** Lines of a hunk without the prose below them, for a file that is made or removed as a whole. */
export function settledLines(lines: readonly string[], counts: Counts | undefined): readonly string[] {
  return lines.slice(0, Math.min(...endsOf(lines, counts)));
}

type Counts = { readonly before: number; readonly after: number };

function endsOf(lines: readonly string[], counts: Counts | undefined): number[] {
  const counted = counts ? countedEnd(lines, counts) : undefined;
  if (counted !== undefined && counted < lines.length && isProse(lines.slice(counted))) return [counted];
  const ends: number[] = [];
  if (counted !== undefined && lines.slice(counted).every((line) => line === '')) ends.push(counted);
  ends.push(trimEnd(lines, lines.length));
  const lastChange = lines.findLastIndex((line) => /^[-+]/.test(line));
  const loose = lines.findIndex((line, at) => at > lastChange && isLoose(line));
  if (loose !== -1) ends.push(trimEnd(lines, loose));
  const prose = lines.findIndex((line, at) => isLoose(line) && isProse(lines.slice(at)));
  if (prose !== -1 && !lines.slice(prose).some((line) => /^[-+][^\s]/.test(line))) ends.push(trimEnd(lines, prose));
  return [...new Set(ends)];
}

function isLoose(line: string): boolean {
  return line !== '' && !/^[-+ \\]/.test(line);
}

/** Text after a hunk: it starts with a blank line or a sentence, and what looks like a change is an item of a list. */
function isProse(tail: readonly string[]): boolean {
  const first = tail[0] ?? '';
  if (!(first.trim() === '' || isLoose(first))) return false;
  return tail.some((line) => line !== '') && tail.every((line) => line === '' || isLoose(line) || /^[-+] [A-Z`"'[(]/.test(line));
}

function trimEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (end > 0 && lines[end - 1] === '') end--;
  return end;
}

/** The place at which both counts of the header are met at once. */
function countedEnd(lines: readonly string[], counts: { readonly before: number; readonly after: number }): number | undefined {
  let { before, after } = counts;
  let at = 0;
  for (; at < lines.length && (before > 0 || after > 0); at++) {
    const mark = (lines[at] ?? '')[0] ?? ' ';
    if (mark === '\\') continue;
    if (mark !== '+') before--;
    if (mark !== '-') after--;
  }
  while ((lines[at] ?? '').startsWith('\\')) at++;
  return at > 0 && before === 0 && after === 0 ? at : undefined;
}

function toReading(lines: readonly string[], windows: readonly boolean[] | undefined): Reading {
  const tagged: Tagged[] = [];
  let old = false;
  let fresh = false;
  for (const [at, line] of lines.entries()) {
    const mark = line[0];
    const eol = windows && (windows[at] ? '\r\n' : '\n');
    if (mark === '\\') {
      const tag = tagged.at(-1)?.tag;
      if (tag !== '+') old = true;
      if (tag !== '-') fresh = true;
    } else if (mark === '+' || mark === '-') tagged.push({ tag: mark, text: line.slice(1), raw: line, eol });
    else if (mark === undefined || mark === ' ') tagged.push({ tag: ' ', text: line.slice(1), raw: line, eol });
    else tagged.push({ tag: 'loose', text: line, raw: line, eol });
  }
  return { lines: tagged, openEnd: old || fresh ? { before: old, after: fresh } : undefined };
}
