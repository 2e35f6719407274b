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


...
end()
`;
const block = (search: string, replace: string) => `a.py\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

function flagsOf(text: string): string[] {
  const { edits, problems } = readEdits(text);
  expect(problems).toEqual([]);
  const { failures, changes, flags } = placeEdits(edits, (path) => (path === 'a.py' ? file : undefined));
  expect(failures).toEqual([]);
  expect(changes).toHaveLength(1);
  return flags.map(({ flag }) => flag);
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
