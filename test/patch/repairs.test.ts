import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';

const file = `def total(items):
    sum = 0
    for item in items:
        sum += item.price
        count(item)
    log(sum)
    return sum

last()${'  '}
...
end()
`;
const block = (search: string, replace: string) => `a.py\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

function flagsOf(text: string): string[] {
  const { edits, problems, flags: read = [] } = readEdits(text);
  expect(problems).toEqual([]);
  const { failures, changes, flags } = placeEdits(edits, (path) => (path === 'a.py' ? file : undefined));
  expect(failures).toEqual([]);
  expect(changes).toHaveLength(1);
  return [...read, ...flags].map(({ flag }) => flag);
}

test.each([
  ['as it was written', block('    sum = 0', '    sum = 1'), []],
  ['moved along with the file', block('sum += item.price\ncount(item)', 'sum += item.price * 2\ncount(item)'), ['moved']],
  [
    'beside one that was moved along',
    block('sum += item.price\ncount(item)', 'sum += item.price * 2\ncount(item)') + block('    log(sum)', '    log(0)'),
    ['moved'],
  ],
  ['moved, and takes away alone', block('sum += item.price\ncount(item)', 'count(item)'), []],
  [
    'in a hunk that ends early',
    '--- a/a.py\n+++ b/a.py\n@@ -1,7 +1,7 @@\n-def total(items):\n+def total(things):\n     sum = 0\n     for item in items:\n         sum += item.price\n',
    ['shorter'],
  ],
  ['beside a line whose blanks at the end it does not show', block('last()', 'last()\nmore()'), ['trimmed']],
  ['that puts a line beside its like', block('\n    log(sum)\n', '\n    extra()\n        count(item)\n    log(sum)\n'), ['repeated']],
  ['said twice', block('    log(sum)', '    log(0)') + block('    log(sum)', '    log(0)'), ['twice']],
  [
    'in a hunk whose lines have no sign',
    '--- a/a.py\n+++ b/a.py\n@@ -4,4 +4,4 @@\n        sum += item.price\n        count(item)\n-    log(sum)\n+    log(0)\n    return sum\n',
    ['unsigned'],
  ],
  ['typed with other quotes', block('    sum\u00a0= 0', '    sum = 1'), ['retyped']],
  [
    'in a hunk that lacks a line and fits elsewhere',
    '--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-def total(items):\n+def total(things):\n     sum = 0\n@@ -3,4 +3,4 @@\n         count(item)\n-    log(sum)\n+    log(0)\n     return sum\n@@ -11,1 +11,1 @@\n-end()\n+finish()\n',
    ['elsewhere'],
  ],
  ['at the end of a whole file that ends otherwise', `a.py\n\`\`\`python\n${file.replace('end()\n', 'finish()\n\n')}\`\`\`\n`, ['ending']],
  ['found by dots alone', block('...', 'begin()'), ['dots']],
  ['without the line end of the file', JSON.stringify({ path: 'a.py', old_str: '...\nend()\n', new_str: '...\nfinish()' }), ['ending']],
  [
    'beside context that is not as in the file',
    block(
      '    for item in itemz:\n        sum += item.price\n        count(item)\n    log(sum)\n    return sum',
      '    for item in itemz:\n        sum += item.price\n        count(item)\n    log(sum)\n    return 0',
    ),
    ['unlike'],
  ],
])('an edit %s is said to be so', (_name, text, flags) => {
  expect(flagsOf(text)).toEqual(flags);
});

test('a line end that only the new text has is one more line end, as tools take it', () => {
  const text = JSON.stringify({ path: 'a.py', old_str: '    log(sum)', new_str: '    log(0)\n' });
  const { changes } = placeEdits(readEdits(text).edits, () => file);
  expect(changes[0]?.after).toBe(file.replace('    log(sum)', '    log(0)\n'));
});
