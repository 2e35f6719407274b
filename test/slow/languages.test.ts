import { expect, test } from 'vitest';
import { answerBytes, fitReport, jsonBytes } from '../../src/report/fit.ts';
import type { Report } from '../../src/schema/report.ts';
import { review } from '../../src/uses/review.ts';
import { writeTests } from '../../src/uses/write-tests.ts';
import { block } from '../proof/checkout.ts';
import { write } from '../repo/fixture.ts';
import { ground } from '../uses/ground.ts';

const at = ground();
const edit = (path: string, body: string) => `## Edits\n${path}\n<<<<<<< SEARCH\n=======\n${body}\n>>>>>>> REPLACE\n`;

test('Python: tests that notice nothing are named, those that do are kept; lines are counted by the interpreter itself', async () => {
  const root = await at.repo('python', {
    'share.py': 'def share(total, count):\n    if count < 1:\n        raise ValueError("count")\n    return total / count\n',
    'test_share.py':
      'import unittest\nimport share\n\n\nclass Old(unittest.TestCase):\n    def test_loads(self):\n        self.assertTrue(share.share)\n',
  });
  const body = (line: string) =>
    `import unittest\nfrom share import share\n\n\nclass More(unittest.TestCase):\n    def test_it(self):\n        ${line}\n`;
  const { deps, asked } = at.world([
    edit('test_more.py', body('self.assertTrue(share)')),
    edit('test_more.py', body('self.assertEqual(share(6, 3), 2)')),
  ]);
  const report = await writeTests({ root, file: 'share.py', command: 'python3 -m unittest', sandbox: 'off' }, deps);
  expect(report.rejected).toMatchObject([{ why: expect.stringContaining('pass for nothing') }]);
  expect(report).toMatchObject({ status: 'written', worth: { killedBefore: 0, mutated: 'lines 2, 4' } });
  expect(report.worth?.coverage).toEqual({ before: 1, after: 3, unit: 'lines of 4 that run' });
  expect(report.worth?.killed).toBeGreaterThan(0);
  expect(asked[0]?.messages.at(-1)?.content).toContain('No test runs these lines yet: 2-4.');
});

test('a review of a repository without tests leaves edits unproven and says why', async () => {
  const root = await at.repo('bare', { 'lib/add.rb': 'def add(a, b)\n  a + b\nend\n' });
  write(root, { 'lib/add.rb': 'def add(a, b)\n  a - b\nend\n' });
  const { deps } = at.world([
    `## Finding\nSeverity: critical\nWhere: lib/add.rb:2\nWhy: It subtracts.\n\n${block('lib/add.rb', '  a - b', '  a + b')}`,
  ]);
  const report = await review({ root }, deps);
  expect(report.findings).toMatchObject([{ severity: 'critical', edit: 'unproven', note: expect.stringMatching(/./) }]);
});

test('a long answer is cut to size, and what does not hold stays', () => {
  const place = (holds: boolean, startLine: number) => ({
    path: 'src/a.ts',
    startLine,
    endLine: startLine,
    holds,
    checked: true,
    why: 'x'.repeat(100),
  });
  const report: Report = {
    version: 1,
    verb: 'ask',
    status: 'answered',
    root: '/srv/shop',
    summary: 'Long.',
    answer: 'word '.repeat(9_000),
    citations: [...Array.from({ length: 300 }, (_, n) => place(true, n + 1)), place(false, 999)],
    warnings: [],
    next: [],
  };
  const fitted = fitReport(report, { maxBytes: answerBytes, offset: 0 }, jsonBytes);
  expect(jsonBytes(fitted)).toBeLessThanOrEqual(answerBytes);
  expect(fitted.citations?.[0]).toMatchObject({ holds: false, startLine: 999 });
  expect(fitted.warnings.join()).toContain('citations 1 to');
});
