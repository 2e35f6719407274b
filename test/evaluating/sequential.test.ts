import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulate } from '../../bench/simulate.ts';
import { chooseCascade } from '../../src/evaluating/deciding/cascade.ts';
import { shuffle } from '../../src/evaluating/deciding/random.ts';
import { decide, neededOf, solvedOf } from '../../src/evaluating/deciding/sequential.ts';
import { notTried } from '../../src/evaluating/variant-results.ts';
import type { Standing } from '../../src/schema/evaluation.ts';

const sizes = fc.integer({ min: 1, max: 120 });
const draws = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 });
const bars = fc.double({ min: 0.05, max: 1, noNaN: true });

test('the interval holds what is possible, narrows to the truth, and a bar is never met and missed', () => {
  fc.assert(
    fc.property(draws, fc.integer({ min: 0, max: 60 }), bars, (results, more, bar) => {
      const total = results.length + more;
      const solved = results.filter(Boolean).length;
      const { low, high } = solvedOf(total, results.length, solved);
      expect(low).toBeGreaterThanOrEqual(solved);
      expect(high).toBeLessThanOrEqual(total - (results.length - solved));
      expect(low).toBeLessThanOrEqual(high);
      const seen = decide(total, results, bar);
      expect(seen.looks).toBeLessThanOrEqual(results.length);
      if (more === 0) {
        // All are known: the interval is a point and the answer is certain, unless it was given earlier.
        expect([low, high]).toEqual([solved, solved]);
        if (seen.looks === total) expect(seen.verdict).toBe(solved >= neededOf(total, bar) ? 'meets' : 'cannot');
      }
      // What was decided stays so, whatever comes after.
      if (seen.verdict !== 'undecided') {
        const early = decide(total, results.slice(0, seen.looks), bar);
        expect(early).toEqual(seen);
        expect(
          decide(total, [...results.slice(0, seen.looks), ...Array(total - seen.looks).fill(seen.verdict !== 'meets')], bar).verdict,
        ).toBe(seen.verdict);
      }
    }),
  );
});

test('the truth is left out of the interval at some look in less than one of ten orders', () => {
  fc.assert(
    fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (total, share) => {
      const truth = Math.round(total * share);
      const bugs = Array.from({ length: total }, (_, at) => at < truth);
      let missed = 0;
      const orders = 60;
      for (let seed = 0; seed < orders; seed++) {
        let solved = 0;
        const out = shuffle(bugs, seed * 7919 + total).some((one, at) => {
          if (one) solved++;
          const { low, high } = solvedOf(total, at + 1, solved);
          return truth < low || truth > high;
        });
        if (out) missed++;
      }
      // One in ten is the bound; three standard deviations more are luck.
      expect(missed / orders).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / orders));
    }),
    { numRuns: 25 },
  );
});

test('in simulated repositories the right variant is chosen, for less than half of the calls of the full grid', () => {
  for (const near of [false, true]) {
    const { right, calls } = simulate(400, 7, near);
    expect(right).toBeGreaterThanOrEqual(0.95);
    expect(calls).toBeLessThanOrEqual(0.5);
  }
});

test('the same seed gives the same order, and every item once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 50 }), fc.nat(), (items, seed) => {
      const once = shuffle(items, seed);
      expect(shuffle(items, seed)).toEqual(once);
      expect([...once].sort()).toEqual([...items].sort());
    }),
  );
  expect(shuffle([1, 2, 3, 4, 5, 6, 7, 8], 1)).not.toEqual(shuffle([1, 2, 3, 4, 5, 6, 7, 8], 2));
});

const standing = (variant: string, solved: number, tried: number, costUsd: Standing['costUsd'], word: Standing['standing']): Standing => ({
  ...notTried({ id: variant }, { likelyUsd: 1, highUsd: 2 }),
  standing: word,
  tried,
  solved,
  costUsd,
});

test.each<[string, readonly Standing[], readonly string[] | undefined]>([
  ['nobody meets the bar', [standing('a', 2, 10, 0.1, 'cannot'), standing('b', 5, 10, 1, 'undecided')], undefined],
  ['the first meets it', [standing('a', 9, 10, 0.1, 'meets'), standing('b', 0, 0, 0, 'not_tried')], ['a']],
  ['a cheap one pays for itself', [standing('a', 4, 10, 0.1, 'cannot'), standing('b', 9, 10, 1, 'meets')], ['a', 'b']],
  ['a cheap one that solves nothing does not', [standing('a', 0, 10, 0.1, 'cannot'), standing('b', 9, 10, 1, 'meets')], ['b']],
  ['one that is nearly as dear does not', [standing('a', 4, 10, 0.9, 'cannot'), standing('b', 9, 10, 1, 'meets')], ['b']],
  ['a price that is not known is no reason', [standing('a', 4, 10, 'unknown', 'cannot'), standing('b', 9, 10, 1, 'meets')], ['b']],
  [
    'of several, the best plan',
    [standing('a', 1, 10, 0.3, 'cannot'), standing('b', 5, 10, 0.2, 'cannot'), standing('c', 9, 10, 1, 'meets')],
    ['b', 'c'],
  ],
])('%s', (_name, standings, variants) => {
  expect(chooseCascade(standings)?.variants).toEqual(variants);
});
