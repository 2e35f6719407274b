import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { toMarkdown } from '../../src/report/markdown.ts';
import { Report } from '../../src/schema/report.ts';
import { nearestTests } from '../../src/testing/nearest.ts';
import { sourcesSince, writeTests } from '../../src/uses/write-tests.ts';
import { git, imprint, write } from '../repo/fixture.ts';
import { ground, shop } from '../uses/ground.ts';

const at = ground();
const has = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const file = (path: string, body: string) => `Tests.\n\n## Edits\n${path}\n<<<<<<< SEARCH\n=======\n${body}\n>>>>>>> REPLACE\n`;
/** Small, because every mutant is a run of all tests. */
const small = {
  'package.json': shop['package.json'],
  'src/price.js': `export function total(items) {
  return items.length;
}

export function discount(sum, percent) {
  if (percent < 0) throw new RangeError('percent');
  return sum - (sum * percent) / 100;
}
`,
  'test/price.test.js': `import test from 'node:test';
import assert from 'node:assert';
import { total } from '../src/price.js';

test('total counts', () => assert.strictEqual(total([1, 2]), 2));
`,
};
const head = `import test from 'node:test';\nimport assert from 'node:assert';\nimport { discount } from '../src/price.js';\n`;
const good = `${head}
test('discount takes a share', () => assert.strictEqual(discount(200, 10), 180));
test('discount refuses what is no share', () => assert.throws(() => discount(1, -1), RangeError));`;
const path = 'test/discount.test.js';

test('tests that fail, that pass for nothing and that touch the file are caught and fed back; good ones are kept with their worth', async () => {
  const root = await at.repo('tested', small);
  const before = imprint(root);
  const { deps, asked } = at.world([
    file(path, `${head}test('wrong', () => assert.strictEqual(discount(200, 10), 190));`),
    file(path, `${head}test('nothing', () => assert.ok(discount));`),
    `${file('src/price.js', 'export const discount = 1;').replace('<<<<<<< SEARCH\n', '<<<<<<< SEARCH\nexport function discount(sum, percent) {\n')}`,
    file(path, good),
  ]);
  const report = Report.parse(await writeTests({ root, file: 'src/price.js', attempts: 5, sandbox: 'off' }, deps));
  expect(report.rejected?.map(({ why }) => why.split('\n')[0])).toEqual([
    expect.stringMatching(/^a test fails: wrong/),
    expect.stringMatching(/^the tests pass for nothing: none of \d mutants/),
    expect.stringMatching(/^refused \(target\)/),
  ]);
  expect(report.status).toBe('written');
  expect(report.worth).toMatchObject({ target: 'src/price.js', files: [path], greenRuns: 3 });
  expect(report.worth?.tests).toHaveLength(2);
  expect(report.worth).toMatchObject({ mutants: 2, killed: 2, killedBefore: 0 });
  expect(Number(report.worth?.coverage.after)).toBeGreaterThan(Number(report.worth?.coverage.before));
  expect(report.patch?.files.map((one) => one.path)).toEqual([path]);
  expect(report.attempts).toHaveLength(4);
  expect(report.costUsd).toBeCloseTo(0.004);
  expect(report.manifest?.entries.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['the file to test', 'the nearest tests']));
  expect(asked[1]?.messages.at(-1)?.content).toContain('a test fails: wrong');
  expect(toMarkdown(report)).toContain('2 of 2 mutants of the target (lines 6-7) make them fail');
  expect(imprint(root)).toEqual(before);
});

test('existing tests are only added to, copies add nothing, and skips count for nothing', async () => {
  const root = await at.repo('added', small);
  const line = "test('total counts', () => assert.strictEqual(total([1, 2]), 2));";
  const old = (search: string, replace: string) =>
    `## Edits\ntest/price.test.js\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
  const { deps } = at.world([
    old(line, "test('total counts', () => assert.ok(total));"),
    old(line, `${line}\ntest('total counts too', () => assert.strictEqual(total([1, 2]), 2));`),
    file(path, `${head}test.skip('later', () => assert.strictEqual(discount(1, 1), 2));`),
    file('src/helper.js', 'export const x = 1;'),
    { outcome: 'length' },
  ]);
  const report = await writeTests({ root, file: 'src/price.js', attempts: 5, sandbox: 'off' }, deps);
  expect(report.status).toBe('not_written');
  expect(report.patch).toBeUndefined();
  expect(report.rejected?.map(({ why }) => why)).toEqual([
    expect.stringMatching(/would lose a line/),
    expect.stringMatching(/add nothing/),
    expect.stringMatching(/no new test was collected/),
    expect.stringMatching(/not_a_test/),
    expect.stringMatching(/cut off/),
  ]);
});

test('lines that a change left without a test: others do not count, and where all of them run nothing is sent', async () => {
  const root = await at.repo('since', small);
  const changed = small['src/price.js'].replace('  return sum', "  if (percent > 100) throw new RangeError('percent');\n  return sum");
  write(root, { 'src/price.js': changed, 'src/new.js': 'export const one = (n) => n + 1;\n' });
  const { deps, asked } = at.world([
    file(path, `${head}test('below', () => assert.throws(() => discount(1, -1), RangeError));`),
    file(path, `${head}test('above', () => assert.throws(() => discount(1, 101), RangeError));`),
  ]);
  const report = await writeTests({ root, file: 'src/price.js', since: 'HEAD', sandbox: 'off' }, deps);
  expect(asked[0]?.messages[1]?.content).toContain('Write tests that run these lines of src/price.js: 7.');
  expect(report.rejected?.[0]?.why).toBe('none of the lines that they are for runs: 7');
  expect(report).toMatchObject({ status: 'written', worth: { killed: 1, mutated: 'line 7' } });
  write(root, { 'src/price.js': small['src/price.js'].replace('items.length;', 'items.length; // all') });
  expect(await writeTests({ root, file: 'src/price.js', since: 'HEAD', sandbox: 'off' }, deps)).toMatchObject({ status: 'nothing_to_fix' });
  expect(asked).toHaveLength(2);
  expect(await sourcesSince(root, 'HEAD', deps)).toEqual(['src/new.js', 'src/price.js']);
  await git(root, 'checkout', '-q', 'src/price.js');
  await expect(writeTests({ root, file: 'src/price.js', since: 'HEAD' }, deps)).rejects.toThrow('has not changed since HEAD');
});

test('no key, the cap, and what is no source are told before anything runs', async () => {
  const root = await at.repo('refused', shop);
  const { deps, asked } = at.world(['']);
  expect(await writeTests({ root, file: 'src/price.js' }, { ...deps, ask: undefined })).toMatchObject({
    status: 'needs_key',
    estimate: { variant: 'glm-4.7' },
  });
  expect((await writeTests({ root, file: './src/price.js', max_cost: 0.000001 }, deps)).status).toBe('over_cap');
  for (const name of ['test/price.test.js', '../x.js', 'package.json'])
    await expect(writeTests({ root, file: name }, deps)).rejects.toThrow('not a source file');
  expect(asked).toHaveLength(0);
});

test('the nearest tests are those named after the file, then those that import it', () => {
  const texts = new Map([
    ['src/price.js', ''],
    ['test/other.test.js', "import { total } from '../src/price.js';"],
    ['test/price.test.js', ''],
    ['test/far.test.js', ''],
  ]);
  const tree = { files: [...texts.keys()].map((name) => ({ path: name })), read: (name: string) => texts.get(name) };
  expect(nearestTests('src/price.js', tree, 2)).toEqual(['test/price.test.js', 'test/other.test.js']);
});

test.skipIf(!has('python3', '-c', 'import pytest'))('tests that pass in the order of their file alone are not kept', async () => {
  const root = await at.repo('ordered', {
    'conftest.py': '',
    'price.py': 'def total(items):\n    return sum(items)\n\n\ndef share(amount, percent):\n    return amount - amount * percent / 100\n',
    'test_price.py': 'from price import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n',
  });
  const lead =
    'from price import share\n\nseen = []\n\n\ndef in_order(at):\n    assert all(one < at for one in seen)\n    seen.append(at)\n    assert share(200, 10) == 180\n';
  const each = [1, 2, 3, 4, 5, 6].map((number) => `\n\ndef test_in_order_${number}():\n    in_order(${number})\n`).join('');
  const { deps } = at.world([file('test_share.py', `${lead}${each}`)]);
  const report = await writeTests({ root, file: 'price.py', attempts: 1, sandbox: 'off' }, deps);
  expect(report.rejected?.[0]?.why).toMatch(/^not green after the mutants, alone and in another order: test_in_order_\d/);
});

test('tests that leave a process running, or that the test after them spoils, are not kept', async () => {
  const root = await at.repo('left', small);
  const starts = "test('starts', () => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref());";
  const spoilt = `${good}\nlet open = true;`
    .replace("takes a share', () => ", "takes a share', () => assert.ok(open) ?? ")
    .replace("no share', () => ", "no share', () => (open = false) || ");
  const { deps } = at.world([file(path, `import { spawn } from 'node:child_process';\n${good}\n${starts}`), file(path, spoilt)]);
  const report = await writeTests({ root, file: 'src/price.js', attempts: 2, sandbox: 'off' }, deps);
  expect(report.rejected?.map(({ why }) => why.split('\n')[0])).toEqual([
    process.platform === 'linux' ? 'the tests leave a process running: sleep 60' : expect.any(String),
    expect.stringMatching(/^not green after the mutants, alone and in another order: discount takes a share/),
  ]);
});
