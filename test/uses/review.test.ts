import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toMarkdown } from '../../src/report/markdown.ts';
import { sarifOf } from '../../src/report/sarif.ts';
import { review } from '../../src/review.ts';
import { Report } from '../../src/schema/report.ts';
import { readFindings } from '../../src/stages/findings.ts';
import { git, imprint, write } from '../repo/fixture.ts';
import { block } from '../stages/checkout.ts';
import { ground, shop } from './ground.ts';

const at = ground();
const finding = (severity: string, where: string, why: string, edits = '') =>
  `## Finding\nSeverity: ${severity}\nWhere: ${where}\nWhy: ${why}\n\n${edits}\n`;

/** The shop with a change that drops the count, a new file, and a file that nobody may see. */
async function changed(name: string) {
  const root = await at.repo(name, shop);
  const price = shop['src/price.js'].replace('sum += item.price * item.count;', 'sum += item.price * (item.count || 1);');
  write(root, { 'src/price.js': price, 'src/tax.js': 'export const tax = 0.19;\n', '.env': 'A=1\n' });
  return root;
}

test('findings outside the diff are rejected by name, edits are placed and proven, and the price is told', async () => {
  const root = await changed('reviewed');
  const before = imprint(root);
  const good = block(
    'src/price.js',
    '  for (const item of items) sum += item.price * (item.count || 1);',
    '  for (const item of items) sum += item.price * (item.count ?? 1);',
  );
  const bad = block('src/price.js', '  return sum;\n', '  return 0;\n');
  const { deps, asked } = at.world([
    [
      finding('minor', 'src/tax.js:1', 'The rate is fixed.'),
      finding('major', 'src/price.js:3', 'A count of 0 becomes 1.', good),
      finding('critical', 'src/price.js:3-4', 'The sum is wrong.', bad),
      finding('note', '`src/price.js:3`', 'Mended in a test.', block('test/price.test.js', "test('total adds'", "test.skip('total adds'")),
      finding('note', 'src/price.js:3', 'Cannot be placed.', block('src/price.js', '  return nothing at all;', '')),
      finding('major', 'src/price.js:8', 'Outside of it.'),
      finding('major', 'src/cart.js:3', 'Another file.'),
      finding('dreadful', 'src/price.js:3', 'No severity.'),
      finding('major', 'somewhere', 'No place.'),
    ].join('\n'),
  ]);
  const report = Report.parse(await review({ root, sandbox: 'off' }, deps));
  expect(report.status).toBe('reviewed');
  expect(report.findings?.map(({ severity, edit }) => `${severity} ${edit}`)).toEqual([
    'critical regresses',
    'major proven',
    'minor undefined',
    'note refused',
    'note not_placed',
  ]);
  expect(report.findings?.[1]?.diff).toContain('+  for (const item of items) sum += item.price * (item.count ?? 1);');
  expect(report.rejected?.map(({ why }) => why)).toEqual([
    'the lines are not in the diff',
    'the file is not in the diff',
    '"dreadful" is no severity',
    'it names no file and line',
  ]);
  expect(report.costUsd).toBe(0.001);
  expect(report.manifest?.entries.map(({ path, reason }) => `${path}: ${reason}`)).toEqual(
    expect.arrayContaining(['diff of src/price.js: the change', 'src/cart.js: uses total, which changed']),
  );
  const said = asked[0]?.messages[1]?.content ?? '';
  expect(said).toContain('+    3|   for (const item of items) sum += item.price * (item.count || 1);');
  expect(said).not.toContain('A=1');
  expect(report.warnings.join()).toContain('.env');
  expect(toMarkdown(report)).toContain('**critical** `src/price.js:3-4`');
  const sarif = sarifOf(report);
  expect(sarif.runs[0]?.results[0]).toMatchObject({
    level: 'error',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'src/price.js' }, region: { startLine: 3, endLine: 4 } } }],
  });
  expect(imprint(root)).toEqual(before);
});

test('refactorings count only when green stays green', async () => {
  const root = await changed('refactored');
  const { deps } = at.world([
    finding('refactoring', 'src/price.js:3', 'Shorter.', block('src/price.js', '  let sum = 0;\n', '  let sum = 0; // cents\n')) +
      finding('refactoring', 'src/price.js:3', 'Breaks.', block('src/price.js', '  let sum = 0;\n', '  let sum = 1;\n')),
  ]);
  const report = await review({ root, refactor: true, sandbox: 'off' }, deps);
  expect(report.findings).toMatchObject([{ severity: 'note', edit: 'proven' }]);
  expect(report.rejected?.[0]?.why).toMatch(/^regresses/);
});

test('a branch is compared with where it left; an empty diff, no key, the cap and chatter are told apart', async () => {
  const root = await at.repo('branch', shop);
  const { deps, asked } = at.world(['No findings.', 'I like this change.']);
  expect((await review({ root }, deps)).summary).toContain('the diff is empty');
  await git(root, 'checkout', '-q', '-b', 'topic');
  writeFileSync(join(root, 'src/cart.js'), `${readFileSync(join(root, 'src/cart.js'), 'utf8')}// end\n`);
  await git(root, 'commit', '-qam', 'second');
  expect(await review({ root, since: 'main' }, { ...deps, ask: undefined })).toMatchObject({
    status: 'needs_key',
    estimate: { variant: 'glm-4.7' },
  });
  expect((await review({ root, since: 'main', max_cost: 0.000001 }, deps)).status).toBe('over_cap');
  expect(asked).toHaveLength(0);
  expect(await review({ root, since: 'main' }, deps)).toMatchObject({ status: 'reviewed', findings: [] });
  expect((await review({ root, since: 'main' }, deps)).status).toBe('no_answer');
  await expect(review({ root, since: 'nowhere' }, deps)).rejects.toThrow('nowhere');
});

test('no reply breaks the reading', () => {
  const lines = new Map([['a.ts', new Set([3])]]);
  fc.assert(
    fc.property(fc.string(), fc.nat(6), fc.string(), (noise, line, why) => {
      const { findings } = readFindings(`${noise}\n## Finding\nSeverity: minor\nWhere: a.ts:${line}\nWhy: x${why}\n`, lines);
      expect(findings.every(({ startLine, endLine }) => startLine <= 3 && endLine >= 3)).toBe(true);
    }),
  );
});
