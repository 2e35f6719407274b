import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';

const file = `import a from 'a';

export function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price;
  log(sum);
  return sum;
}

export function count(items) {
  let sum = 0;
  for (const _ of items) sum++;
  return sum;
}
`;
const dots = '  // ... existing code ...';
const block = (search: string, replace: string) => `a.js\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const place = (text: string) => placeEdits(readEdits(text).edits, (path) => (path === 'a.js' ? file : undefined));

test.each([
  ['below', `export function total(items) {\n${dots}`, `export function total(items = []) {\n${dots}`, ['(items) {', '(items = []) {']],
  ['above', `${dots}\n  log(sum);`, `${dots}\n  log('sum', sum);`, ['log(sum)', "log('sum', sum)"]],
  [
    'between',
    `export function total(items) {\n${dots}\n  log(sum);\n  return sum;`,
    `export function total(items = []) {\n${dots}\n  log(sum);\n  return sum * 2;`,
    ['(items) {', '(items = []) {', '  log(sum);\n  return sum;', '  log(sum);\n  return sum * 2;'],
  ],
])('code that is not written out %s stays on both sides, and is looked at', (_where, search, replace, swaps) => {
  const { changes, failures, flags } = place(block(search, replace));
  expect(failures).toEqual([]);
  let wanted = file;
  for (let at = 0; at < swaps.length; at += 2) wanted = wanted.replace(swaps[at] ?? '', swaps[at + 1] ?? '');
  expect(changes[0]?.after).toBe(wanted);
  expect(flags.map(({ flag }) => flag)).toEqual(['unwritten']);
});

test.each([
  ['on one side alone', 'export function total(items) {\n  let sum = 0;', `export function total(items) {\n${dots}`],
  [
    'between lines of which one stands in two places',
    `import a from 'a';\n${dots}\n  let sum = 0;`,
    `import a from 'a';\n${dots}\n  let sum = 1;`,
  ],
  [
    'between lines that stand the other way round',
    `  log(sum);\n${dots}\nexport function total(items) {`,
    `  log(0);\n${dots}\nexport function total(items) {`,
  ],
  ['with something new where nothing was shown', `${dots}\n  log(sum);`, `import b from 'b';\n${dots}\n  log(sum);`],
  [
    'at other places on both sides',
    `  log(sum);\n${dots}\n  return sum;\n}\n\nexport function count(items) {`,
    `  log(sum);\n  return sum;\n}\n${dots}`,
  ],
])('code that is not written out %s is refused', (_where, search, replace) => {
  const { changes, failures } = place(block(search, replace));
  expect(failures.map(({ rule }) => rule)).toEqual([expect.stringMatching(/^(?:not_found|elision|ambiguous)$/)]);
  expect(changes).toEqual([]);
});

test('dots that the file has are text', () => {
  const { changes, flags } = placeEdits(readEdits(block('f(\n  ...\n)', 'g(\n  ...\n)')).edits, () => 'f(\n  ...\n)\n');
  expect(changes[0]?.after).toBe('g(\n  ...\n)\n');
  expect(flags).toEqual([]);
});
