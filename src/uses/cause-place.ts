import { openKnown } from '../patch/read/known-paths.ts';
import type { Context } from '../schema/context.ts';
import type { RootCause } from '../schema/model.ts';

/** A place in prose: it has an ending and a line, so that times and ports are none. */
const places = /(?<![\w@./+()[\]-])([\w@./+()[\]-]+\.[A-Za-z]\w{0,7}):(\d+)(?:\s*[-–]\s*(\d+))?(?![\d:]*\.\d)/g;
const mostPlaces = 50;

type Checked = { readonly cause: RootCause; readonly problems: readonly string[] };

/**
 * The place that a root cause names, by its own name in the repository, and what speaks against it and against every other place of its
 * prose: that there is no such file, that it was not sent, or that the lines which were sent do not reach so far. These are marked.
 */
export function checkPlaces(cause: RootCause, { manifest: { entries }, text }: Pick<Context, 'manifest' | 'text'>): Checked {
  const known = openKnown(entries.map(({ path }) => path));
  const fileOf = (named: string) => known.named(named) ?? known.alike(named);
  const problemOf = (named: string, startLine?: number, endLine = startLine): string | undefined => {
    const path = fileOf(named);
    // What a stack trace or a message names was shown, whether or not its file was.
    const shown = startLine !== undefined && text.includes(`${named}:${startLine}`);
    if (startLine === 0 || (endLine !== undefined && endLine < (startLine ?? 1)))
      return `the root cause names ${named}:${startLine}${endLine === startLine ? '' : `-${endLine}`}, and these are no lines`;
    if (path === undefined) return shown ? undefined : `the root cause names ${named}, which was not sent: the model cannot know it`;
    const own = entries.filter((entry) => entry.path === path);
    const holds = (line: number | undefined) => line === undefined || own.some((entry) => line >= entry.startLine && line <= entry.endLine);
    if (holds(startLine) && holds(endLine)) return undefined;
    if (shown && endLine === startLine) return undefined;
    const last = own.reduce((most, entry) => Math.max(most, entry.endLine), 0);
    const why = own.some(({ form }) => form === 'whole') ? `the file has ${last} lines` : 'that line was not sent';
    const lines = endLine === startLine ? '' : `-${endLine}`;
    return `the root cause names ${path}:${startLine}${lines}, and ${why}`;
  };

  const { file, startLine, endLine } = cause;
  if (file === undefined) return { cause, problems: ['the root cause names no place, so nothing of it was checked'] };
  const first = problemOf(file, startLine, endLine);
  const problems = new Set(first === undefined ? [] : [first]);
  let seen = 0;
  const why = cause.why.replace(places, (all, named: string, from: string, to: string | undefined) => {
    const problem = seen++ < mostPlaces ? problemOf(named.replace(/^\.\//, ''), Number(from), Number(to ?? from)) : undefined;
    if (problem === undefined) return all;
    problems.add(problem);
    return `${all} [does not hold]`;
  });
  const path = fileOf(file);
  const summary = first === undefined ? cause.summary : `${cause.summary} [does not hold: ${first}]`;
  return { cause: { ...cause, summary, why, ...(path !== undefined && { file: path }) }, problems: [...problems] };
}
