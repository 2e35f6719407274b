import type { ManifestEntry } from '../../schema/context.ts';
import type { Failure } from '../../schema/run.ts';
import type { Segment } from '../scan/segments.ts';
import { importsReason, type Part, renderFile, signatureOf } from './render.ts';

/** One stretch of the pack: a file, the failure or the outline, rendered and counted, with what the manifest says of it. */
export type Block = {
  readonly path: string;
  readonly text: string;
  readonly tokens: number;
  readonly entries: readonly Omit<ManifestEntry, 'path' | 'sha256' | 'tokens'>[];
};
export type Count = (text: string) => number;
export type Read = (path: string) => string | undefined;

/** Fence, label and joints of one file, and of one part of it. */
export const fileOverhead = 45;
export const partOverhead = 10;

const mostOthers = 12;
const longestOther = 300;

/** The messages of the other red tests; those that say the same are one line. */
export function describeOthers(failure: Failure, all: readonly Failure[]): string[] {
  const byMessage = new Map<string, string[]>();
  for (const { id, message } of all) {
    if (id === failure.id) continue;
    const said = message.slice(0, longestOther).trim();
    byMessage.set(said, [...(byMessage.get(said) ?? []), id]);
  }
  const told = [...byMessage].slice(0, mostOthers).map(([said, [first = '', ...more]]) => {
    const like = more.length > 0 ? ` and ${more.length} more` : '';
    return `${first}${like}: ${said === failure.message.slice(0, longestOther).trim() ? 'the same' : said}`;
  });
  const rest = byMessage.size > mostOthers ? [`… and ${byMessage.size - mostOthers} other messages`] : [];
  return told.length === 0 ? [] : ['red in the same run:', ...told, ...rest];
}

/** The failure as the reader should see it. */
export function describeFailure(failure: Failure): string {
  const parts = [`${failure.id}${failure.line === undefined ? '' : ` (line ${failure.line})`}`, failure.message];
  if (failure.expected !== undefined) parts.push(`expected: ${failure.expected}`);
  if (failure.actual !== undefined) parts.push(`actual: ${failure.actual}`);
  if (failure.frames.length > 0)
    parts.push(
      failure.frames
        .slice(0, 20)
        .map((frame) => `at ${frame.name ?? ''} ${frame.file}:${frame.line}`)
        .join('\n'),
    );
  if (failure.output && !failure.message.includes(failure.output)) parts.push(`output:\n${failure.output}`);
  return parts.join('\n');
}

/** What the failing test reported; the middle is cut where it is too long. */
export function outputBlock(text: string, budget: number, count: Count): Block {
  let kept = text;
  for (let size = text.length; count(kept) > budget && size > 200; size = Math.floor(size * 0.8)) {
    kept = `${text.slice(0, Math.floor(size / 2))}\n… cut …\n${text.slice(-Math.floor(size / 2))}`;
  }
  const body = renderFile('failure', [{ startLine: 1, endLine: kept.split('\n').length, lines: kept.split('\n') }], '');
  const endLine = kept.split('\n').length;
  return {
    path: 'failure',
    text: body,
    tokens: count(body) + 2,
    entries: [{ startLine: 1, endLine, form: 'output', reason: 'what the failing test reported' }],
  };
}

/** How many files each folder holds. */
export function outlineBlock(paths: readonly string[], budget: number, count: Count): Block | undefined {
  const whole = new Map<string, number>();
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    whole.set(folder, (whole.get(folder) ?? 0) + 1);
  }
  const folders = new Map<string, number>();
  for (const [path, count] of whole) {
    const folder = path.split('/').slice(0, 3).join('/') || '.';
    folders.set(folder, (folders.get(folder) ?? 0) + count);
  }
  const lines = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, files]) => `${folder}/ ${files}`);
  return fitOutline(lines, { title: 'files per folder', reason: 'folders of the repository' }, budget, count);
}

/** As many of the lines as fit the budget, the first ones; undefined where not one does. */
export function fitOutline(
  lines: readonly string[],
  { title, reason }: { readonly title: string; readonly reason: string },
  budget: number,
  count: Count,
): Block | undefined {
  for (let most = lines.length; most > 0; most = Math.floor(most * 0.7)) {
    const text = renderFile(`outline (${title})`, [], lines.slice(0, most).join('\n'));
    const tokens = count(text) + 2;
    if (tokens <= budget) return { path: 'outline', text, tokens, entries: [{ startLine: 1, endLine: most, form: 'outline', reason }] };
  }
  return undefined;
}

/** Parts of a file, with the signatures of those `segments` that are not in them. */
export function fileBlock(
  path: string,
  lines: readonly string[],
  parts: readonly Part[],
  reason: string,
  count: Count,
  segments: readonly Segment[],
): Block {
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const clipped = parts.map((part) => ({ ...part, endLine: Math.min(part.endLine, last) }));
  const first = clipped[0];
  const whole = clipped.length === 1 && first?.startLine === 1 && first.endLine === last;
  const label = whole ? `${path} (whole, ${last} lines)` : `${path} (parts of ${last} lines)`;
  const hidden = segments.filter(
    ({ kind, startLine, endLine }) => kind !== 'glue' && !clipped.some((part) => part.startLine <= startLine && endLine <= part.endLine),
  );
  const signatures = whole ? '' : hidden.map((segment) => signatureOf(lines, segment)).join('\n');
  const body = renderFile(
    label,
    clipped.map((part) => ({ ...part, lines: lines.slice(part.startLine - 1, part.endLine) })),
    signatures,
    whole,
  );
  return {
    path,
    text: body,
    tokens: count(body) + 2,
    entries: clipped.map(({ startLine, endLine, reason: own }) => ({
      startLine,
      endLine,
      form: whole ? 'whole' : 'part',
      reason: own ?? reason,
    })),
  };
}

/** Joins parts that touch, or that three lines or fewer stand between. The reason is that of the first. */
export function mergeParts(parts: readonly Part[]): Part[] {
  const merged: { startLine: number; endLine: number; reason?: string | undefined }[] = [];
  for (const part of [...parts].sort((a, b) => a.startLine - b.startLine)) {
    const previous = merged.at(-1);
    if (previous && part.startLine <= previous.endLine + 4) {
      previous.endLine = Math.max(previous.endLine, part.endLine);
      if (previous.reason === importsReason) previous.reason = part.reason;
    } else merged.push({ startLine: part.startLine, endLine: part.endLine, ...(part.reason !== undefined && { reason: part.reason }) });
  }
  return merged;
}
