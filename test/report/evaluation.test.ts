import { expect, test } from 'vitest';
import { notTried } from '../../src/evaluating/variant-results.ts';
import { toHtml } from '../../src/report/html/page.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { plotSvg } from '../../src/report/plot.ts';
import { toScreen } from '../../src/report/screen/screen.ts';
import type { Evaluation } from '../../src/schema/evaluation.ts';
import { Report } from '../../src/schema/report.ts';

const fresh = (variant: string) => notTried({ id: variant }, { likelyUsd: 0.5, highUsd: 1.234 });
const evaluation: Evaluation = {
  looked: 300,
  candidates: 40,
  tried: 20,
  fellOut: [{ why: 'green without the fix', count: 3, example: 'abc: <b>' }],
  bugs: [{ id: 'a__b-1', subject: 'fix: the | sum', tests: 2, runner: 'vitest', inFive: 1, lines: 0.5, tokens: 1000 }],
  bar: 0.7,
  seed: 1,
  variants: [
    {
      ...fresh('cheap<script>'),
      standing: 'cannot',
      tried: 10,
      solved: 3,
      low: 0.2,
      high: 0.5,
      costUsd: 0.12,
      tokensIn: 1,
      tokensOut: 2,
      seconds: 50,
      failures: [{ why: 'no usable answer', count: 7, example: 'x' }],
    },
    { ...fresh('dear'), standing: 'not_tried' },
  ],
};
const report = Report.parse({
  version: 1,
  verb: 'evaluate',
  status: 'evaluated',
  root: '/r',
  summary: 'So.',
  evaluation,
  warnings: [],
  next: [],
});

test('in every form: the data, who solved what with its interval, the money, and why the rest is none', () => {
  for (const text of [toMarkdown(report), toScreen(report, { width: 200, colour: false })]) {
    for (const part of [
      '1 past bugs',
      '50 %',
      '3 of 10',
      '20 % to 50 %',
      '$0.12',
      'cannot meet it',
      'not tried',
      '7 × no usable answer',
      '3 × green without the fix',
    ])
      expect(text).toContain(part);
  }
  expect(toMarkdown(report)).toContain('fix: the \\| sum');
  const page = toHtml(report);
  expect(page).toContain('3 of 10');
  expect(page).not.toContain('<script');
  expect(plotSvg(evaluation)).not.toContain('dear');
});

test('before a run the table is the price of one', () => {
  const priced = {
    ...report,
    evaluation: {
      ...evaluation,
      variants: [fresh('cheap'), { ...fresh('secret'), standing: 'no_price' as const, likelyUsd: 'unknown' as const }],
    },
  };
  const text = toMarkdown(priced);
  expect(text).toContain('| cheap | $0.50 | $1.23 |');
  expect(text).toContain('| secret | unknown |');
});
