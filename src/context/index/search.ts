import type { Postings } from './postings.ts';
import { hashWord } from './tokenize.ts';

/** A query: words with the weight each carries. */
export type Query = ReadonlyMap<string, number>;

const k1 = 1.2;
const b = 0.5;

/** Rarity of a word that `count` of `total` documents hold (BM25's idf). */
export function rarity(count: number, total: number): number {
  return Math.log(1 + (total - count + 0.5) / (count + 0.5));
}

/** An index in parts: the stored one, where changed files are no longer `alive`, and a small one of what changed since. */
export type Index = {
  readonly parts: readonly { readonly postings: Postings; readonly paths: readonly string[]; readonly alive?: Uint8Array | undefined }[];
};

/** BM25 by path, over all parts as if they were one, so that a stored index and a fresh one give the same scores. `most`: the best, and those as good as the last of them. */
export function searchIndex({ parts }: Index, query: Query, most = Number.POSITIVE_INFINITY): Map<string, number> {
  let total = 0;
  let length = 0;
  for (const { postings, alive } of parts) {
    postings.lengths.forEach((words, document) => {
      if (alive && alive[document] === 0) return;
      total++;
      length += words;
    });
  }
  const mean = length / Math.max(1, total) || 1;
  const scores = parts.map(({ postings }) => new Float64Array(postings.lengths.length));
  for (const [word, weight] of query) {
    const hash = hashWord(word);
    let count = 0;
    for (const { postings, alive } of parts) {
      eachPosting(postings, hash, (document) => {
        if (!alive || alive[document] === 1) count++;
      });
    }
    const gain = weight * rarity(count, total);
    parts.forEach(({ postings, alive }, part) => {
      const own = scores[part] ?? new Float64Array();
      eachPosting(postings, hash, (document, times) => {
        if (alive && alive[document] === 0) return;
        const norm = k1 * (1 - b + (b * (postings.lengths[document] ?? 0)) / mean);
        own[document] = (own[document] ?? 0) + (gain * times * (k1 + 1)) / (times + norm);
      });
    });
  }
  const found = new Map<string, number>();
  const least = leastOf(scores, most);
  parts.forEach(({ paths, alive }, part) => {
    scores[part]?.forEach((score, document) => {
      const path = paths[document];
      if (score > 0 && score >= least && path !== undefined && (!alive || alive[document] === 1)) found.set(path, score);
    });
  });
  return found;
}

/** The score that as many as `most` documents reach. */
function leastOf(scores: readonly Float64Array[], most: number): number {
  if (scores.reduce((sum, { length }) => sum + length, 0) <= most) return 0;
  const all = scores.flatMap((own) => [...own.filter((score) => score > 0)]);
  return Float64Array.from(all).sort().at(-most) ?? 0;
}

function eachPosting(postings: Postings, hash: number, visit: (document: number, times: number) => void): void {
  const { hashes, offsets, runs } = postings;
  let low = 0;
  let high = hashes.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hashes[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  if (hashes[low] !== hash) return;
  let document = -1;
  const end = offsets[low + 1] ?? 0;
  for (let at = offsets[low] ?? 0; at < end; ) {
    let gap = 0;
    let shift = 0;
    let byte = 128;
    while (byte >= 128) {
      byte = runs[at++] ?? 0;
      gap |= (byte & 127) << shift;
      shift += 7;
    }
    document += gap;
    visit(document, runs[at++] ?? 0);
  }
}
