import type { Addition, Problem } from './addition.ts';
import { codeOf, factsOf } from './facts.ts';
import { align } from './reading.ts';
import { bare, indentOf } from './text.ts';

const fail = (line: string, how: string): Problem => ({
  rule: 'indentation',
  message: `${JSON.stringify(bare(line).slice(0, 60))} is not indented as the file is: ${how}.`,
});

/** Another indentation than the file has: in a Makefile another meaning, in Python an error, elsewhere a tree nobody asked for. */
export function strangeIndent(it: Addition): Problem | undefined {
  const added = it.runs.flatMap(({ lines }) => lines);
  return shifted(it, added) ?? otherKind(it, added) ?? offGrid(it, added) ?? otherStep(it) ?? offComment(it) ?? lostMargin(it, added);
}

const said = (lines: readonly string[]) => lines.filter((line) => line.trim() !== '');

/** Spaces among tabs or tabs among spaces: in the whole file, or around the place. */
function otherKind({ removed, file, runs }: Addition, added: readonly string[]): Problem | undefined {
  const near = [...removed, ...runs.flatMap(({ above, below }) => [above, below])];
  const count = (lines: readonly string[], pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  const { tabs, spaces } = factsOf(file);
  const tabbed = tabs > 1 && (spaces === 0 || (spaces * 5 < tabs && count(near, /^ {2}/) === 0));
  const spaced = spaces > 1 && tabs === 0;
  const wrong = tabbed
    ? runs.map(({ above, lines }) => codeWith(/^ +[^\s*]|^ +\t/, above, lines)).find((line) => line !== undefined)
    : undefined;
  if (wrong !== undefined) return fail(wrong, 'there are tabs, here spaces');
  const tab = spaced ? added.find((line) => /^ *\t\s*\S/.test(line)) : undefined;
  if (tab !== undefined) return fail(tab, 'there are spaces, here tabs');
  const fresh = file.length === 0;
  const mixed = fresh && /^ {2}/m.test(added.join('\n')) ? added.find((line) => /^\t/.test(line)) : undefined;
  if (mixed !== undefined) return fail(mixed, 'tabs and spaces are mixed');
  const [first] = said(added);
  return fresh && first !== undefined && said(added).every((line) => /^[ \t]/.test(line))
    ? fail(first, 'every line is moved to the right')
    : undefined;
}

/** The first line of code of that kind: inside a string of several lines, blanks are text. */
function codeWith(pattern: RegExp, above: string, lines: readonly string[]): string | undefined {
  const quotes = (line: string) => line.split(/`|"""|'''/).length - 1;
  let open = quotes(above) % 2 === 1;
  for (const line of lines) {
    if (!open && pattern.test(line)) return line;
    if (quotes(line) % 2 === 1) open = !open;
  }
  return undefined;
}

/** Where all the file's indentation is a multiple of two or four, text that stands between the steps has lost or won a character. */
function offGrid({ removed, file, runs }: Addition, added: readonly string[]): Problem | undefined {
  const { widths, tabs } = factsOf(file);
  const unit = [4, 2].find((size) => widths.filter((width) => width % size === 0).length >= 0.95 * widths.length);
  const lines = codeOf(added);
  const [first] = lines;
  if (widths.length === 0 && file.length > 4 && first !== undefined && lines.every((line) => /^ \S/.test(line)))
    return fail(first, 'nothing in it is indented');
  if (unit === undefined || widths.length < 5 || first === undefined || tabs > 0) return undefined;
  const rest = (line: string) => indentOf(line).length % unit;
  const isOff = (line: string) => rest(line) === 1 || rest(line) === unit - 1;
  // In a file that keeps to its steps without exception, one such line is enough.
  const strict = widths.length > 20 && widths.every((width) => width % unit === 0);
  const wrong = strict ? lines.find(isOff) : isOff(first) && lines.every((line) => rest(line) === rest(first)) ? first : undefined;
  if (wrong === undefined) return undefined;
  const around = [...removed, ...runs.flatMap(({ above, below }) => [above, below])];
  return codeOf(around).some((line) => rest(line) === rest(wrong)) ? undefined : fail(wrong, `the file goes in steps of ${unit}`);
}

/** The depth of the first line of a block below the line that opens it. */
function steps(lines: readonly string[], path: string): { readonly line: string; readonly step: number }[] {
  const opener = /\.pyi?$/.test(path) ? /:\s*(?:#.*)?$/ : /\{\s*$/;
  const all = said(lines);
  return all.flatMap((line, place) => {
    const above = all[place - 1];
    if (above === undefined || !opener.test(above) || /^\s*(?:[}\])*#]|\/\/|case\b|default\b|public:|private:|protected:)/.test(line))
      return [];
    return [{ line, step: indentOf(line).length - indentOf(above).length }];
  });
}

const blocked = /\.(?:pyi?|[cm]?[jt]sx?|go|rs|java|kt|cs|c|cc|cpp|h|hpp|php|swift|scala|dart)$/;

const knownSteps = new WeakMap<readonly string[], number | undefined>();

/** By how much every block of a file goes in, where all do by the same; looked up once, however many edits are judged by it. */
function usualStep(file: readonly string[], path: string): number | undefined {
  if (knownSteps.has(file)) return knownSteps.get(file);
  const own = steps(file, path);
  const usual = new Set(own.map(({ step }) => step));
  const [unit = 0] = usual;
  const known = usual.size !== 1 || unit <= 0 || own.length < 3 ? undefined : unit;
  knownSteps.set(file, known);
  return known;
}

/** A block that goes in by another step than every block of the file. */
function otherStep({ runs, file, path }: Addition): Problem | undefined {
  if (!blocked.test(path)) return undefined;
  const unit = usualStep(file, path);
  if (unit === undefined) return undefined;
  const wrong = runs.flatMap(({ above, lines }) => steps([above, ...lines], path)).find(({ step }) => step !== unit);
  return wrong && fail(wrong.line, `a block goes in by ${unit}`);
}

/**
 * Lines that stay as they are but for their depth, which is doubled or halved: the text was written in the indentation of another file.
 * Or all of them have moved together, the first and the last too, while nothing was put around them.
 */
function shifted({ removed, anchored, file }: Addition, added: readonly string[]): Problem | undefined {
  const old = said(removed);
  const fresh = said(added);
  const bares = old.map(bare);
  const pairs = align(bares, fresh.map(bare)).filter(({ tag }) => tag !== '-');
  const moves: { readonly line: string; readonly from: number; readonly to: number }[] = [];
  let next = 0;
  for (const [place, { tag, text }] of pairs.entries()) {
    if (tag !== ' ' || !/\w/.test(text)) continue;
    const was = bares.indexOf(text, next);
    next = was + 1;
    moves.push({ line: fresh[place] ?? '', from: indentOf(old[was] ?? '').length, to: indentOf(fresh[place] ?? '').length });
  }
  const deep = moves.filter(({ from, to }) => from > 0 || to > 0);
  const [first] = deep;
  if (first === undefined || deep.some(({ from, to }) => from === to)) return undefined;
  const depths = new Set(deep.map(({ from }) => from));
  const scaled = [2, 0.5].some((factor) => deep.every(({ from, to }) => to === from * factor)) && depths.size > 1 && !isUsual(deep, file);
  const changes = fresh.length > moves.length;
  const ends = [0, -1].every((side) => bare(old.at(side) ?? '') === bare(fresh.at(side) ?? '/') && /\w/.test(old.at(side) ?? ''));
  const together = !anchored && ends && deep.length > 2 && deep.length === moves.length && changes;
  return scaled || together ? fail(first.line, `it stands ${first.from} deep there and ${first.to} here`) : undefined;
}

/** Halved, it may be as deep as the rest of the file, which was written by two hands. */
function isUsual(moves: readonly { readonly from: number; readonly to: number }[], file: readonly string[]): boolean {
  const depths = moves.map(({ from }) => from);
  const fresh = moves.find(({ from, to }) => to > 0 && to < from && !depths.includes(to))?.to;
  return fresh !== undefined && said(file).filter((line) => indentOf(line).length === fresh).length > 2;
}

/** A line of a block comment that stands one character beside those above it. */
function offComment({ runs }: Addition): Problem | undefined {
  for (const { above, lines } of runs) {
    const all = [above, ...lines];
    const wrong = all.find((line, place) => {
      const before = all[place - 1] ?? '';
      if (!/^ *\*(?:\s|\/|$)/.test(line) || !/^ *(?:\*(?:\s|$)|\/\*)/.test(before)) return false;
      const usual = indentOf(before).length + (/^ *\//.test(before) ? 1 : 0);
      return Math.abs(indentOf(line).length - usual) === 1 && !before.includes('*/');
    });
    if (wrong !== undefined) return fail(wrong, 'the lines of a comment stand below each other');
  }
  return undefined;
}

/** Text that stands deep in the file and comes back without its margin. */
function lostMargin({ removed, anchored }: Addition, added: readonly string[]): Problem | undefined {
  const old = said(removed);
  const fresh = said(added);
  const [first] = fresh;
  const margin = marginOf(old);
  const there = new Set(old);
  if (anchored || first === undefined || marginOf(fresh) !== '' || fresh.some((line) => /\w/.test(line) && there.has(line)))
    return undefined;
  const depth = new Map(old.filter((line) => /\w{2}/.test(line)).map((line) => [bare(line), indentOf(line).length]));
  const moves = fresh.flatMap((line) => (depth.get(bare(line)) ?? indentOf(line).length) - indentOf(line).length || []);
  const [move = 0] = moves;
  const together = move > 0 && moves.length > 1 && moves.every((one) => one === move);
  const ends =
    margin !== '' &&
    [old[0], old.at(-1)].every((line) => indentOf(line ?? '') === margin) &&
    [first, fresh.at(-1)].every((line) => indentOf(line ?? '') === '');
  return together || ends ? fail(first, 'its margin is gone') : undefined;
}

/** The indentation that all lines share. */
export function marginOf(lines: readonly string[]): string {
  const [first, ...rest] = said(lines).map(indentOf);
  return rest.reduce((margin, indent) => {
    let at = 0;
    while (at < margin.length && margin[at] === indent[at]) at++;
    return margin.slice(0, at);
  }, first ?? '');
}
