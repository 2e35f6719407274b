import { visibleText } from '../glm/prompts/markup.ts';
import { type Known, openKnown } from '../patch/read/known-paths.ts';
import { readPath } from '../patch/read/path.ts';
import type { Finding, Rejected } from '../schema/report.ts';

/** A finding as a model wrote it, with the edit that it suggests. */
export type Said = Pick<Finding, 'severity' | 'path' | 'startLine' | 'endLine' | 'why' | 'side'> & {
  readonly refactoring: boolean;
  readonly editsText: string;
};

/** Lines of a file that a diff added, by the new file, and those that it removed, by the old one. */
export type DiffLines = ReadonlyMap<
  string,
  {
    readonly changed: ReadonlySet<number>;
    readonly removed: ReadonlySet<number>;
    /** What the file was called before. */
    readonly from?: string | undefined;
    /** The last line that the diff shows of the new file, and of the old one. */
    readonly last?: { readonly changed: number; readonly removed: number } | undefined;
  }
>;

export type Sorted = { readonly findings: readonly Said[]; readonly rejected: readonly Rejected[]; readonly none: boolean };

const words: Readonly<Record<string, Finding['severity']>> = {
  critical: 'critical',
  blocker: 'critical',
  high: 'critical',
  major: 'major',
  error: 'major',
  medium: 'major',
  minor: 'minor',
  warning: 'minor',
  low: 'minor',
  note: 'note',
  info: 'note',
  nit: 'note',
  refactoring: 'note',
};
const field = (name: string) => new RegExp(`^[\\s*_>-]*${name}[*_]*\\s*:[*_]*\\s*(.+)$`, 'im');
const place = /^[`*\s]*([^\s:#`*][^:#`*]*?)(?::\s*L?|#L)(\d+)(?:\s*[-–]\s*L?(\d+))?[`*\s.]*(\(?old\)?)?[`*\s.]*$/i;
/** The same with any sign in the path, for files that are known. */
const anyPlace = /^(.+?)(?::\s*L?|#L)(\d+)(?:\s*[-–]\s*L?(\d+))?[`*\s.]*(\(?old\)?)?[`*\s.]*$/i;
const block = /^<{5,}\s*SEARCH\b/m;

/** Reads a review and keeps what lies on changed lines. What does not is rejected with the reason, never dropped in silence. */
export function readFindings(reply: string, diff: DiffLines): Sorted {
  const text = visibleText(reply.replaceAll('\r\n', '\n'));
  const parts = text
    .split(/^(?=\s*(?:#{1,6}\s*|\*\*)(?:\d+[.)]\s*)?finding\b)/im)
    .filter((part) => /^\s*(?:#{1,6}\s*|\*\*)(?:\d+[.)]\s*)?finding\b/i.test(part));
  const olds = new Map([...diff].flatMap(([path, { from }]) => (from === undefined || diff.has(from) ? [] : [[from, path] as const])));
  const known = openKnown([...diff.keys(), ...olds.keys()]);
  const findings: Said[] = [];
  const rejected: Rejected[] = [];
  for (const part of parts) {
    const read = readOne(part, known);
    const placed = 'what' in read ? read : sideOf(byNewName(read, olds), diff);
    if ('what' in placed) rejected.push(placed);
    else findings.push(placed);
  }
  return { findings, rejected, none: parts.length === 0 && /\bno findings\b/i.test(text) };
}

function readOne(part: string, changed: Known): Said | Rejected {
  const at = block.exec(part)?.index;
  // The line before a block is its path.
  const prose = at === undefined ? part : part.slice(0, part.lastIndexOf('\n', Math.max(0, at - 2)) + 1);
  const severity =
    field('severity')
      .exec(prose)?.[1]
      ?.toLowerCase()
      .match(/[a-z]+/)?.[0] ?? '';
  const where = field('where').exec(prose)?.[1] ?? '';
  const why = /^[\s*_>-]*why[*_]*\s*:[*_]*\s*([\s\S]+)$/im.exec(prose)?.[1]?.trim() ?? '';
  const any = anyPlace.exec(where);
  const own = any?.[1] === undefined ? undefined : (changed.named(any[1]) ?? changed.named(any[1].replace(/^[`*\s]+/, '')));
  const found = own === undefined ? place.exec(where) : any;
  const path = own ?? readPath(found?.[1]?.trim() ?? '');
  const what = where.trim() || (part.trim().split('\n')[1] ?? part).trim().slice(0, 120);
  if (!found || path === undefined) return { what, why: 'it names no file and line' };
  if (why === '') return { what, why: 'it gives no reason' };
  const startLine = Number(found[2]);
  const endLine = Math.max(startLine, Number(found[3] ?? startLine));
  const known = words[severity];
  if (known === undefined) return { what, why: `"${severity}" is no severity` };
  return {
    severity: known,
    path,
    startLine,
    endLine,
    ...(found[4] && { side: 'old' as const }),
    why,
    refactoring: severity === 'refactoring',
    editsText: at === undefined ? '' : part.slice(prose.length),
  };
}

/** A finding that names a renamed file as it was called lies on the old side, unless its lines are new ones. */
function byNewName(said: Said, olds: ReadonlyMap<string, string>): Said {
  const path = olds.get(said.path);
  return path === undefined ? said : { ...said, path };
}

/** The finding on the side of the diff on which its lines lie; removed lines have the numbers of the old file. */
function sideOf(said: Said, diff: DiffLines): Said | Rejected {
  const { path, startLine, endLine, why, side } = said;
  const what = `${path}:${startLine}${endLine > startLine ? `-${endLine}` : ''} (${why.split('\n')[0]?.slice(0, 120)})`;
  const lines = diff.get(path);
  if (!lines) return { what, why: 'the file is not in the diff' };
  const holds = (set: ReadonlySet<number>) => [...set].some((line) => line >= startLine && line <= endLine);
  // A range that runs beyond what is shown ends there.
  const upTo = (last: number | undefined) => ({ endLine: last === undefined ? endLine : Math.max(startLine, Math.min(endLine, last)) });
  if (side === undefined && holds(lines.changed)) return { ...said, ...upTo(lines.last?.changed) };
  return holds(lines.removed) ? { ...said, ...upTo(lines.last?.removed), side: 'old' } : { what, why: 'the lines are not in the diff' };
}
