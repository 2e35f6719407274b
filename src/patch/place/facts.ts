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
};

const known = new WeakMap<readonly string[], Facts>();

export function factsOf(file: readonly string[]): Facts {
  const found = known.get(file) ?? gather(file);
  known.set(file, found);
  return found;
}

function gather(file: readonly string[]): Facts {
  const count = (pattern: RegExp) => file.filter((line) => pattern.test(line)).length;
  return {
    all: file.join('\n'),
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
