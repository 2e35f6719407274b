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
  ['a.js', "return name + 'a === b';", ['return undefined;', 'return name + "";']],
  ['a.js', 'return true;', ['return false;', 'return undefined;']],
  ['a.js', 'const f = (a) => <b>{a}</b>;', []],
  ['a.js', "call('x', y);", [';', 'call("", y);']],
  ['a.js', "throw new Error('no ' + name);", []],
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

test.each([
  ['a.js', 'for (const item of items) {', 'for (const item of []) {'],
  ['a.js', 'const all = await load(path);', 'const all = undefined;'],
  ['a.py', '    for item in items[1:]:', '    for item in []:'],
  ['a.py', '    total = fetch(a)', '    total = None'],
])('where nothing finer can be changed, %s: %s', (path, row, expected) => {
  expect(makeMutants(path, row, { most: 9, perLine: 9, rough: true }).map(({ text }) => text)).toContain(expected);
});

test.each([
  ['a.js', 'if (known.has(key)) return;', 'if (!(known.has(key))) return;'],
  ['a.js', "return text.trim().replace(/a/g, '');", "return text.replace(/a/g, '');"],
  ['a.js', "const mark = '-';", 'const mark = "";'],
])('%s: %s', (path, row, expected) => {
  expect(mutate(path, row).map((one) => one.row)).toContain(expected);
});
