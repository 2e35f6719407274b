import { rarity } from './postings.ts';
import type { Question } from './query.ts';
import type { Segment } from './segments.ts';
import { hashWord, listWords, makeWordList } from './words.ts';

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

/**
 * BM25 of every segment of the candidates for the question, titles counted three times, and a bonus where the test uses the very name.
 * `words` are those that gave most, for the evidence.
 */
export function scoreSegments(sources: readonly Source[], question: Question, nameBonus: number): ScoredSegment[] {
  const wanted = [...question.words.keys()];
  const numberOf = new Map(wanted.map((word, number) => [hashWord(word), number]));
  const list = makeWordList();
  const counts: { source: Source; segment: Segment; length: number; found: Map<number, number> }[] = [];
  const frequency = new Uint32Array(wanted.length);
  for (const source of sources) {
    const lines = source.text.split('\n');
    for (const segment of source.segments) {
      const found = new Map<number, number>();
      const count = (text: string, weight: number): number => {
        const bytes = encoder.encode(text);
        listWords(bytes, bytes.length, list);
        for (let i = 0; i < list.length; i++) {
          const number = numberOf.get(list.hashes[i] ?? 0);
          if (number !== undefined) found.set(number, (found.get(number) ?? 0) + weight);
        }
        return list.length;
      };
      const length = count(lines.slice(segment.startLine - 1, segment.endLine).join('\n'), 1);
      if (segment.title) count(segment.title, titleWeight);
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
    if (used > 0) score *= 1 + nameBonus * Math.min(1, used);
    const best = parts.sort((left, right) => right[1] - left[1] || left[0] - right[0]).slice(0, 4);
    return { source, segment, score, words: best.map(([number]) => wanted[number] ?? '') };
  });
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
