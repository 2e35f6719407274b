import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import { growth, many } from '../growth.ts';

const file: string = 'one\ntwo\nthree\ntwo\nfour\n';
const place = (text: string, read = (path: string) => (path === 'a.txt' ? file : undefined)) => {
  const { edits, problems } = readEdits(text);
  return problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, read);
};
const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

test('one failure and nothing is changed; it carries the nearest text', () => {
  const { changes, failures } = place(`${block('a.txt', 'one', 'ONE')}\n${block('a.txt', 'return three;', 'x')}`);
  expect(changes).toEqual([]);
  expect(failures[0]).toMatchObject({ path: 'a.txt', rule: 'not_found' });
  const near = place(block('a.txt', 'const alpha = beta(gamma);\nmissing();', 'x'), () => 'x\nconst alpha = beta(delta);\ny\n').failures[0];
  expect(near?.nearest).toContain('beta(delta)');
});

test('between two places nothing is guessed', () => {
  expect(place(block('a.txt', 'two', '2')).failures[0]).toMatchObject({ rule: 'ambiguous' });
  expect(place(block('a.txt', 'two\nfour', '2\nfour')).changes[0]?.after).toBe('one\ntwo\nthree\n2\nfour\n');
  expect(place('--- a.txt\n+++ a.txt\n@@ -4 +4 @@\n-two\n+2\n').changes[0]?.after).toBe('one\ntwo\nthree\n2\nfour\n');
});

test('an empty file can get one blank line', () => {
  const diff = '--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1 @@\n+\n';
  expect(place(diff, () => '').changes).toEqual([{ path: 'a.txt', before: '', after: '\n' }]);
});

test('files are made, removed and renamed', () => {
  expect(place('b.txt\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE\n').changes).toEqual([
    { path: 'b.txt', before: null, after: 'new\n' },
  ]);
  expect(place('a.txt\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE\n').failures).toHaveLength(1);
  expect(place('DELETE a.txt').changes).toEqual([{ path: 'a.txt', before: file, after: null }]);
  expect(place('DELETE b.txt').failures[0]?.rule).toBe('not_found');
  expect(place(`RENAME a.txt -> b.txt\n\n${block('b.txt', 'one', '1')}`).changes).toEqual([
    { path: 'a.txt', before: file, after: null },
    { path: 'b.txt', before: null, after: file.replace('one', '1'), from: 'a.txt' },
  ]);
});

test('a separator that is also content is tried at each place; the one that fits counts', () => {
  const rst = 'Changes\n=======\n\n- one\n';
  const text = 'a.rst\n<<<<<<< SEARCH\nChanges\n=======\n\n- one\n=======\nChanges\n=======\n\n- one\n- two\n>>>>>>> REPLACE\n';
  expect(place(text, () => rst).changes[0]?.after).toBe('Changes\n=======\n\n- one\n- two\n');
});

test('edits that meet are one, edits that contradict each other are a conflict', () => {
  expect(place(block('a.txt', 'one', '1') + block('a.txt', 'one', '1')).changes[0]?.after).toBe(file.replace('one', '1'));
  expect(place(block('a.txt', 'one', '1') + block('a.txt', 'one', 'I')).failures[0]?.rule).toBe('conflict');
});

test('no text at all makes the reader throw, hang or touch a file that does not say so', () => {
  const parts = fc.constantFrom(
    '```',
    '```diff',
    '~~~',
    '--- a/a.txt',
    '+++ b/a.txt',
    '@@ -1,3 +1,3 @@',
    '@@',
    '@@ -0,0 +1 @@',
    'diff --git a/a.txt b/a.txt',
    'rename from a.txt',
    'rename to b.txt',
    '<<<<<<< SEARCH',
    '=======',
    '>>>>>>> REPLACE',
    '*** Begin Patch',
    '*** Update File: a.txt',
    '*** End Patch',
    '*** Add File: ../x',
    'a.txt',
    'DELETE a.txt',
    '+two',
    '-two',
    ' two',
    'two',
    '',
    '\\ No newline at end of file',
    '{"path":"a.txt"}',
    '&lt;',
    '<think>',
    '</think>',
    '...',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string()), { maxLength: 40 }), (lines) => {
      const { changes, failures } = place(lines.join('\n'));
      expect(changes.length === 0 || failures.length === 0).toBe(true);
      for (const change of changes) expect(change.path).not.toContain('..');
    }),
    { numRuns: 1_500 },
  );
});

const head = '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n';

test.each([
  ['back-ticks', '', '`'],
  ['fences', '', '```\n'],
  ['markers', '', '<<<<<<< SEARCH\n'],
  ['hunks', head, '@@ -1 +1 @@\n'],
  ['headers', '', '--- a/a.txt\n+++ b/a.txt\n'],
  ['blank lines', '', '\n'],
  ['changes', head, ' two\n-one\n+three\n'],
  ['prose', head, 'some words of prose\n'],
  ['tags', '', '<edit>'],
  ['blocks', '', block('a.txt', 'one', '1')],
])('reading %s takes as much more time as there is more text', (_name, above, unit) => {
  expect(growth((chars) => place(above + many(unit, chars)), 40_000)).toBeLessThan(32);
});

test('a finished patch is not made again at a third place', () => {
  const first = 'def f():\n    check()\n    return a + b\n\n';
  const second = 'def g():\n    check()\n    return a - b\n';
  const hunk = '--- a/a.txt\n+++ b/a.txt\n@@ -2,2 +2,2 @@ def f():\n     check()\n-    return a - b\n+    return a + b\n';
  expect(place(hunk, () => first + second).failures[0]?.rule).toBe('applied');
  const before = first.replace('+', '-') + second.replace('check', 'look');
  expect(place(hunk, () => before).changes[0]?.after).toBe(first + second.replace('check', 'look'));
});

test('two versions of one edit are a conflict, also where one of them holds the other', () => {
  const other = block('a.txt', 'one', 'one\nmore');
  expect(place(`${other}\n${block('a.txt', 'one', 'one\nmore\nand more')}`).failures[0]?.rule).toBe('conflict');
});

test('entities are signs again only where the file shows that they were', () => {
  const html = '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n a &lt; b\n-c\n+c &amp; d\n';
  expect(place(html, () => 'a < b\nc\n').changes[0]?.after).toBe('a < b\nc & d\n');
  expect(place(html, () => 'a &lt; b\nc &amp; x\nc\n').failures).toHaveLength(1);
  expect(place(html, () => 'a &lt; b\nc\n// &amp;\n').changes[0]?.after).toBe('a &lt; b\nc &amp; d\n// &amp;\n');
});

test('what code says of thoughts is no thought', () => {
  const answer = block('a.txt', 'one', 'const mark = "<think>x</think>";');
  expect(place(answer).changes[0]?.after).toBe(file.replace('one', 'const mark = "<think>x</think>";'));
});

test('line ends that a diff tells apart are the ends that it makes', () => {
  const mixed = '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,3 @@\n one\r\n+1\n+2\r\n two\n';
  expect(place(mixed, () => 'one\r\ntwo\n').changes[0]?.after).toBe('one\r\n1\n2\r\ntwo\n');
});

test('an answer that is larger than any answer is not read, one of many lines is', () => {
  expect(place('\n'.repeat(3_000_000)).failures[0]?.rule).toBe('too_large');
  expect(place('\n'.repeat(200_000)).failures[0]?.rule).toBe('no_edits');
});
