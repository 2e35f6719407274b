import { type Base, spell, type Way, ways } from './base.ts';
import type { Reading, Tagged } from './reading.ts';
import { likeness } from './text.ts';

/** How closely the old lines of an edit had to match. Later ones are tried only where earlier ones find nothing. */
const levels = [...ways, 'fuzzy'] as const;
export type Level = (typeof levels)[number];

export type Match = { readonly reading: Reading; readonly level: Level; readonly at: number };
export type Found =
  | { readonly kind: 'one'; readonly match: Match }
  | { readonly kind: 'several'; readonly matches: readonly Match[] }
  | { readonly kind: 'none' };

const leastLikeness = 0.75;
/** Comparisons for one edit. Only text that repeats itself by the thousand needs more, and no place in that is unique. */
const mostWork = 3_000_000;
type Work = { left: number };

/** All places of an edit at the first level that has any. */
export function findPlaces(base: Base, readings: readonly Reading[], upTo: Level = 'fuzzy'): Found {
  const work: Work = { left: mostWork };
  for (const level of levels.slice(0, levels.indexOf(upTo) + 1)) {
    for (const reading of readings) {
      const old = reading.lines.filter((line) => line.tag !== '+');
      if (old.length === 0 || old.length > base.texts.length) continue;
      if (level !== 'exact' && !old.some((line) => line.text.trim() !== '')) continue;
      const places = level === 'fuzzy' ? loosePlaces(base, old, work) : placesAt(base, old, level, work);
      if (work.left <= 0) return { kind: 'none' };
      const matches = places.map((at) => ({ reading, level, at }));
      const [only] = matches;
      if (matches.length === 1 && only) return { kind: 'one', match: only };
      if (matches.length > 1) return { kind: 'several', matches };
    }
  }
  return { kind: 'none' };
}

function placesAt(base: Base, old: readonly Tagged[], way: Way, work: Work): number[] {
  const { keys, where } = base.index(way);
  const wanted = old.map((line) => spellings(line).map((text) => spell(text, way)));
  const count = (line: readonly string[]) => line.reduce((sum, key) => sum + (where.get(key)?.length ?? 0), 0);
  const counts = wanted.map(count);
  // From the rarest line: where it stands are all the places there can be.
  const rarest = counts.reduce((best, some, line) => (some < (counts[best] ?? 0) ? line : best), 0);
  const starts = new Set((wanted[rarest] ?? []).flatMap((key) => where.get(key) ?? []).map((at) => at - rarest));
  const fits = (start: number) =>
    wanted.every((spelled, offset) => {
      work.left--;
      return spelled.includes(keys[start + offset] ?? '');
    });
  return [...starts]
    .sort((a, b) => a - b)
    .filter((start) => work.left > 0 && start >= 0 && start + wanted.length <= keys.length && fits(start));
}

/** A context line may have lost its leading blank: then it is what the file has as it was written. */
function spellings(line: Tagged): readonly string[] {
  return line.tag === ' ' && line.raw !== line.text ? [line.text, line.raw] : [line.text];
}

const leastRight = 3;

/**
 * Context that was misremembered: removed lines fit as they are, at most one context line in four is a little different, and enough of
 * the rest is there.
 */
function loosePlaces({ texts, index }: Base, old: readonly Tagged[], work: Work): number[] {
  const { where } = index('trailing');
  const votes = new Map<number, number>();
  for (const [offset, line] of old.entries())
    for (const way of new Set(spellings(line).map((text) => text.trimEnd())))
      for (const at of way.trim().length > 2 ? (where.get(way) ?? []) : []) {
        if (work.left-- <= 0) return [];
        votes.set(at - offset, (votes.get(at - offset) ?? 0) + 1);
      }
  const starts = [...votes].flatMap(([start, count]) =>
    count >= leastRight && start >= 0 && start + old.length <= texts.length ? [start] : [],
  );
  return starts.sort((a, b) => a - b).filter((start) => fitsLoosely(texts, old, start, work));
}

function fitsLoosely(texts: readonly string[], old: readonly Tagged[], at: number, work: Work): boolean {
  let wrong = 0;
  let right = 0;
  for (const [offset, line] of old.entries()) {
    const text = texts[at + offset] ?? '';
    work.left -= 1;
    if (work.left <= 0) return false;
    if (spellings(line).some((way) => text.trimEnd() === way.trimEnd())) {
      if (text.trim().length > 2) right++;
      continue;
    }
    work.left -= text.length + line.text.length;
    if (line.tag === '-' || likeness(text, line.text) < leastLikeness) return false;
    wrong++;
    if (wrong * 4 > old.length) return false;
  }
  return right >= leastRight;
}

const mostSearched = 20_000;

/** The stretch of the file that shares most words with the old lines, for a message to the model. */
export function nearest(texts: readonly string[], old: readonly string[]): string | undefined {
  const wanted = new Set(old.slice(0, 200).flatMap(wordsOf));
  if (wanted.size === 0) return undefined;
  const span = Math.max(old.length, 3);
  const scores = texts.slice(0, mostSearched).map((text) => new Set(wordsOf(text).filter((word) => wanted.has(word))).size);
  let best = 0;
  let place = 0;
  let sum = 0;
  for (const [at, score] of scores.entries()) {
    sum += score - (at >= span ? (scores[at - span] ?? 0) : 0);
    if (sum > best) {
      best = sum;
      place = Math.max(0, at - span + 1);
    }
  }
  if (best < 2) return undefined;
  return texts.slice(Math.max(0, place - 2), place + Math.min(span, 40) + 2).join('\n');
}

function wordsOf(text: string): string[] {
  return text.slice(0, 400).match(/[A-Za-z_]\w{2,}/g) ?? [];
}
