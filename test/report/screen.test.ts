import { expect, test } from 'vitest';
import { toHtml } from '../../src/report/html/page.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { toScreen } from '../../src/report/screen/screen.ts';
import { wrap } from '../../src/report/screen/wrap.ts';
import { hostile, makeReport } from './example.ts';

const esc = String.fromCharCode(27);

test('what matters stands first, once, and bookkeeping nowhere', () => {
  const text = toScreen(makeReport(), { width: 80, colour: false });
  const order = [
    'verified',
    'no sandbox',
    'Failing test',
    'expected',
    'actual',
    'From test to line',
    'Root cause',
    'Patch',
    'Proof',
    '$0.001',
  ];
  const places = order.map((word) => text.indexOf(word));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text.split('The loop is wrong')).toHaveLength(2);
  expect(text).not.toMatch(/bundle|[bcd]{40}|file7\.js/);
});

test('without colour there is not one escape, whatever is said; with it there are only ours', () => {
  expect(toScreen(makeReport(hostile), { width: 80, colour: false })).not.toContain(esc);
  const painted = toScreen(makeReport(hostile), { width: 80, colour: true });
  expect(painted).toContain(`${esc}[32m`);
  expect(painted).not.toContain(`${esc}[8m`);
  expect(painted).not.toContain('\u202e');
});

test.each([60, 80, 200])('prose fits %i columns', (width) => {
  const report = { ...makeReport(), summary: 'word '.repeat(80).trim(), warnings: ['mind '.repeat(50).trim()] };
  const long = toScreen(report, { width, colour: false })
    .split('\n')
    .filter((line) => /word|mind/.test(line) && line.length > Math.min(width, 110) + 2);
  expect(long).toEqual([]);
});

test('what was not checked is said', () => {
  const report = makeReport();
  expect(toScreen({ ...report, proof: report.proof && { ...report.proof, sandbox: 'none' } }, { width: 80, colour: false })).toContain(
    'not checked: what the tests did besides (no sandbox)',
  );
});

test('at 50 columns nothing but code, paths and commands is longer, and no table is wider', () => {
  const report = makeReport();
  const summary = 'The loop is\nwrong by one\n- a list\n- of two';
  const text = toScreen({ ...report, rootCause: report.rootCause && { ...report.rootCause, summary } }, { width: 50, colour: false });
  const proof = text.split('\nProof\n')[1]?.split('\n\n')[0] ?? '';
  expect(Math.max(...proof.split('\n').map((line) => line.length)), text).toBeLessThanOrEqual(50);
  expect(proof).toMatch(/before: .* passed/);
  // Lines that a model broke are one paragraph, lists stay.
  expect(text).toContain('The loop is wrong by one\n  - a list\n  - of two');
  expect(text).not.toMatch(/^ *index [0-9a-f]+\.\./m);
});

test('what this machine answered itself is said to be no money', () => {
  const report = makeReport();
  const attempts = report.attempts?.map((one) => ({ ...one, unpaid: true }));
  const local = { ...report, attempts };
  for (const text of [toScreen(local, { width: 80, colour: false }), toMarkdown(local), toHtml(local)]) {
    expect(text).toContain('nothing paid (served on this machine)');
    expect(text).not.toContain('$0.001');
  }
});

test('a line that is indented stays so where it is broken', () => {
  expect(wrap('a\n    one two three', 11, '  ')).toBe('a\n    one two\n      three');
});
