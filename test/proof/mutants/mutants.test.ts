import { expect, test } from 'vitest';
import { makeMutants, mutate } from '../../../src/proof/mutants/mutants.ts';

test.each([
  ['a.js', 'if (a === b && c) {', ['if (a !== b && c) {', 'if (a === b || c) {', 'if (!(a === b && c)) {']],
  [
    'a.js',
    'for (let i = 0; i < n; i++) {',
    ['for (let i = 0; i >= n; i++) {', 'for (let i = 1; i < n; i++) {', 'for (let i = 0; i <= n; i++) {', 'for (let i = 0; i < n; i--) {'],
  ],
  ['a.js', 'sum += price * rate;', ['sum += price / rate;', 'sum -= price * rate;', ';']],
  ['a.js', "return name + 'a === b';", ['return undefined;']],
  ['a.js', 'return true;', ['return false;', 'return undefined;']],
  ['a.js', 'const f = (a) => <b>{a}</b>;', []],
  ['a.js', "call('x', y);", [';']],
  ['a.ts', 'const x = given ?? other;', ['const x = given && other;']],
  ['a.py', '    if not left and right:', ['    if not left or right:', '    if not (not left and right):']],
  ['a.py', '    return items[1]  # a == b', ['    return items[2]  # a == b']],
  ['a.py', '    seen.add(item)', ['    pass']],
  ['a.go', 'if x >= limit {', ['if x < limit {', 'if x > limit {']],
])('%s: %s', (path, row, expected) => {
  expect(mutate(path, row).map((one) => one.row)).toEqual(expected);
});

test('mutants are spread over lines, the first of each line first, and never more than asked for', () => {
  const text = 'const a = b + 1;\nconst c = d - 2;\nconst e = f * 3;\n';
  const lines = (limits: Parameters<typeof makeMutants>[2]) => makeMutants('a.js', text, limits).map(({ line }) => line);
  expect(lines({ most: 8 })).toEqual([1, 2, 3]);
  expect(lines({ most: 8, perLine: 2 })).toEqual([1, 2, 3, 1, 2, 3]);
  expect(lines({ most: 2, perLine: 2 })).toEqual([1, 2]);
  expect(lines({ most: 8, lines: new Set([2]), perLine: 9 })).toEqual([2, 2]);
});
