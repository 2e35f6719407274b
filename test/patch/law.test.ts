import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import { laws } from './law.ts';

const place = (answer: string, before: string) => {
  const { edits, problems } = readEdits(answer);
  const placed = problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, () => before);
  return placed.failures[0] ?? placed.changes[0]?.after;
};

test('exact and unique blocks are textual replacement', () => {
  fc.assert(
    fc.property(laws, ({ before, after, answer }) => {
      expect(place(answer, before)).toBe(after);
      const windows = (text: string) => text.replaceAll('\n', '\r\n');
      expect(place(answer, windows(before))).toBe(windows(after));
    }),
    { numRuns: 1_000 },
  );
});
