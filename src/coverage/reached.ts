import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../config.ts';
import type { Suite } from '../schema/run.ts';

/** Which lines of a file ran, of those that can. */
export type Reached = { readonly ran: ReadonlySet<number>; readonly known: ReadonlySet<number> };

/** How the coverage of one file is measured with one runner. `folder` is ours, and empty before each run. */
export type Measured = {
  readonly suite: Suite;
  /** Folder of the worktree; the target is relative to it. */
  readonly root: string;
  readonly target: string;
  readonly folder: string;
  readonly env: Environment;
};

/** A suite whose runs leave coverage behind, and what reads it. Undefined: nothing that can be read was left. */
export type Way = {
  readonly suite: Suite;
  readonly read: (text: string) => Reached | undefined;
};

/** Where what ran of the whole repository is written to. `folder` is ours, and empty before each run. */
export type Traced = Omit<Measured, 'target'>;

/** What ran, by path: one line or more of every function; none where only the file itself was loaded. Undefined: it cannot be told. */
export type Ran = ReadonlyMap<string, ReadonlySet<number>>;

/** A suite whose runs leave behind which functions ran, and what reads it. */
export type Tracer = { readonly suite: Suite; readonly read: () => Ran | undefined };

/** The texts of the files that a run left in `folder`. */
export function textsIn(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}

/** What each process of a run wrote, a record a line. */
export const recordsIn = (folder: string): unknown[][] => textsIn(folder, '.jsonl').map((text) => text.split('\n').map(parseJson));

/** JSON that was cut off is undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines that hold more than a bracket or a comment. */
export function codeLines(text: string): Set<number> {
  return new Set(text.split('\n').flatMap((row, at) => (isCode(row) ? [at + 1] : [])));
}

export function isCode(row: string): boolean {
  return /\w/.test(row) && !/^\s*(?:\/\/|\*|\/\*|#)/.test(row);
}

/** Line numbers as people write them: 3-5, 9. At most `most` ranges; how many more there are is said. */
export function rangesOf(lines: Iterable<number>, most = 40): string {
  const ranges: [number, number][] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && line <= last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  const shown = ranges.slice(0, most).map(([from, to]) => (to > from ? `${from}-${to}` : `${from}`));
  return ranges.length > most ? `${shown.join(', ')} and ${ranges.length - most} ranges more` : shown.join(', ');
}
