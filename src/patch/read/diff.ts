import { createHash } from 'node:crypto';
import type { Edit, PlaceFailure } from '../../schema/patch.ts';
import { settledLines } from '../place/reading.ts';
import { type Head, nextSaid, pathOf, readHead, sideNamed } from './header.ts';
import type { Known } from './known-paths.ts';

/** What a reader took from the answer: where it stopped, and what it found. */
export type Taken = {
  readonly next: number;
  readonly edits: readonly Edit[];
  readonly problems: readonly PlaceFailure[];
  readonly path?: string | undefined;
  /** A header that no hunk has followed yet. */
  readonly open?: boolean | undefined;
};

export type Place = {
  readonly lines: readonly string[];
  readonly at: number;
  /** Inside a code fence; its closing line ends a hunk. */
  readonly fenced: boolean;
  /** The file that the text before named last. */
  readonly path: string | undefined;
  readonly known: Known;
  /** Which lines end in CR LF, where not all of them do. */
  readonly windows?: readonly boolean[] | undefined;
};

const hunkHead = /^@@\s*[-−–]\s?(\d+)(?:\s*,\s*(\d+))?\s+\+\s?(\d+)(?:\s*,\s*(\d+))?\s*(?:@@|$)/;

const heads = ['diff ', 'Index: ', '@@', '--- ', '+++ '] as const;

/** Does a unified diff start at this line? */
export function startsDiff(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (!heads.some((head) => line.startsWith(head))) return false;
  if (/^diff (?:--git|-[a-zA-Z]*[ur]\S*) \S/.test(line) || /^Index: \S/.test(line)) return true;
  if (/^@@(?:\s|$)/.test(line)) return true;
  return isFileHead(lines, at);
}

/** `--- a` with `+++ b` below it, or either of them above a hunk. */
function isFileHead(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (!/^(?:---|\+\+\+) \S/.test(line)) return false;
  const next = nextSaid(lines, at + 1);
  if (/^--- \S/.test(line)) return /^\+\+\+ \S/.test(next) || (/^@@/.test(next) && looksLikePath(line));
  if (/^\+\+\+ \S/.test(line)) return /^@@/.test(next) || /^--- \S/.test(next);
  return false;
}

function looksLikePath(line: string): boolean {
  return /^(?:---|\+\+\+) "?[\w./@\\-]+"?(?:\s|$)/.test(line);
}

/** Reads one file's section: its header, where there is one, and the hunks below it. */
export function readDiff(place: Place): Taken {
  const head: Head = { created: false, deleted: false };
  const at = readHead(place, head);
  const path = pathOf(head, place.known) ?? place.path;
  const { lines } = place;
  const { hunks, next } = readHunks({ ...place, at });
  if (path === undefined)
    return { next, edits: [], problems: [{ path: '', rule: 'no_path', message: 'A diff does not say which file it is for.' }] };
  if (head.refusal) return { next, edits: [], problems: [{ path, ...head.refusal }], path };
  if (isCutOff(head, hunks, next >= lines.length))
    return {
      next,
      edits: [],
      problems: [{ path, rule: 'truncated', message: 'The diff of this file holds less than it says: the answer was cut off.' }],
    };
  const edits: Edit[] = [
    ...toEdits(head, path, hunks),
    ...(head.runs === undefined ? [] : [{ kind: 'mode' as const, path, runs: head.runs }]),
  ];
  return { next, edits, problems: [], path, open: edits.length === 0 };
}

function toEdits(head: Head, path: string, hunks: readonly Hunk[]): Edit[] {
  // What git writes of an empty file names no sides: here the lines have lost their heading.
  if (hunks.length === 0 && head.created && head.new !== undefined) return [];
  if (head.created || head.deleted) {
    const all = hunks.flatMap((hunk) => settledLines(hunk.lines, hunk.counts));
    const end = all.findLastIndex((line) => /^[-+]/.test(line));
    // Inside a hunk that only adds, a line without anything is a blank line that has lost its sign.
    const body = all.map((line, at) => (line === '' && head.created && at < end && at > 0 ? '+' : line)).filter((line) => line !== '');
    const marks = new Set(body.map((line) => line[0]).filter((mark) => mark !== '\\'));
    if (head.created && ((marks.size === 0 && hunks.length === 0) || (marks.size === 1 && marks.has('+')))) {
      return [{ kind: 'write', path, content: withItsEnds(contentOf(body), hunks, head.blob), created: true }];
    }
    if (head.deleted && !marks.has('+')) {
      return [
        {
          kind: 'delete',
          path,
          expected: body.length > 0 ? body.filter((line) => /^[- ]/.test(line)).map((line) => line.slice(1)) : undefined,
        },
      ];
    }
    return [];
  }
  const from = head.renameFrom;
  const to = head.renameTo;
  const rename: Edit[] = from !== undefined && to !== undefined && from !== to ? [{ kind: 'rename', path: from, to }] : [];
  const target = rename.length > 0 ? (from ?? path) : path;
  return [...rename, ...hunks.map((hunk): Edit => ({ kind: 'hunk', path: target, ...hunk }))];
}

/** A new file whose hunk promises more lines than there are, at the end of the answer; a new or renamed file whose text is missing. */
function isCutOff(head: Head, hunks: readonly Hunk[], ended: boolean): boolean {
  if (hunks.length === 0 && (head.changed || (head.created && (head.empty === false || (ended && head.empty === undefined))))) return true;
  const last = hunks.at(-1);
  if (!head.created || !last?.last || !last.counts) return false;
  const end = last.lines.findLastIndex((line) => line.startsWith('+'));
  return last.lines.filter((line, at) => line.startsWith('+') || (line === '' && at < end)).length < last.counts.after;
}

/** The text of a new file from its added lines. */
function contentOf(body: readonly string[]): string {
  const added = body.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
  const open = body.some((line) => line.startsWith('\\'));
  return added.length === 0 ? '' : `${added.join('\n')}${open ? '' : '\n'}`;
}

/** Line ends of a new file are easily changed on their way; where git has written which text it is, that text. */
function withItsEnds(content: string, hunks: readonly Hunk[], blob: string | undefined): string {
  const id = (text: string) =>
    createHash('sha1')
      .update(`blob ${Buffer.byteLength(text)}\0${text}`)
      .digest('hex');
  const ends = hunks.flatMap(({ lines, windows }) => lines.flatMap((line, at) => (line.startsWith('+') ? (windows?.[at] ?? false) : [])));
  const written = content.split('\n').map((line, at) => (ends[at] ? `${line}\r` : line));
  const other = written.join('\n').replace(/\r$/, '');
  return blob !== undefined && other !== content && id(other).startsWith(blob) ? other : content;
}

type Hunk = {
  readonly lines: readonly string[];
  readonly line: number | undefined;
  readonly newLine?: number | undefined;
  readonly windows?: readonly boolean[] | undefined;
  readonly counts?: { readonly before: number; readonly after: number } | undefined;
  readonly anchors?: readonly string[] | undefined;
  readonly last?: boolean | undefined;
  readonly open?: 'line' | 'fence' | undefined;
};

/** `bare`: the first hunk has no line of its own that begins it. Reads hunks until something that cannot be one. Lines are kept as they stand; what of them is prose is decided when they are placed. */
export function readHunks(
  place: Place,
  { ends = () => false, bare = false }: { readonly ends?: (line: string) => boolean; readonly bare?: boolean } = {},
): { hunks: Hunk[]; next: number } {
  const { lines, fenced, known, windows } = place;
  const hunks: Hunk[] = [];
  let at = place.at;
  while (at < lines.length) {
    while ((lines[at] ?? 'x').trim() === '' && at < lines.length) at++;
    const line = lines[at] ?? '';
    if (!line.startsWith('@@') && !(bare && hunks.length === 0)) break;
    const anchors: string[] = [];
    const head = hunkHead.exec(line);
    while ((lines[at] ?? '').startsWith('@@')) {
      const anchor = headingOf(lines[at] ?? '');
      if (anchor) anchors.push(anchor);
      at++;
      if (hunkHead.test(lines[at] ?? '')) break;
    }
    const start = at;
    let [before, after] = head ? [Number(head[2] ?? 1), Number(head[4] ?? 1)] : [0, 0];
    while (at < lines.length && !endsHunk(lines, at, fenced) && !ends(lines[at] ?? '')) {
      const one = lines[at] ?? '';
      // Where all its lines have been seen, a hunk is over, and what looks like a change is the heading of the next file.
      if (before <= 0 && after <= 0 && namesSide(lines, at, head !== null, known)) break;
      if (!/^[+\\]/.test(one)) before--;
      if (!/^[-\\]/.test(one)) after--;
      at++;
    }
    const body = lines.slice(start, at);
    hunks.push({
      lines: body,
      line: head ? Number(head[1]) : undefined,
      newLine: head ? Number(head[3]) : undefined,
      windows: windows?.slice(start, at),
      counts: head?.[2] || head?.[4] ? { before: Number(head[2] ?? 1), after: Number(head[4] ?? 1) } : undefined,
      anchors: head ? undefined : anchors,
      last: at >= lines.length || (!fenced && hasLeftover(lines, at)),
      open: at < lines.length ? undefined : fenced ? 'fence' : lines.at(-1) === '' ? undefined : 'line',
    });
  }
  return { hunks, next: at };
}

/** `+++ b/My File.js` above a hunk, with or without the line for the other side. */
function namesSide(lines: readonly string[], at: number, counted: boolean, known: Known): boolean {
  const line = lines[at] ?? '';
  if (!/^(?:---|\+\+\+) \S/.test(line)) return false;
  const next = lines[at + 1] ?? '';
  const pair = line.startsWith('---') && /^\+\+\+ \S/.test(next);
  if (!(pair || hunkHead.test(next) || /^@@/.test(next))) return false;
  return counted || pair || /^(?:---|\+\+\+) "?[abiw]\//.test(line) || known.has(sideNamed(line));
}

/** A fence can end a hunk that is not fenced, or be a line of it that has lost its mark: then changes follow. */
function hasLeftover(lines: readonly string[], from: number): boolean {
  if (!/^(?:`{3,}|~{3,})/.test(lines[from] ?? '')) return false;
  for (let at = from; at < lines.length && !startsDiff(lines, at); at++) if (/^[-+]/.test(lines[at] ?? '')) return true;
  return false;
}

/** `@@ class Foo` names a place; numbers and dots do not. */
function headingOf(line: string): string | undefined {
  if (hunkHead.test(line)) return undefined;
  const text = line.replace(/^@@\s?/, '').replace(/\s*@@\s*$/, '');
  return /[A-Za-z_]\w/.test(text) && !/^\.{3}/.test(text.trim()) ? text : undefined;
}

function endsHunk(lines: readonly string[], at: number, fenced: boolean): boolean {
  const line = lines[at] ?? '';
  // Most lines of a hunk begin with none of these.
  if (!/^(?:@@|diff --git |Index: |\*\*\* |```|~~~|<{5}|--|\+\+\+ )/.test(line)) return false;
  if (line.startsWith('@@')) return true;
  if (/^diff --git \S/.test(line) || /^Index: \S/.test(line) || /^\*\*\* (?:Begin|End|Update|Add|Delete) /.test(line)) return true;
  if (fenced && /^(?:`{3,}|~{3,})\s*$/.test(line)) return true;
  if (!fenced && /^(?:`{3,}|~{3,})/.test(line)) return true;
  if (/^<{5,9} ?(?:SEARCH|ORIGINAL)/i.test(line)) return true;
  if (/^--\s?$/.test(line) && /^\d+\.\d+/.test(lines[at + 1] ?? '')) return true;
  if (/^(?:---|\+\+\+) \S/.test(line) && looksLikePath(line) && hunkHead.test(lines[at + 1] ?? '')) return true;
  return (
    /^--- \S/.test(line) &&
    /^\+\+\+ \S/.test(lines[at + 1] ?? '') &&
    (/^@@/.test(nextSaid(lines, at + 2)) || / \/dev\/null/.test(lines[at + 1] ?? ''))
  );
}
