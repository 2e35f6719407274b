import type { Edit, PlaceFailure } from '../../schema/patch.ts';
import type { Problem } from './addition.ts';
import { type Base, openBase, spell } from './base.ts';
import { applied, isDone, mayBeApplied } from './done.ts';
import { placeInLine } from './inside.ts';
import { inLines } from './literal.ts';
import { type Found, findPlaces, type Match, nearest } from './match.ts';
import { type Reading, readingsOf, type Tagged } from './reading.ts';
import { applyRegions, mergeRegions, quotesMangled, type Region, regionsOf } from './region.ts';
import { repairsOf } from './repairs.ts';
import { joinText, type Line, likeness, splitText } from './text.ts';
import { unwritten, writeOut } from './unwritten.ts';

type Textual = Extract<Edit, { kind: 'replace' | 'hunk' }>;
type Failure = Omit<PlaceFailure, 'path'>;
/** `flags`: what whoever reads the patch should look at. */
export type Made = { readonly text: string; readonly flags: readonly Problem[] };
type Result = Made | { readonly failures: Failure[] };
type Sought = { readonly edit: Textual; readonly readings: readonly Reading[]; readonly found: Found; readonly unwritten?: true };

/** Places all edits of one file. Every place is sought in the file as it is; only what needs another edit's text is sought after it. */
export function placeAll(path: string, before: string, edits: readonly Textual[]): Result {
  const base = openBase(splitText(before));
  const seek = (edit: Textual): Sought => {
    const readings = readingsOf(edit).filter((reading) => saysWhere(edit, reading));
    return { edit, readings, found: findPlaces(base, readings) };
  };
  const sought = edits.map((edit): Sought => {
    if (edit.kind !== 'replace') return seek(edit);
    const whole = writeOut(edit, base);
    return whole ? { ...seek(whole), unwritten: true } : seek(inLines(edit, base) ?? edit);
  });
  const repaired = sought.some(({ found }) => found.kind === 'one' && found.match.level !== 'exact');
  const mangled = repaired && quotesMangled(edits.flatMap(textsOf), before);
  const honest = sought.every(({ edit, found }) => found.kind !== 'one' || isWhereStated(edit, found.match));
  const failures = sought.flatMap(({ edit }) => (hasTwoMeanings(base, edit) ? [twoMeanings] : []));
  const regions: Region[] = [];
  const flags: Problem[] = [...repairsOf(base, sought), ...(sought.some((one) => one.unwritten) ? [unwritten] : [])];
  const later: Sought[] = [];
  let openEnd: boolean | undefined;
  for (const one of sought) {
    const match = choose(one, honest, base);
    if (match === 'later') later.push(one);
    else if ('rule' in match) failures.push(match);
    else {
      const problem = isCut(one.edit, match, base)
        ? cutOff
        : isMarkLost(one.edit, match, base)
          ? markLost
          : mayBeApplied(base, one.edit, match)
            ? applied
            : undefined;
      const made = problem ? { problem } : regionsOf(base, match, path, mangled);
      if ('problem' in made) failures.push(made.problem);
      else {
        regions.push(...made.regions);
        flags.push(...made.flags);
        openEnd ??= made.openEnd;
      }
    }
  }
  const merged = hasTwoVersions(sought) ? undefined : mergeRegions(regions);
  if (!merged) failures.push({ rule: 'conflict', message: 'Two edits change the same lines of this file in different ways.' });
  if (failures.length > 0 || !merged) return { failures };
  const placed = placeLater(path, base, applyRegions(base.lines, merged, openEnd), later, mangled);
  return 'failures' in placed ? placed : { text: placed.text, flags: [...flags, ...placed.flags] };
}

/** Do two edits show the same lines and make something else of them? Then one is another version of the other, and which was meant is not said. */
function hasTwoVersions(sought: readonly Sought[]): boolean {
  const versions = new Map<string, string>();
  return sought.some(({ found }) => {
    if (found.kind !== 'one') return false;
    const { at, reading } = found.match;
    const [before] = sizesOf(reading.lines);
    const made = reading.lines.flatMap(({ tag, text }) => (tag === '-' ? [] : [text])).join('\n');
    const place = `${at} ${before}`;
    const other = versions.get(place);
    versions.set(place, made);
    return other !== undefined && other !== made;
  });
}

/** Blank lines alone say where a block goes, and where a hunk goes only if its counts fit. */
function saysWhere(edit: Textual, { lines }: Reading): boolean {
  if (edit.kind === 'replace' || lines.some((line) => line.tag !== '+' && line.text.trim() !== '')) return true;
  const [before, after] = sizesOf(lines);
  return edit.counts?.before === before && edit.counts.after === after;
}

function sizesOf(lines: readonly Tagged[]): readonly [before: number, after: number] {
  return [lines.filter((line) => line.tag !== '+').length, lines.filter((line) => line.tag !== '-').length];
}

const twoMeanings = {
  rule: 'ambiguous',
  message: 'The text to find ends in a line end and the text to put there does not, and below it is a blank line: end both alike.',
};

/** Readings that part with each other fit both. */
function hasTwoMeanings(base: Base, edit: Textual): boolean {
  if (edit.kind !== 'replace' || !edit.others) return false;
  const fitting = [{ ...edit, others: undefined }, ...edit.others.map((other) => ({ ...edit, ...other, others: undefined }))].filter(
    (one) => findPlaces(base, readingsOf(one), 'exact').kind === 'one',
  );
  return fitting.length > 1;
}

/** So many lines are miscounted; where more are missing, they were not written. */
const mostMiscounted = 5;
const cutOff = { rule: 'truncated', message: 'The last hunk is shorter than it says and ends in a change: the answer was cut off.' };

/** Characters that are looked through for edits which only fit after others: hundreds of edits in a long file. */
const mostSought = 100_000_000;

/** Enough for the model to learn from. */
const mostFailures = 6;

/** Edits that were not found in the file as it was: in the text that the others have made, or inside a line, or already done. */
function placeLater(path: string, original: Base, start: readonly Line[], later: readonly Sought[], mangled: boolean): Result {
  let lines = start;
  let left = mostSought;
  const size = original.texts.reduce((sum, text) => sum + text.length + 1, 0);
  const failures: Failure[] = [];
  const flags: Problem[] = [];
  for (const { edit, readings } of later) {
    if (failures.length === mostFailures) break;
    left -= size;
    if (left < 0)
      return {
        failures: [{ rule: 'too_many', message: 'Too many edits of this file fit only after others: write what they make of it in one.' }],
      };
    const now = openBase(lines);
    const found = lines === original.lines ? ({ kind: 'none' } as const) : findPlaces(now, readings, 'unicode');
    const made = found.kind === 'one' ? regionsOf(now, found.match, path, mangled) : undefined;
    if (made && 'regions' in made) {
      lines = applyRegions(lines, made.regions, made.openEnd);
      flags.push(...made.flags);
      continue;
    }
    const part = edit.kind === 'replace' ? placeInLine(lines, edit) : undefined;
    if (part) lines = part;
    else if (!isDone(original, edit, readings)) failures.push(notFound(original.texts, edit, readings));
  }
  return failures.length > 0 ? { failures } : { text: joinText(lines), flags };
}

function choose({ edit, found }: Sought, honest: boolean, base: Base): Match | Failure | 'later' {
  if (found.kind === 'none') return 'later';
  if (found.kind === 'one') return found.match;
  const stated = found.matches.filter((match) => isWhereStated(edit, match));
  const [exact] = stated;
  if (edit.kind === 'hunk' && edit.line !== undefined && honest && stated.length === 1 && exact) return exact;
  const after = belowAnchors(edit, found.matches, base);
  const [only] = after;
  if (after.length === 1 && only) return only;
  const lines = found.matches.slice(0, 6).map((match) => match.at + 1);
  return {
    rule: 'ambiguous',
    message: `The text stands in ${found.matches.length} places (lines ${lines.join(', ')}): add lines around it until it is unique.`,
  };
}

/** Hunks count from the first line they show, context included. */
function isWhereStated(edit: Textual, match: Match): boolean {
  return edit.kind !== 'hunk' || edit.line === undefined || edit.line - 1 === match.at;
}

/** `@@ class A` / `@@ def f` name lines above the place; each must itself be the only one of its kind below the one before. */
function belowAnchors(edit: Textual, matches: readonly Match[], base: Base): readonly Match[] {
  if (edit.kind !== 'hunk' || !edit.anchors?.length) return matches;
  let from = 0;
  for (const anchor of edit.anchors) {
    const places = (base.index('indent').where.get(spell(anchor, 'indent')) ?? []).filter((at) => at >= from);
    const [only] = places;
    if (places.length !== 1 || only === undefined) return matches;
    from = only;
  }
  return matches.filter((match) => match.at + match.reading.lines.filter((line) => line.tag !== '+').length > from);
}

/**
 * The answer ends in this hunk and it shows less than its counts promise. Counts are often wrong; a whole hunk still ends in three lines
 * of context or with the file, and lacks as many lines on both sides.
 */
function isCut(edit: Textual, match: Match, { texts: file }: Base): boolean {
  if (edit.kind !== 'hunk' || !edit.last) return false;
  const lines = match.reading.lines;
  if (!edit.counts) {
    // Without counts, a hunk that ends in a change and not in a line that stays is all there is to go by.
    const end = match.at + lines.filter((line) => line.tag !== '+').length;
    return lines.at(-1)?.tag !== ' ' && lines.at(-1)?.tag !== 'loose' && end < file.length && lines[0]?.tag === ' ';
  }
  const [before, after] = sizesOf(lines);
  const ends = lines.at(-1)?.tag;
  if (before >= edit.counts.before && after >= edit.counts.after)
    return !match.reading.openEnd && ((edit.open === 'fence' && ends === '-') || (edit.open !== undefined && ends === '+'));
  const missing = [edit.counts.before - before, edit.counts.after - after] as const;
  if (edit.open || Math.min(...missing) > mostMiscounted || (missing[0] > 0 && missing[1] > 0 && missing[0] !== missing[1])) return true;
  const closing = lines.length - 1 - lines.findLastIndex((line) => line.tag === '+' || line.tag === '-');
  const ended = match.at + before === file.length;
  return (closing !== 3 && !ended) || (ended && before === edit.counts.before);
}

const markLost = { rule: 'marks', message: 'Lines of the hunk have lost their sign, and its counts do not fit to what is left.' };

/** Some lines have their sign and some do not, and the counts say that one of those was no context. */
function isMarkLost(edit: Textual, match: Match, { texts: file }: Base): boolean {
  if (edit.kind !== 'hunk' || !edit.counts) return false;
  const { lines } = match.reading;
  const old = lines.filter((line) => line.tag !== '+');
  const after = lines.filter((line) => line.tag !== '-').length;
  if (old.length === edit.counts.before && after === edit.counts.after) return false;
  // A removed line that stands above the one that replaces it, as if it stayed.
  if (after === edit.counts.after + 1 && old.length === edit.counts.before && lines.some((line, at) => isKept(lines, line, at)))
    return true;
  const next = edit.lines[lines.length + edit.lines.filter((line) => line.startsWith('\\')).length] ?? '';
  if (/^[^-+ \\]/.test(next) && (old.length < edit.counts.before || after < edit.counts.after)) return true;
  const unmarked = old.map((line, offset) => {
    if (line.text.trim() === '' || line.tag === '-') return undefined;
    const there = file[match.at + offset] ?? '';
    return line.tag === 'loose' || (line.text !== there && line.raw === there);
  });
  return unmarked.includes(true) && unmarked.includes(false);
}

function isKept(lines: readonly Tagged[], line: Tagged, at: number): boolean {
  const above = lines[at - 1];
  const closing = lines.slice(at).findIndex((one) => one.tag !== '+');
  return line.tag === '+' && above?.tag === ' ' && lines[at + closing]?.tag !== '-' && likeness(above.text, line.text) > 0.6;
}

function notFound(texts: readonly string[], edit: Textual, readings: readonly Reading[]): Failure {
  const old = readings[0]?.lines.filter((line) => line.tag !== '+').map((line) => line.text) ?? [];
  if (old.every((line) => line.trim() === '')) {
    return { rule: 'no_context', message: 'The edit adds lines without saying where: show lines of the file around them.' };
  }
  const near = nearest(texts, old);
  const sought = old.slice(0, 12).join('\n');
  const what = edit.kind === 'hunk' ? 'The lines of the hunk' : 'The lines of SEARCH';
  return { rule: 'not_found', message: `${what} are not in the file:\n${sought}`, ...(near !== undefined && { nearest: near }) };
}

function textsOf(edit: Textual): string[] {
  return edit.kind === 'hunk' ? [...edit.lines] : [edit.search, edit.replace];
}
