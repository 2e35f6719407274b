import { expect, test } from 'vitest';
import { reversed } from '../../src/testing/reversing.ts';

const turn = (after: string, before: string | null = null, path = 'a.test.js') =>
  reversed([{ path, before, after }])?.[0]?.after ?? undefined;
const rows = (text: string | undefined) => text?.split('\n').filter((row) => row.trim() !== '');

test('tests of a file change places, what stands between them comes before, and steps of a test keep their order', () => {
  const text = `const seen = [];
test('a', (t) => {
  t.test('one', () => {});
  t.test('two', () => {});
});
let x = 0; // test('no', () => {});
test.each([1, 2])('b', (n) => seen.push(n));
test('c', { timeout: 1 }, async () => { 'a(' });
after(() => {});
`;
  const turned = [
    'const seen = [];',
    "let x = 0; // test('no', () => {});",
    "test('c', { timeout: 1 }, async () => { 'a(' });",
    "test.each([1, 2])('b', (n) => seen.push(n));",
    "test('a', (t) => {",
    "  t.test('one', () => {});",
    "  t.test('two', () => {});",
    '});',
    'after(() => {});',
  ];
  expect(rows(turn(text))).toEqual(turned);
  expect(rows(turn(text, null, 'a.spec.tsx'))).toEqual(turned);
  expect(turn(text, null, 'test_a.py')).toBeUndefined();
  expect(turn("test('only', () => {});\n")).toBeUndefined();
});

test('blocks are turned within', () => {
  const text = `describe('outer', () => {
  const s = new S();
  it('1', () => s.a());
  describe('inner', function () {
    it('2', () => s.b());
    it('3', () => s.c());
  });
});
`;
  expect(rows(turn(text))).toEqual([
    "describe('outer', () => {",
    '  const s = new S();',
    "  describe('inner', function () {",
    "    it('3', () => s.c());",
    "    it('2', () => s.b());",
    '  });',
    "  it('1', () => s.a());",
    '});',
  ]);
});

test('tests that were there already stay in their places', () => {
  const old = ["test('old', () => {});", "test('close', () => {});"];
  const text = `${old[0]}\ntest('new 1', () => {});\n${old[1]}\ntest('new 2', () => {});\n`;
  expect(rows(turn(text, old.join('\n')))).toEqual([...old, "test('new 2', () => {});", "test('new 1', () => {});"]);
  expect(turn(old.join('\n'), old.join('\n'))).toBeUndefined();
});
