import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchIndex } from '../../src/context/index/search.ts';
import { openIndex } from '../../src/context/index/stored.ts';

const load = (files: ReadonlyMap<string, string>) => (path: string) => {
  const text = files.get(path);
  return text === undefined ? undefined : Buffer.from(text);
};
const listed = (files: ReadonlyMap<string, string>) =>
  [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ path, oid: text }));
const all = (files: ReadonlyMap<string, string>) => ({ files: listed(files), accept: () => true, load: load(files) });
const query = new Map([
  ['alpha', 1],
  ['beta', 2],
]);
const ordered = (scores: ReadonlyMap<string, number>) => [...scores].sort(([a], [b]) => (a < b ? -1 : 1));

test('a rare word counts more than a common one, and a longer file less', () => {
  const files = new Map([
    ['a.ts', 'alpha common common'],
    ['b.ts', `alpha ${'filler '.repeat(200)}`],
    ['c.ts', 'common'],
    ['d.ts', 'common'],
  ]);
  const { index } = openIndex(all(files), undefined);
  const scores = searchIndex(index, new Map([['alpha', 1]]));
  expect([...scores.keys()].sort()).toEqual(['a.ts', 'b.ts']);
  expect(scores.get('a.ts')).toBeGreaterThan(scores.get('b.ts') ?? 0);
});

test('a stored index that is patched gives the scores of a fresh one', () => {
  const word = fc.constantFrom('alpha', 'beta', 'gamma', 'class', 'Alpha', 'alphaBeta');
  const tree = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,6}\.ts$/),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    { maxKeys: 12 },
  );
  fc.assert(
    fc.property(tree, tree, (before, after) => {
      const old = new Map(Object.entries(before));
      const now = new Map(Object.entries({ ...before, ...after }).filter(([path]) => path !== Object.keys(before)[0]));
      const { fresh } = openIndex(all(old), undefined);
      const patched = openIndex(all(now), fresh);
      const whole = openIndex(all(now), undefined);
      expect(ordered(searchIndex(patched.index, query))).toEqual(ordered(searchIndex(whole.index, query)));
      expect(patched.fresh).toBeUndefined();
    }),
  );
});

test('bytes that are no index, or of a cut one, are built anew', () => {
  const files = new Map([['a.ts', 'alpha']]);
  const { fresh } = openIndex(all(files), undefined);
  const bytes = fresh ?? new Uint8Array();
  expect(openIndex(all(files), bytes).fresh).toBeUndefined();
  for (const broken of [new Uint8Array(), new Uint8Array(3), bytes.slice(0, -1), bytes.slice(0, 20), Buffer.from('x'.repeat(400))]) {
    const opened = openIndex(all(files), broken);
    expect(opened.fresh).toBeDefined();
    expect([...searchIndex(opened.index, query).keys()]).toEqual(['a.ts']);
  }
});

test('many documents and words keep their counts through growing tables', () => {
  const files = new Map(
    Array.from({ length: 3_000 }, (_, i) => [`f${String(i).padStart(5, '0')}.ts`, `word${i} shared ${'x'.repeat((i % 50) + 2)}`]),
  );
  const { index } = openIndex(all(files), undefined);
  expect([...searchIndex(index, new Map([['word2999', 1]])).keys()]).toEqual(['f02999.ts']);
  expect(searchIndex(index, new Map([['shared', 1]])).size).toBe(3_000);
});

test('an index that follows what drifted from its listing gives the scores of a fresh one', () => {
  const word = fc.constantFrom('alpha', 'beta', 'gamma', 'class', 'alphaBeta');
  const path = fc.stringMatching(/^[a-d]{1,2}\.ts$/);
  const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
  const tree = fc.dictionary(path, text, { maxKeys: 10 });
  const drift = fc.record({ edits: fc.dictionary(path, text, { maxKeys: 4 }), gone: fc.uniqueArray(path, { maxLength: 3 }) });
  fc.assert(
    fc.property(tree, fc.array(drift, { minLength: 1, maxLength: 4 }), fc.boolean(), (tracked, drifts, anew) => {
      let stored: Uint8Array | undefined;
      drifts.forEach(({ edits, gone }, round) => {
        // What is edited has no blob id; an edit of an unlisted path is a new file.
        const now = new Map(Object.entries({ ...tracked, ...edits }).filter(([name]) => !gone.includes(name) || name in edits));
        const fresh = [...now.keys()].filter((name) => name in edits).map((name) => ({ path: name }));
        const files = [...now]
          .map(([name, own]) => (name in edits ? { path: name } : { path: name, oid: `id of ${own}.` }))
          .sort((a, b) => (a.path < b.path ? -1 : 1));
        const lost = Object.keys(tracked).filter((name) => !now.has(name));
        // The stamp may change though the listed files are the same: an index that git wrote again.
        const stamp = anew ? `stamp ${round}` : 'stamp';
        const accept = () => true;
        const opened = openIndex({ files, accept, load: load(now), drift: { stamp, gone: lost, fresh } }, stored);
        stored = opened.fresh ?? stored;
        const whole = openIndex({ files, accept, load: load(now) }, undefined);
        expect(ordered(searchIndex(opened.index, query))).toEqual(ordered(searchIndex(whole.index, query)));
      });
    }),
    { numRuns: 300 },
  );
});

test('what cannot be read is said again from a stored index, and stands in no score', () => {
  const files = new Map([['a.ts', 'alpha']]);
  const given = { files: [...listed(files), { path: 'b.ts', oid: 'gone' }], accept: () => true, load: load(files), why: () => 'binary' };
  const first = openIndex(given, undefined);
  const again = openIndex(given, first.fresh);
  for (const { index, leftOut } of [first, again]) {
    expect(leftOut).toEqual([{ path: 'b.ts', reason: 'binary' }]);
    expect([...searchIndex(index, query).keys()]).toEqual(['a.ts']);
  }
  expect(again.fresh).toBeUndefined();
});
