import { expect, test } from 'vitest';
import { writeTests } from '../../src/uses/write-tests.ts';
import { ground, shop } from '../uses/ground.ts';

const at = ground();
const file = (path: string, body: string) => `Tests.\n\n## Edits\n${path}\n<<<<<<< SEARCH\n=======\n${body}\n>>>>>>> REPLACE\n`;
const files = {
  'package.json': shop['package.json'],
  'notes.txt': 'one\n',
  'src/price.js': `export function total(items) {
  return items.length;
}

export function discount(sum, percent) {
  return sum - (sum * percent) / 100;
}
`,
  'test/price.test.js': `import test from 'node:test';
import assert from 'node:assert';
import { writeFileSync } from 'node:fs';
import { total } from '../src/price.js';

test('total counts', () => assert.strictEqual(total([1, 2]), 2));
test('it reports', () => writeFileSync('report.xml', '<x/>'));
`,
};
const head = `import test from 'node:test';\nimport assert from 'node:assert';\nimport { writeFileSync } from 'node:fs';\nimport { discount } from '../src/price.js';\n`;
const takes = `test('discount takes a share', () => assert.strictEqual(discount(200, 10), 180));`;
const path = 'test/discount.test.js';

test('tests that leave files, change files or need each other are not kept; neither what every run leaves nor a name that is there already is held against them', async () => {
  const root = await at.repo('leaving', files);
  const { deps } = at.world([
    file(path, `${head}${takes}\ntest('writes', () => writeFileSync('out.txt', 'x'));`),
    file(path, `${head}${takes}\ntest('notes', () => writeFileSync('notes.txt', 'x'));`),
    file(
      path,
      `${head}let sum = 0;\ntest('first', () => { sum = discount(200, 10); assert.strictEqual(sum, 180); });\ntest('second', () => assert.strictEqual(sum, 180));`,
    ),
    file(
      path,
      `${head}${takes}\ntest('it reports', () => { writeFileSync('report.xml', '<y/>'); assert.strictEqual(discount(100, 0), 100); });`,
    ),
  ]);
  const report = await writeTests({ root, file: 'src/price.js', attempts: 4, sandbox: 'off' }, deps);
  expect(report.rejected?.map(({ why }) => why.split('\n')[0])).toEqual([
    'the tests leave out.txt behind',
    'the tests change notes.txt',
    // By itself, or where the order was changed first.
    expect.stringMatching(/^second needs the tests before it: by itself it fails|in another order: second: /),
  ]);
  expect(report.status).toBe('written');
});
