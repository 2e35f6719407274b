import type { Edit } from '../../schema/patch.ts';
import type { Place, Taken } from './diff.ts';
import type { Known } from './known-paths.ts';
import { isPathLine, readPath } from './path.ts';

const open = /^\s*(?:<{5,9}|-{5,9}(?=\s*SEARCH))\s*(?:SEARCH|ORIGINAL|OLD|BEFORE|FIND|HEAD)?\b\s*(.*)$/i;
const middle = /^\s*={5,9}\s*$/;
const close = /^\s*(?:>{5,9}|\+{5,9}(?=\s*REPLACE))\s*(?:REPLACE|UPDATED|NEW|AFTER)?\b.*$/i;

export function startsBlock(line: string): boolean {
  return (line.includes('<<<<<') || line.includes('-----')) && startOfBlock.test(line);
}

const startOfBlock = /^\s*<{5,9}(?:\s*$|\s*(?:SEARCH|ORIGINAL|OLD|BEFORE|FIND|HEAD)\b)|^\s*-{5,9}\s*SEARCH\s*$/i;

/** The end of a block whose first line is missing: its last line, and the separator somewhere above it with no end between them. */
export function endsBlock(lines: readonly string[], at: number): boolean {
  if (!(lines[at] ?? '').includes('>>>>>') || !/^\s*>{5,9}\s*(?:REPLACE|UPDATED)\b/i.test(lines[at] ?? '')) return false;
  let above = at - 1;
  while (above >= 0 && !middle.test(lines[above] ?? '') && !close.test(lines[above] ?? '')) above--;
  return middle.test(lines[above] ?? '');
}

export const lostStart = 'A search/replace block has an end and no first line: begin each with <<<<<<< SEARCH.';

/** Reads one search/replace block. The path stands on its opening line, or was named before. */
export function readBlock(place: Place): Taken {
  const { lines, at, known } = place;
  const head = open.exec(lines[at] ?? '');
  const named = head?.[1] ? (known.named(head[1]) ?? (isPathLine(head[1]) ? readPath(head[1]) : undefined)) : undefined;
  const path = named ?? pathOnLine(lines, at, known) ?? place.path;
  let end = at + 1;
  while (end < lines.length && !close.test(lines[end] ?? '') && !startsBlock(lines[end] ?? '')) end++;
  const closed = close.test(lines[end] ?? '');
  const next = closed ? end + 1 : end;
  const fail = (rule: string, message: string): Taken => ({ next, edits: [], problems: [{ path: path ?? '', rule, message }], path });
  if (!closed) return fail('truncated', 'A search/replace block has no end: the answer was cut off, or its last line is missing.');
  if (path === undefined)
    return fail('no_path', 'A search/replace block does not say which file it is for: put the path alone on the line before it.');
  const body = lines.slice(at + 1, end);
  const separators = body.flatMap((line, index) => (middle.test(line) ? [index] : []));
  const exact = separators.filter((index) => body[index] === '=======');
  const cuts = exact.length > 0 ? exact : separators;
  if (cuts.length === 0)
    return fail('malformed_block', 'A search/replace block has no ======= line between what to find and what to put there.');
  // The separator can be content too, as below a heading: then it stands as often on either side, and the middle one parts them.
  if (cuts.length % 2 === 0)
    return fail('malformed_block', 'A search/replace block has several ======= lines, and any of them may part it.');
  const cut = cuts[(cuts.length - 1) / 2] ?? 0;
  const [search, replace] = [body.slice(0, cut), body.slice(cut + 1)];
  const framed = blankEnds(replace).every((count, side) => count === (blankEnds(search)[side] ?? 0) + 1);
  if (search.length > 0 && replace.length > 2 && framed)
    return fail('blank_edges', 'REPLACE begins and ends with a blank line that SEARCH does not have: leave them out.');
  const edit: Edit = { kind: 'replace', path, search: search.join('\n'), replace: replace.join('\n') };
  return { next, edits: [edit], problems: [], path };
}

/** How many blank lines there are at the start and at the end. */
function blankEnds(lines: readonly string[]): readonly [number, number] {
  const first = lines.findIndex((line) => line.trim() !== '');
  return [Math.max(first, 0), lines.length - 1 - lines.findLastIndex((line) => line.trim() !== '')];
}

/** Right above a block, a single word is its file, be it a name that says nothing elsewhere; so is a name in a folder that is there. */
function pathOnLine(lines: readonly string[], at: number, known: Known): string | undefined {
  const line = lines[at - 1]?.trim() ?? '';
  const plain = readPath(line);
  if (plain === undefined || !/^[`*\w.@"']/.test(line)) return undefined;
  if (/^[\w.@][\w./@+-]*$/.test(plain)) return plain;
  const folder = plain.slice(0, Math.max(0, plain.lastIndexOf('/')));
  return known.isFolder(folder) && /\.[A-Za-z0-9]{1,12}$/.test(plain) ? plain : undefined;
}

/** `DELETE path` and `RENAME old -> new`, alone on a line. */
export function readOrder(line: string, known: Known): Edit | undefined {
  if (!line.includes('DELETE') && !line.includes('RENAME')) return undefined;
  const plain = line.trim().replace(/^[*`]+|[*`]+$/g, '');
  const gone = /^DELETE:? (?:FILE:? )?(\S.*)$/.exec(plain)?.[1];
  if (gone !== undefined) {
    const path = known.named(gone) ?? (/^\S+$/.test(gone) && isPathLine(gone) ? readPath(gone) : undefined);
    return path === undefined ? undefined : { kind: 'delete', path };
  }
  const [, from, to] = /^RENAME:? (\S.*?) (?:->|→|to|=>) (\S.*)$/.exec(plain) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const old = known.named(from) ?? (/^\S+$/.test(from) && isPathLine(from) ? readPath(from) : undefined);
  const fresh = isPathLine(to) || (old !== undefined && /\.\w{1,12}[`"']?$/.test(to)) ? readPath(to) : undefined;
  return old === undefined || fresh === undefined ? undefined : { kind: 'rename', path: old, to: fresh };
}
