import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openMemo } from '../../src/cache/memo.ts';
import type { Cache } from '../../src/schema/context.ts';

function memory(): Cache & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return { kept, get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) };
}

test('what was noted comes back, from many runs, and only additions are written', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), { maxLength: 5 }), (runs) => {
      const cache = memory();
      const all = new Map<string, string>();
      for (const run of runs) {
        const notes = openMemo(cache, 'n');
        for (const [key, value] of Object.entries(run)) {
          // Half of a surrogate pair has no UTF-8 of its own.
          all.set(key, Buffer.from(value).toString());
          notes.set(key, value);
        }
        notes.save();
      }
      const notes = openMemo(cache, 'n');
      for (const [key, value] of all) expect(notes.get(key)).toBe(value);
      expect(notes.get('never noted, as long as nobody makes it up')).toBeUndefined();
      cache.kept.clear();
      notes.save();
      expect(cache.kept.size).toBe(0);
    }),
  );
});

test('beyond the limit the notes that were not used for longest go', () => {
  const cache = memory();
  const value = 'x'.repeat(100);
  const first = openMemo(cache, 'n', 1_000);
  for (let at = 0; at < 6; at++) first.set(`old ${at}`, value);
  first.save();
  const second = openMemo(cache, 'n', 1_000);
  expect(second.get('old 3')).toBe(value);
  for (let at = 0; at < 4; at++) second.set(`new ${at}`, value);
  second.save();
  const third = openMemo(cache, 'n', 1_000);
  expect(third.get('old 3')).toBe(value);
  expect([0, 1, 2, 3].map((at) => third.get(`new ${at}`))).toEqual([value, value, value, value]);
  expect([0, 1, 2, 4, 5].filter((at) => third.get(`old ${at}`) !== undefined).length).toBe(3);
});

test('bytes that are no notes are none', () => {
  for (const bytes of [
    new Uint8Array(),
    new Uint8Array(9),
    Buffer.from('no notes at all, and long enough'),
    new Uint8Array(4_000).fill(255),
  ]) {
    const cache = memory();
    cache.set('notes 1 n', bytes);
    const notes = openMemo(cache, 'n');
    expect(notes.get('a')).toBeUndefined();
    expect(notes.recall('a', () => [1])).toEqual([1]);
    notes.save();
    expect(openMemo(cache, 'n').recall('a', () => [2])).toEqual([1]);
  }
});
