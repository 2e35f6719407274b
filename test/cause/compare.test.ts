import { expect, test } from 'vitest';
import { readHunks, undo } from '../../src/cause/change.ts';
import { closureOf, without } from '../../src/cause/links.ts';
import { compareTests } from '../../src/cause/other-tests.ts';
import { reduce } from '../../src/cause/reduce.ts';
import { compareTrees } from '../../src/cause/same-test.ts';
import type { Call } from '../../src/coverage/call.ts';

const call = (name: string, argument: string, gave: string, depth = 2, self?: string): Call => ({
  path: 'a.js',
  line: 1,
  name,
  args: [['n', argument]],
  gave,
  depth,
  self,
});

test('the innermost call that was given the same and gave otherwise leads', () => {
  const good = [call('price', '10', '100', 3), call('total', '10', '1000'), call('label', '10', '"ten"')];
  const bad = [call('price', '10', '120', 3), call('total', '10', '1200'), call('label', '10', '"ten"')];
  expect(compareTrees(bad, good).map((one) => [one.kind, one.call.name])).toEqual([
    ['result', 'price'],
    ['result', 'total'],
  ]);
});

test('a caller that passes something else comes before what it called', () => {
  const good = [call('price', '9', '120', 3), call('total', '10', '1000')];
  const bad = [call('price', '10', '100', 3), call('total', '10', '1200')];
  expect(compareTrees(bad, good).map((one) => [one.kind, one.call.name])).toEqual([
    ['result', 'total'],
    ['arguments', 'price'],
  ]);
  expect(
    compareTrees([call('add', '1', 'undefined', 2, 'Cart { n: 2 }')], [call('add', '1', 'undefined', 2, 'Cart { n: 1 }')])[0]?.kind,
  ).toBe('state');
  expect(compareTrees([call('at', '1', '"2026-11-30T02:00:00Z"')], [call('at', '1', '"2026-11-29T01:00:00Z"')])).toEqual([]);
});

test('beside passing tests, what made the compared value and what it called come first', () => {
  const failing = [call('label', '3', '"x"'), call('price', '10', '120', 3), call('total', '10', '1200')];
  const passing = [call('label', '3', '"x"'), call('price', '9', '120', 3), call('total', '9', '1080')];
  const failure = { id: 'a', name: 'a', kind: 'assertion' as const, message: '1200 is not 1000', frames: [], actual: '1200' };
  expect(compareTests(failing, [passing], failure).map((one) => one.call.name)).toEqual(['total', 'price']);
});

const diff = `diff --git a/a.js b/a.js
--- a/a.js
+++ b/a.js
@@ -1 +1,2 @@
-one
+eins
+zwei
@@ -4,2 +4,0 @@ f
-four
-five
@@ -7 +6 @@
-last
\\ No newline at end of file
+end
\\ No newline at end of file
`;

test('any part of a change is taken back line by line', () => {
  const before = 'one\ntwo\nthree\nfour\nfive\nsix\nlast';
  const after = 'eins\nzwei\ntwo\nthree\nsix\nend';
  const hunks = readHunks(diff);
  expect(undo(hunks, () => after)).toEqual([{ path: 'a.js', before: after, after: before }]);
  expect(undo(hunks.slice(1, 2), () => after)?.[0]?.after).toBe('eins\nzwei\ntwo\nthree\nfour\nfive\nsix\nend');
  expect(undo(hunks, () => 'something else')).toBeUndefined();
});

test('a hunk goes with those that need it, and stays where a test needs it', () => {
  const hunk = (line: number, added: string[], removed: string[] = []) => ({ path: 'a.js', line, added, removed });
  const maker = hunk(1, ['const rate = 2;\n']);
  const user = hunk(5, ['return rate * n;\n'], ['return n;\n']);
  const other = hunk(9, ['x\n']);
  const closure = closureOf([maker, user, other]);
  expect(closure([maker])).toEqual([maker, user]);
  expect(closure([user])).toEqual([user]);
  expect(without([maker, user, other], ['expect(rate).toBe(2)\n'])).toEqual([user, other]);
});

test.each([[[3]], [[1, 6]], [[0, 1, 2, 3, 4, 5, 6, 7]], [[2, 5, 7]]])('the parts that are needed are found: %j', async (needed) => {
  // What was seen of a set is not tried again.
  const tried = new Set<string>();
  const attempt = async (parts: readonly number[]) => {
    tried.add([...parts].sort().join());
    return needed.every((one) => parts.includes(one));
  };
  const parts = [0, 1, 2, 3, 4, 5, 6, 7];
  const found = await reduce({ parts, closure: (some) => some, attempt, left: () => true, abreast: 2 });
  expect([...found].sort()).toEqual(needed);
  expect(tried.size).toBeLessThanOrEqual(40);
});
