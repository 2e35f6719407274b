import { elision } from './elision.ts';
import { isOneSided, reindent } from './indent.ts';
import { strangeIndent } from './layout.ts';
import type { Match } from './match.ts';
import { type Addition, noise, type Problem } from './noise.ts';
import type { Tagged } from './reading.ts';
import { bare, type Line, plainIndent, plainText, typographicIn, usualEol } from './text.ts';

/** A change in the file's own lines: `remove` lines from `at` (counted from 0) give way to `insert`. */
export type Region = { readonly at: number; readonly remove: number; readonly insert: readonly string[] };

export type Regions = { readonly regions: readonly Region[]; readonly openEnd?: boolean | undefined } | { readonly problem: Problem };

/** What a placed edit changes. Context keeps the file's bytes; added lines take over how the file indents and quotes. */
export function regionsOf(file: readonly Line[], match: Match, path: string, mangled: boolean): Regions {
  const pairs = pairsOf(file, match);
  const added = match.reading.lines.filter((line) => line.tag === '+').map((line) => line.text);
  const adapted = adapt(added, pairs, match, mangled);
  if (adapted.problem) return { problem: adapted.problem };
  const regions: Region[] = [];
  let at = match.at;
  let next = 0;
  let open: { at: number; remove: number; insert: string[] } | undefined;
  for (const line of match.reading.lines) {
    if (line.tag === ' ' || line.tag === 'loose') {
      if (open) regions.push(open);
      open = undefined;
      at++;
      continue;
    }
    open ??= { at, remove: 0, insert: [] };
    if (line.tag === '-') {
      open.remove++;
      at++;
    } else open.insert.push(adapted.lines[next++] ?? '');
  }
  if (open) regions.push(open);
  const texts = file.map((line) => line.text);
  const problem = doubt({
    runs: regions.map(({ at: from, remove, insert }) => ({
      above: texts[from - 1] ?? '',
      lines: insert,
      below: texts[from + remove] ?? '',
    })),
    removed: regions.flatMap(({ at: from, remove }) => texts.slice(from, from + remove)),
    file: texts,
    path,
    at: match.at,
    anchored: match.reading.lines.some((line) => (line.tag === ' ' || line.tag === 'loose') && /\w{3}/.test(line.text)),
  });
  if (problem) return { problem };
  return { regions, openEnd: at === file.length ? openEndOf(file, match) : undefined };
}

/** What the edit says about the end of the file, where that agrees with how the file ends now. */
function openEndOf(file: readonly Line[], { reading }: Match): boolean | undefined {
  const says = reading.openEnd;
  if (!says || says.before !== (file.at(-1)?.eol === '')) return undefined;
  return says.after;
}

/** Why the added text cannot have been meant as it stands. */
export function doubt(it: Addition): Problem | undefined {
  return elision(it) ?? noise(it) ?? strangeIndent(it);
}

type PairOf = { readonly line: Tagged; readonly file: string };

function pairsOf(file: readonly Line[], match: Match): PairOf[] {
  const old = match.reading.lines.filter((line) => line.tag !== '+');
  return old.map((line, offset) => ({ line, file: file[match.at + offset]?.text ?? '' }));
}

const curly = ['\u2018', '\u2019', '\u201c', '\u201d'];

/** Changes characters back that were changed on the way. Where the plain one stands beside them, somebody has meant the difference. */
function unmangle(lines: readonly string[], chars: readonly string[]): readonly string[] {
  const all = lines.join('\n');
  const wrong = new Set(chars.filter((char) => plainText(char) === '' || !all.includes(plainText(char))));
  return wrong.size === 0 ? lines : lines.map((line) => [...line].map((char) => (wrong.has(char) ? plainText(char) : char)).join(''));
}

type Adapted = { readonly lines: readonly string[]; readonly problem?: undefined } | { readonly problem: Problem };

function adapt(added: readonly string[], pairs: readonly PairOf[], match: Match, mangled: boolean): Adapted {
  let lines: readonly string[] = added;
  const trailing = pairs.some(({ line, file }) => line.text.trimEnd() === file && line.text !== file && line.text.trim() !== '');
  if (trailing) lines = lines.map((line) => line.trimEnd());
  const odd = pairs.filter(({ line, file }) => bare(line.text) !== bare(file) && bare(plainText(line.text)) === bare(plainText(file)));
  const changed = mangled ? curly : odd.flatMap(({ line, file }) => typographicIn(line.text, file));
  lines = unmangle(lines, [...new Set(changed)]);
  if (!pairs.some(({ file }) => plainIndent(file) !== file)) lines = lines.map(plainIndent);
  const lost = odd.some(({ line, file }) => line.tag === '-' && typographicIn(file, line.text).length > 0);
  if (lost && lines.some((line) => /['"]|--|\.\.\./.test(line))) {
    return { problem: { rule: 'typographic', message: 'The file has typographic characters here that the edit does not show.' } };
  }
  if (match.level !== 'indent') return { lines };
  const shifted = pairs.map(({ line, file }) => ({ edit: plainText(line.text), file, removed: line.tag === '-' }));
  const moved = isOneSided(shifted, lines) ? undefined : reindent(shifted, lines);
  if (moved) return { lines: moved };
  return {
    problem: { rule: 'indentation', message: 'The text is there, but indented otherwise, and not by one rule that fits all lines.' },
  };
}

/** The regions of several edits as one list, from the top. Undefined: two of them change the same place in different ways. */
export function mergeRegions(all: readonly Region[]): Region[] | undefined {
  const key = (region: Region) => JSON.stringify([region.at, region.remove, region.insert]);
  const distinct = [...new Map(all.map((region) => [key(region), region])).values()];
  const sorted = distinct.sort((a, b) => a.at - b.at || a.remove - b.remove);
  for (const [place, region] of sorted.entries()) {
    const last = sorted[place - 1];
    if (!last) continue;
    if (region.at < last.at + last.remove) return undefined;
    if (region.at === last.at && last.remove === 0 && region.remove === 0) return undefined;
  }
  return sorted;
}

export function applyRegions(file: readonly Line[], regions: readonly Region[], openEnd: boolean | undefined): Line[] {
  const usual = usualEol(file);
  const out: Line[] = [];
  let at = 0;
  for (const region of regions) {
    out.push(...file.slice(at, region.at));
    const eol = file[region.at]?.eol || file[region.at - 1]?.eol || usual;
    out.push(...region.insert.map((text): Line => ({ text, eol })));
    at = region.at + region.remove;
  }
  out.push(...file.slice(at));
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
