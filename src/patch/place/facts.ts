import { indentOf } from './text.ts';

/** What the lines of a file have in common; each is looked up once, however many edits are judged by it. */
export type Facts = {
  readonly all: string;
  readonly trimmed: ReadonlySet<string>;
  /** How many lines begin with a tab, and how many with blanks. */
  readonly tabs: number;
  readonly spaces: number;
  /** Widths of the lines of code that are indented. */
  readonly widths: readonly number[];
  /** Whether a pattern is somewhere in it; the same pattern is sought once. */
  readonly has: (pattern: RegExp) => boolean;
};

const known = new WeakMap<readonly string[], Facts>();

export function factsOf(file: readonly string[]): Facts {
  const found = known.get(file) ?? gather(file);
  known.set(file, found);
  return found;
}

function gather(file: readonly string[]): Facts {
  const count = (pattern: RegExp) => file.filter((line) => pattern.test(line)).length;
  const all = file.join('\n');
  const sought = new Map<RegExp, boolean>();
  return {
    all,
    has: (pattern) => {
      const known = sought.get(pattern) ?? pattern.test(all);
      sought.set(pattern, known);
      return known;
    },
    trimmed: new Set(file.map((line) => line.trim())),
    tabs: count(/^\t/),
    spaces: count(/^ {2}|^ [^*\s]/),
    widths: codeOf(file).flatMap((line) => indentOf(line).length || []),
  };
}

/** Lines of a block comment stand one blank to the right. */
export function codeOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '' && !/^\s*\*/.test(line));
}
