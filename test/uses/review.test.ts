import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf, readSections } from '../../src/repo/hunks.ts';
import { sarifOf } from '../../src/report/ci/sarif.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { readFindings } from '../../src/reviewing/findings.ts';
import { Report } from '../../src/schema/report.ts';
import { review } from '../../src/uses/review.ts';
import { block } from '../proof/checkout.ts';
import { git, imprint, write } from '../repo/fixture.ts';
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
  const [run] = sarif.runs;
  const rules = run?.tool.driver.rules.map(({ id }) => id);
  for (const { ruleId, level, message, locations } of run?.results ?? []) {
    expect(rules).toContain(ruleId);
    expect(['none', 'note', 'warning', 'error']).toContain(level);
    expect(message.text).not.toBe('');
    const [{ physicalLocation } = { physicalLocation: undefined }] = locations;
    expect(physicalLocation?.artifactLocation.uri).toMatch(/^[^/:][^:\\\s]*$/);
    expect(physicalLocation?.region.startLine).toBeGreaterThan(0);
    expect(physicalLocation?.region.endLine).toBeGreaterThanOrEqual(physicalLocation?.region.startLine ?? 1);
  }
  expect(imprint(root)).toEqual(before);
});

test('refactorings count only when green stays green', async () => {
  const root = await changed('refactored');
  const { deps } = at.world([
    finding('refactoring', 'src/price.js:3', 'Shorter.', block('src/price.js', '  let sum = 0;\n', '  let sum = -0;\n')) +
      finding(
        'refactoring',
        'src/price.js:3',
        'Clearer.',
        block('src/price.js', '  let sum = 0;', '  // All.\n\n  let sum = 0; // cents'),
      ) +
      finding('refactoring', 'src/price.js:3', 'Breaks.', block('src/price.js', '  let sum = 0;\n', '  let sum = 1;\n')),
  ]);
  const report = await review({ root, refactor: true, sandbox: 'off' }, deps);
  expect(report.findings).toMatchObject([{ severity: 'note', edit: 'proven' }]);
  expect(report.rejected?.map(({ why }) => why)).toEqual([
    'unproven: It changes only comments or blanks: nothing to prove.',
    expect.stringMatching(/^regresses/),
  ]);
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

test('renamed, deleted, binary and generated files are told apart; a finding may lie on removed lines', async () => {
  const root = await at.repo('moved', {
    ...shop,
    'src/old.js': 'export const a = 1;\nexport const b = 2;\nexport const c = 3;\n',
    'logo.png': 'x',
  });
  await git(root, 'mv', 'src/old.js', 'src/fresh.js');
  await git(root, 'mv', 'docs/returns.md', 'docs/moved "all".md');
  await git(root, 'rm', '-q', 'src/cart.js');
  const price = shop['src/price.js'].replace("  if (percent < 0 || percent > 100) throw new RangeError('percent');\n", '');
  write(root, {
    'src/fresh.js': 'export const a = 1;\nexport const b = 20;\nexport const c = 3;\n',
    'src/price.js': price,
    'logo.png': 'a\0b',
    'package-lock.json': '{}\n',
  });
  const { deps, asked } = at.world([
    [
      finding('major', 'src/price.js:8 (old)', 'The bounds are gone.'),
      finding('major', 'src/cart.js:3-4', 'It was used.'),
      finding('minor', 'src/fresh.js:2', 'Why 20?'),
      finding('minor', 'src/fresh.js:1 (old)', 'Not removed.'),
    ].join('\n'),
  ]);
  const report = Report.parse(await review({ root, sandbox: 'off' }, deps));
  expect(report.findings?.map(({ path, startLine, side }) => `${path}:${startLine} ${side}`)).toEqual([
    'src/price.js:8 old',
    'src/cart.js:3 old',
    'src/fresh.js:2 undefined',
  ]);
  expect(report.rejected).toMatchObject([{ why: 'the lines are not in the diff' }]);
  expect(report.warnings.join()).toMatch(/logo.png \(binary\)/);
  expect(report.warnings.join()).toMatch(/moved "all".md \(renamed from docs\/returns.md, nothing else\)/);
  expect(report.warnings.join()).toContain('package-lock.json (lock file)');
  const said = asked[0]?.messages[1]?.content ?? '';
  expect(said).toContain('renamed from src/old.js');
  expect(said).toContain("-    8|   if (percent < 0 || percent > 100) throw new RangeError('percent');");
  expect(sarifOf(report).runs[0]?.results[0]?.message.text).toMatch(/^Removed line 8: /);
});

test('a pull request by its ref, and a diff from elsewhere, are reviewed without being checked out; their edits stay unproven', async () => {
  const root = await at.repo('pull', shop);
  await git(root, 'checkout', '-q', '-b', 'topic');
  write(root, { 'src/price.js': shop['src/price.js'].replace('return sum;', 'return sum + 1;') });
  await git(root, 'commit', '-qam', 'second');
  await git(root, 'update-ref', 'refs/pull/7/head', 'HEAD');
  const diff = await git(root, 'diff', 'main', 'HEAD');
  await git(root, 'checkout', '-q', 'main');
  const said = finding('major', 'src/price.js:4', 'One too many.', block('src/price.js', 'return sum + 1;', 'return sum;'));
  const { deps, asked } = at.world([said, said, said, said]);
  const wanted = { findings: [{ severity: 'major', edit: 'unproven', note: expect.stringContaining('check it out') }] };
  expect(await review({ root, head: 'pull/7/head' }, deps)).toMatchObject(wanted);
  expect(await review({ root, since: 'main...topic' }, deps)).toMatchObject(wanted);
  expect(await review({ root, diff: diff.replaceAll('\n', '\r\n') }, deps)).toMatchObject(wanted);
  expect(asked[0]?.messages[1]?.content).toContain('+    4|   return sum + 1;');
  const folder = at.folder('no-git', { 'src/price.js': shop['src/price.js'].replace('return sum;', 'return sum + 1;') });
  expect(await review({ root: folder, diff }, deps)).toMatchObject({
    findings: [{ note: expect.stringContaining('without a git repository') }],
  });
  await expect(review({ root, head: 'pull/8/head' }, deps)).rejects.toThrow('pull/8/head is no commit');
  await expect(review({ root, diff: 'some words' }, deps)).rejects.toThrow('no unified diff');
  await expect(review({ root, diff, since: 'main' }, deps)).rejects.toThrow('leave one of them out');
});

test('what has no room is named, and a finding on it is none', async () => {
  const root = await at.repo('huge', shop);
  const many = Array.from({ length: 3_000 }, (_, n) => `export const value${n} = compute(${n}, 'some words');`).join('\n');
  write(root, { 'src/many.js': `${many}\n`, 'src/tax.js': 'export const tax = 0.19;\n' });
  const { deps } = at.world([finding('major', 'src/many.js:2990', 'Unseen.') + finding('major', 'src/many.js:3', 'Seen.')]);
  const report = await review({ root, budget: 4_000 }, deps);
  expect(report.warnings.join()).toContain('diff of src/many.js');
  expect(report.findings).toMatchObject([{ startLine: 3 }]);
  expect(report.rejected).toMatchObject([{ why: 'the lines are not in the diff' }]);
});

test('a diff is read by the counts of its hunks, however its lines look', () => {
  const sections = readSections(
    '--- a/x.sql\n+++ b/x.sql\n@@ -1,3 +1,3 @@\n--- old comment\n+++ fresh comment\n select 1;\n diff --git a/y b/y\n\\ No newline at end of file\n--- "a/\\303\\251 \\"q\\".c"\t2020\n+++ "b/\\303\\251 \\"q\\".c"\n@@ -4,2 +3,0 @@\n-a\n-b\n',
  );
  expect(sections).toMatchObject([{ path: 'x.sql' }, { path: 'é "q".c' }]);
  expect(sections.map(({ rows }) => linesOf(rows))).toEqual([
    { changed: new Set([1]), removed: new Set([1]) },
    { changed: new Set([3]), removed: new Set([4, 5]) },
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('--- a/x', '+++ b/x', '@@ -1,2 +1,2 @@', '+a', '-b', ' c', '', 'diff --git a/x b/x', '\\ No')),
      (rows) => {
        for (const one of readSections(rows.join('\n'))) linesOf(one.rows);
      },
    ),
  );
});

test('no reply breaks the reading', () => {
  const lines = new Map([['a.ts', { changed: new Set([3]), removed: new Set<number>() }]]);
  fc.assert(
    fc.property(fc.string(), fc.nat(6), fc.string(), (noise, line, why) => {
      const { findings } = readFindings(`${noise}\n## Finding\nSeverity: minor\nWhere: a.ts:${line}\nWhy: x${why}\n`, lines);
      expect(findings.every(({ startLine, endLine }) => startLine <= 3 && endLine >= 3)).toBe(true);
    }),
  );
});
