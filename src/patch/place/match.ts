import type { Reading, Tagged } from './reading.ts';
import { bare, type Line, likeness, plainText } from './text.ts';

/** How closely the old lines of an edit had to match. Later ones are tried only where earlier ones find nothing. */
export const levels = ['exact', 'trailing', 'unicode', 'indent', 'fuzzy'] as const;
export type Level = (typeof levels)[number];

export type Match = { readonly reading: Reading; readonly level: Level; readonly at: number };
export type Found =
  | { readonly kind: 'one'; readonly match: Match }
  | { readonly kind: 'several'; readonly matches: readonly Match[] }
  | { readonly kind: 'none' };

const leastLikeness = 0.75;

/** All places of an edit at the first level that has any. */
export function findPlaces(file: readonly Line[], readings: readonly Reading[], upTo: Level = 'fuzzy'): Found {
  const texts = file.map((line) => line.text);
  for (const level of levels.slice(0, levels.indexOf(upTo) + 1)) {
    for (const reading of readings) {
      const old = reading.lines.filter((line) => line.tag !== '+');
      if (old.length === 0 || old.length > texts.length) continue;
      if (!old.some((line) => line.text.trim() !== '')) continue;
      const matches = placesAt(texts, old, level).map((at) => ({ reading, level, at }));
      const [only] = matches;
      if (matches.length === 1 && only) return { kind: 'one', match: only };
      if (matches.length > 1) return { kind: 'several', matches };
    }
  }
  return { kind: 'none' };
}

function placesAt(texts: readonly string[], old: readonly Tagged[], level: Level): number[] {
  const places: number[] = [];
  const fits = level === 'fuzzy' ? fitsLoosely : fitsAll;
  for (let at = 0; at + old.length <= texts.length; at++) if (fits(texts, old, at, level)) places.push(at);
  return places;
}

function fitsAll(texts: readonly string[], old: readonly Tagged[], at: number, level: Level): boolean {
  return old.every((line, offset) => fitsLine(texts[at + offset] ?? '', line, level));
}

/** A context line may have lost its leading blank: then it is what the file has as it was written. */
function fitsLine(text: string, line: Tagged, level: Level): boolean {
  return isSame(text, line.text, level) || (line.tag === ' ' && line.raw !== line.text && isSame(text, line.raw, level));
}

export function isSame(a: string, b: string, level: Level): boolean {
  if (a === b) return true;
  if (level === 'exact') return false;
  if (a.trimEnd() === b.trimEnd()) return true;
  if (level === 'trailing') return false;
  const left = plainText(a);
  const right = plainText(b);
  if (left.trimEnd() === right.trimEnd()) return true;
  if (level === 'unicode') return false;
  return bare(left) === bare(right);
}

/**
 * Context that was misremembered: removed lines fit as they are, at most one context line in four is a little different, and enough of
 * the rest is there.
 */
function fitsLoosely(texts: readonly string[], old: readonly Tagged[], at: number): boolean {
  let wrong = 0;
  let right = 0;
  for (const [offset, line] of old.entries()) {
    const text = texts[at + offset] ?? '';
    if (fitsLine(text, line, 'trailing')) {
      if (text.trim().length > 2) right++;
    } else if (line.tag === '-' || likeness(text, line.text) < leastLikeness) return false;
    else wrong++;
  }
  return right >= 3 && wrong * 4 <= old.length;
}

/** The stretch of the file that shares most words with the old lines, for a message to the model. */
export function nearest(texts: readonly string[], old: readonly string[]): string | undefined {
  const wanted = new Set(old.flatMap(wordsOf));
  if (wanted.size === 0) return undefined;
  const span = Math.max(old.length, 3);
  const scores = texts.map((text) => new Set(wordsOf(text).filter((word) => wanted.has(word))).size);
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
  return text.match(/[A-Za-z_]\w{2,}/g) ?? [];
}
