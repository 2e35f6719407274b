import { basename, extname } from 'node:path/posix';
import { wordForms } from '../index/forms.ts';
import { rarity } from '../index/search.ts';
import { hashWord, listWords, makeWordList } from '../index/tokenize.ts';
import type { Segment } from '../scan/segments.ts';
import type { Question } from './query.ts';
import type { Settings } from './weights.ts';

/** A candidate file, read and cut. */
export type Source = { readonly path: string; readonly text: string; readonly segments: readonly Segment[] };

export type ScoredSegment = {
  readonly source: Source;
  readonly segment: Segment;
  readonly score: number;
  readonly words: readonly string[];
};

const titleWeight = 3;
const k1 = 1.2;
const b = 0.4;
const encoder = new TextEncoder();
/** Evidence is shown unredacted, so nothing that could be a secret may be quoted in it. */
const plainWord = /^[a-z]{2,24}$/;

/**
 * BM25 of every segment of the candidates for the question, titles counted three times, and a bonus where the test uses the very name.
 * `words` are those that gave most, for the evidence.
 */
export function scoreSegments(sources: readonly Source[], question: Question, settings: Settings): ScoredSegment[] {
  const wanted = [...question.words.keys()];
  const numberOf = new Map(wanted.map((word, number) => [hashWord(word), number]));
  const formOf = new Map<number, number>();
  wanted.forEach((word, number) => {
    for (const form of wordForms(word)) {
      const hash = hashWord(form);
      if (!numberOf.has(hash) && !formOf.has(hash)) formOf.set(hash, number);
    }
  });
  const list = makeWordList();
  const counts: { source: Source; segment: Segment; length: number; found: Map<number, number> }[] = [];
  const frequency = new Uint32Array(wanted.length);
  for (const source of sources) {
    const bytes = encoder.encode(source.text);
    const starts = lineStarts(bytes);
    const stem = encoder.encode(basename(source.path, extname(source.path)));
    for (const segment of source.segments) {
      const found = new Map<number, number>();
      const count = (bytes: Uint8Array, weight: number): number => {
        listWords(bytes, bytes.length, list);
        for (let i = 0; i < list.length; i++) {
          const number = numberOf.get(list.hashes[i] ?? 0);
          if (number !== undefined) found.set(number, (found.get(number) ?? 0) + weight);
          else {
            const near = formOf.get(list.hashes[i] ?? 0);
            if (near !== undefined) found.set(near, (found.get(near) ?? 0) + weight * settings.forms);
          }
        }
        return list.length;
      };
      const length = count(bytes.subarray(starts[segment.startLine - 1], starts[segment.endLine]), 1);
      if (segment.title) count(encoder.encode(segment.title), titleWeight);
      count(stem, settings.stem);
      for (const number of found.keys()) frequency[number] = (frequency[number] ?? 0) + 1;
      counts.push({ source, segment, length, found });
    }
  }
  const mean = counts.reduce((sum, { length }) => sum + length, 0) / Math.max(1, counts.length) || 1;
  const gains = wanted.map((word, number) => (question.words.get(word) ?? 0) * rarity(frequency[number] ?? 0, counts.length));
  return counts.map(({ source, segment, length, found }) => {
    let score = 0;
    const parts: [number, number][] = [];
    for (const [number, times] of found) {
      const part = ((gains[number] ?? 0) * times * (k1 + 1)) / (times + k1 * (1 - b + (b * length) / mean));
      score += part;
      parts.push([number, part]);
    }
    const used = segment.kind === 'glue' ? 0 : (question.names.get(segment.name) ?? 0);
    if (used > 0) score *= 1 + settings.nameBonus * Math.min(1, used);
    const best = parts.sort((left, right) => right[1] - left[1] || left[0] - right[0]).slice(0, 4);
    return { source, segment, score, words: best.map(([number]) => wanted[number] ?? '').filter((word) => plainWord.test(word)) };
  });
}

/** Where each line starts. */
function lineStarts(bytes: Uint8Array): number[] {
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return starts;
}

const mostCallers = 120;
const mostOwners = 4;

/**
 * Hands a share of each strong segment's score to the definitions that it names: the fault often lies one call behind what the test
 * calls. A name with many owners says nothing.
 */
export function followCalls(segments: readonly ScoredSegment[], share: number): ScoredSegment[] {
  const owners = new Map<string, number[]>();
  segments.forEach(({ segment }, number) => {
    const name = segment.name.slice(segment.name.lastIndexOf('.') + 1);
    if (segment.kind === 'glue' || name.length < 3) return;
    owners.set(name, [...(owners.get(name) ?? []), number]);
  });
  const gains = new Float64Array(segments.length);
  const callers = [...segments.keys()].sort((a, b) => (segments[b]?.score ?? 0) - (segments[a]?.score ?? 0) || a - b).slice(0, mostCallers);
  for (const caller of callers) {
    const one = segments[caller];
    if (!one || one.score <= 0 || one.segment.kind === 'glue') continue;
    const body = linesOf(one.source)
      .slice(one.segment.startLine - 1, one.segment.endLine)
      .join('\n');
    const called = new Set([...body.matchAll(/[A-Za-z_$][\w$]{2,}/g)].map(([name]) => name));
    for (const name of called) {
      const found = owners.get(name) ?? [];
      if (found.length > mostOwners || name === one.segment.name) continue;
      const near = found.some((number) => segments[number]?.source === one.source)
        ? found.filter((number) => segments[number]?.source === one.source)
        : found;
      for (const number of near) gains[number] = Math.max(gains[number] ?? 0, (one.score * share) / near.length);
    }
  }
  return segments.map((one, number) => ({ ...one, score: one.score + (gains[number] ?? 0) }));
}

const lineCache = new WeakMap<Source, readonly string[]>();

function linesOf(source: Source): readonly string[] {
  const known = lineCache.get(source) ?? source.text.split('\n');
  lineCache.set(source, known);
  return known;
}

/** The best segments make the file: the strongest counts whole, the next ones less and less. */
export function scoreFiles(segments: readonly ScoredSegment[]): Map<string, { score: number; best: ScoredSegment }> {
  const byFile = new Map<string, ScoredSegment[]>();
  for (const one of segments) {
    const list = byFile.get(one.source.path);
    if (list) list.push(one);
    else byFile.set(one.source.path, [one]);
  }
  const scores = new Map<string, { score: number; best: ScoredSegment }>();
  for (const [path, list] of byFile) {
    const sorted = [...list].sort((left, right) => right.score - left.score).slice(0, 5);
    const best = sorted[0];
    if (best && best.score > 0) scores.set(path, { score: sorted.reduce((sum, one, i) => sum + one.score * 0.5 ** i, 0), best });
  }
  return scores;
}
