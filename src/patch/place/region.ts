import type { Problem } from './addition.ts';
import type { Base } from './base.ts';
import { doubled, isDoubled, repeated, repeats } from './doubled.ts';
import { doubt } from './doubt.ts';
import { isOneSided, type Pair, reindent } from './indent.ts';
import type { Match } from './match.ts';
import type { Tagged } from './reading.ts';
import { bare, type Eol, indentOf, type Line, likeness, plainIndent, plainText, typographicIn, usualEol } from './text.ts';

/**
 * A change in the file's own lines: `remove` lines from `at` (counted from 0) give way to `insert`, whose ends are `eols` where the edit says
 * them. `from`, `to`: what its edit showed.
 */
export type Region = {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly string[];
  readonly eols?: readonly Eol[] | undefined;
  readonly from: number;
  readonly to: number;
};

export type Regions =
  | { readonly regions: readonly Region[]; readonly openEnd?: boolean | undefined; readonly flags: readonly Problem[] }
  | { readonly problem: Problem };

/** What a placed edit changes. Context keeps the file's bytes; added lines take over how the file indents and quotes. */
export function regionsOf({ lines: file, texts }: Pick<Base, 'lines' | 'texts'>, match: Match, path: string, mangled: boolean): Regions {
  const pairs = pairsOf(texts, match);
  const [from, to] = [match.at, match.at + pairs.length];
  const added = match.reading.lines.filter((line) => line.tag === '+').map((line) => line.text);
  const exact = match.level === 'exact' && !mangled;
  const adapted = exact ? { lines: added } : adapt(added, pairs, match, mangled);
  if ('problem' in adapted) return { problem: adapted.problem };
  const regions: Region[] = [];
  const eols = exact ? eolsOf(file, match) : undefined;
  let at = match.at;
  let next = 0;
  let open: { at: number; remove: number; insert: string[]; eols: Eol[] | undefined; from: number; to: number } | undefined;
  for (const line of match.reading.lines) {
    if (line.tag === ' ' || line.tag === 'loose') {
      if (open) regions.push(open);
      open = undefined;
      at++;
      continue;
    }
    open ??= { at, remove: 0, insert: [], eols: eols && [], from, to };
    if (line.tag === '-') {
      open.remove++;
      at++;
    } else {
      if (eols) open.eols?.push(eols[next] ?? '\n');
      open.insert.push(adapted.lines[next++] ?? '');
    }
  }
  if (open) regions.push(open);
  const { problem, flags } = doubt({
    runs: regions.map(({ at: start, remove, insert }) => ({
      above: texts[start - 1] ?? '',
      lines: insert,
      below: texts[start + remove] ?? '',
    })),
    removed: regions.flatMap(({ at: start, remove }) => texts.slice(start, start + remove)),
    file: texts,
    path,
    at: match.at,
    anchored: match.reading.lines.some((line) => (line.tag === ' ' || line.tag === 'loose') && /\w{3}/.test(line.text)),
    exact,
  });
  if (problem) return { problem };
  const trimmed = match.reading.trimmed === true;
  if ((!exact || trimmed) && regions.some((region) => isDoubled(texts, region, trimmed))) return { problem: doubled };
  const beside = trimmed && regions.some((region) => repeats(texts, region)) ? [repeated] : [];
  return { regions, flags: [...flags, ...beside], openEnd: at === file.length ? openEndOf(file, match) : undefined };
}

/** The ends of added lines, where those of all others are the file's own: then nothing has changed them on their way. */
function eolsOf(file: readonly Line[], { at, reading }: Match): Eol[] | undefined {
  const old = reading.lines.filter((line) => line.tag !== '+');
  if (old.some(({ eol }, offset) => eol === undefined || (file[at + offset]?.eol || eol) !== eol)) return undefined;
  return reading.lines.flatMap((line) => (line.tag === '+' ? (line.eol ?? []) : []));
}

/** What the edit says about the end of the file, where that agrees with how the file ends now. */
function openEndOf(file: readonly Line[], { reading }: Match): boolean | undefined {
  const says = reading.openEnd;
  if (!says || says.before !== (file.at(-1)?.eol === '')) return undefined;
  return says.after;
}

type PairOf = { readonly line: Tagged; readonly file: string };

function pairsOf(texts: readonly string[], match: Match): PairOf[] {
  const old = match.reading.lines.filter((line) => line.tag !== '+');
  return old.map((line, offset) => ({ line, file: texts[match.at + offset] ?? '' }));
}

const curly = ['\u2018', '\u2019', '\u201c', '\u201d'];

/** Changes characters back that were changed on the way. Where the plain one stands beside them, somebody has meant the difference. */
function unmangle(lines: readonly string[], chars: readonly string[]): readonly string[] {
  const all = lines.join('\n');
  const wrong = new Set(chars.filter((char) => plainText(char) === '' || !all.includes(plainText(char))));
  return wrong.size === 0 ? lines : lines.map((line) => [...line].map((char) => (wrong.has(char) ? plainText(char) : char)).join(''));
}

const mostCompared = 10_000;

/** Blanks at the ends of all lines go, where the file has none there; those that the file has and the edit lost stay. */
function likeTrailing(added: readonly string[], pairs: readonly PairOf[]): readonly string[] {
  const said = pairs.filter(({ line }) => line.text.trim() !== '');
  const won = said.filter(({ line, file }) => line.text.trimEnd() === file && line.text !== file);
  if (won.length > 0 && added.every((line) => line.trim() === '' || /\s$/.test(line))) {
    const tail = (line: string) => line.slice(line.trimEnd().length);
    const [first] = won;
    const extra = tail(first?.line.text ?? '');
    const even = won.every(({ line }) => tail(line.text) === extra);
    return added.map((line) => (even && line.endsWith(extra) ? line.slice(0, -extra.length) : line.trimEnd()));
  }
  const lost = said.filter(({ line, file }) => line.tag === '-' && line.text === file.trimEnd() && line.text !== file);
  if (lost.length * added.length > mostCompared) return added;
  if (lost.length === 0 || added.some((line) => /\s$/.test(line))) return added;
  return added.map((line) => {
    const twin = lost.find(({ file }) => likeness(file, line) > 0.7);
    return twin && line.trim() !== '' ? line + twin.file.slice(twin.file.trimEnd().length) : line;
  });
}

type Adapted = { readonly lines: readonly string[] } | { readonly problem: Problem };

function adapt(added: readonly string[], pairs: readonly PairOf[], match: Match, mangled: boolean): Adapted {
  let lines: readonly string[] = added;
  lines = likeTrailing(lines, pairs);
  const odd = pairs.filter(({ line, file }) => bare(line.text) !== bare(file) && bare(plainText(line.text)) === bare(plainText(file)));
  const changed = mangled ? curly : odd.flatMap(({ line, file }) => typographicIn(line.text, file));
  lines = unmangle(lines, [...new Set(changed)]);
  if (!pairs.some(({ file }) => plainIndent(file) !== file)) lines = lines.map(plainIndent);
  const lost = odd.some(({ line, file }) => line.tag === '-' && typographicIn(file, line.text).length > 0);
  if (lost && lines.some((line) => /['"]|--|\.\.\./.test(line))) {
    return { problem: { rule: 'typographic', message: 'The file has typographic characters here that the edit does not show.' } };
  }
  // What was changed on its way and stands beside its plain form may have been meant.
  if (changed.some((char) => char !== '\ufeff' && lines.some((line) => line.includes(char))))
    return { problem: { rule: 'typographic', message: 'The edit has typographic characters where the file has plain ones.' } };
  if (match.level !== 'indent') return { lines };
  const all = pairs.map(({ line, file }) => ({ edit: plainText(line.text), file, removed: line.tag === '-' }));
  const shifted = withoutFirst(all, match.reading.lines);
  const moved = isOneSided(shifted, lines) ? undefined : reindent(shifted, lines);
  if (moved) return { lines: moved };
  return {
    problem: { rule: 'indentation', message: 'The text is there, but indented otherwise, and not by one rule that fits all lines.' },
  };
}

/** Text that was trimmed as a whole has lost the margin of its first line alone, which says nothing of the others. */
function withoutFirst(pairs: readonly Pair[], lines: readonly Tagged[]): readonly Pair[] {
  const [first, ...rest] = pairs;
  const trimmed = first && lines[0]?.tag === ' ' && indentOf(first.edit) === '' && indentOf(first.file) !== '';
  return trimmed && rest.some(({ edit }) => edit.trim() !== '') ? rest : pairs;
}

/** The regions of several edits as one list, from the top. Undefined: two of them change the same place in different ways. */
export function mergeRegions(all: readonly Region[]): Region[] | undefined {
  const sorted = [...all].sort((a, b) => a.at - b.at || a.remove - b.remove || a.from - b.from || a.to - b.to);
  const merged: Region[] = [];
  for (const region of sorted) {
    const last = merged.at(-1);
    if (last && meets(last, region)) {
      if (last.at !== region.at || last.remove !== region.remove || textOf(last) !== textOf(region)) return undefined;
    } else merged.push(region);
  }
  return merged;
}

function textOf({ insert, eols }: Region): string {
  return insert.map((text, at) => text + (eols?.[at] ?? '\n')).join('');
}

/** Two insertions at one place stand below each other where the edits show different lines around it, the upper one first. */
function meets(last: Region, next: Region): boolean {
  if (next.at < last.at + last.remove) return true;
  return next.at === last.at && last.remove === 0 && next.remove === 0 && next.from < last.to;
}

export function applyRegions(file: readonly Line[], regions: readonly Region[], openEnd: boolean | undefined): Line[] {
  const usual = usualEol(file);
  const out: Line[] = [];
  let at = 0;
  const keepTo = (end: number) => {
    for (; at < end; at++) {
      const line = file[at];
      if (line) out.push(line);
    }
  };
  for (const { at: from, remove, insert, eols } of regions) {
    keepTo(from);
    const eol = file[from]?.eol || file[from - 1]?.eol || usual;
    for (const [place, text] of insert.entries()) out.push({ text, eol: eols?.[place] ?? eol });
    at = from + remove;
  }
  keepTo(file.length);
  const open = openEnd ?? file.at(-1)?.eol === '';
  return out.map((line, place) => {
    if (place === out.length - 1) return { text: line.text, eol: open ? '' : line.eol || usual };
    return line.eol === '' ? { text: line.text, eol: usual } : line;
  });
}

/** Curly quotes everywhere and not one straight quote: some program between the model and us has changed them. */
export function quotesMangled(texts: readonly string[], file: string): boolean {
  const all = texts.join('\n');
  return /[\u2018\u2019\u201c\u201d]/.test(all) && !/['"]/.test(all) && /['"]/.test(file) && !/[\u2018\u2019\u201c\u201d]/.test(file);
}
