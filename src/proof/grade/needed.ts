import { align } from '../../patch/place/reading.ts';
import type { FileChange } from '../../schema/patch.ts';

/** One hunk or one whole file of a patch, and the patch without it. `silent`: it holds comments and blank lines alone. */
export type Piece = { readonly where: string; readonly rest: readonly FileChange[]; readonly silent: boolean };
type Group = { from: number; to: number };

const mostPieces = 8;
const comment = /^\s*(?:\/\/|#|\*|\/\*|--|$)/;

/** A patch without each of its hunks; without each of its files where the hunks are many. None: it is one piece. */
export function piecesOf(changes: readonly FileChange[]): Piece[] {
  const hunks = changes.flatMap((change) => groupsOf(change).map((group) => ({ change, group })));
  const parts = hunks.length > mostPieces ? changes.map((change) => ({ change, group: undefined })) : hunks;
  if (parts.length < 2) return [];
  return parts.slice(0, mostPieces).map(({ change, group }) => ({
    where: group ? `${change.path}:${lineOf(change, group)}` : change.path,
    silent:
      group !== undefined &&
      taggedOf(change)
        .slice(group.from, group.to)
        .every(({ text }) => comment.test(text)),
    rest: changes.flatMap((one) => (one === change ? without(one, group ? [group] : undefined) : [one])),
  }));
}

/** The patch without all pieces of these names. */
export function withoutPieces(changes: readonly FileChange[], names: readonly string[]): FileChange[] {
  return changes.flatMap((change) => {
    if (names.includes(change.path)) return [];
    return without(
      change,
      groupsOf(change).filter((group) => names.includes(`${change.path}:${lineOf(change, group)}`)),
    );
  });
}

/** A file that was made or removed is one piece. */
function groupsOf(change: FileChange): Group[] {
  const groups: Group[] = [];
  for (const [at, { tag }] of taggedOf(change).entries()) {
    const last = groups.at(-1);
    if (tag === ' ') continue;
    if (last?.to === at) last.to = at + 1;
    else groups.push({ from: at, to: at + 1 });
  }
  return groups;
}

function without(change: FileChange, gone: readonly Group[] | undefined): FileChange[] {
  if (gone === undefined || (gone.length > 0 && (change.before === null || change.after === null))) return [];
  const kept = taggedOf(change).filter(({ tag }, at) => (gone.some(({ from, to }) => at >= from && at < to) ? tag !== '+' : tag !== '-'));
  const after = kept.map(({ text }) => text).join('');
  return gone.length === 0 ? [change] : after === change.before ? [] : [{ ...change, after }];
}

const lineOf = (change: FileChange, { from }: Group) =>
  taggedOf(change)
    .slice(0, from)
    .filter(({ tag }) => tag !== '-').length + 1;

const taggedOf = ({ before, after }: FileChange) => align(linesOf(before ?? ''), linesOf(after ?? ''));

/** Lines with their ends, so that the parts give back the file byte by byte. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** Numbers of the lines that a patch adds, in the new file. */
export function addedLines(change: FileChange): Set<number> {
  const found = new Set<number>();
  let line = 0;
  for (const { tag, text } of taggedOf(change)) {
    if (tag !== '-') line++;
    if (tag === '+' && text.trim() !== '') found.add(line);
  }
  return found;
}
