import { expect, test } from 'vitest';
import { condense } from '../../src/suite/output-text.ts';
import { tapLine } from '../../src/suite/reports/tap-tree.ts';

const noise = `# ${'what a program says of itself, over and over '.repeat(20)}`;
const condensed = (lines: () => Iterable<string>) => condense({ lines, text: () => '' }, tapLine);

test('of output without end the results are left, what stands behind a failing one, and the end', () => {
  const text = condensed(function* () {
    yield 'TAP version 13';
    for (let at = 0; at < 60_000; at++) yield noise;
    yield '# sums';
    yield 'not ok 1 - adds';
    yield '  ---';
    yield '    found: 2';
    yield '  ...';
    for (let at = 0; at < 5_000; at++) yield noise;
    yield 'ok 2 - pays';
    yield '1..2';
    yield 'x'.repeat(1 << 20);
  });
  expect(text.length).toBeLessThan(18 << 20);
  expect(text.startsWith('TAP version 13\n#')).toBe(true);
  for (const part of ['# sums\nnot ok 1 - adds\n  ---\n    found: 2\n', '\nok 2 - pays\n1..2\nxxx'])
    expect(text.includes(part), part).toBe(true);
});

test('results without end are cut, so that their plan is not met', () => {
  const text = condensed(function* () {
    for (let at = 1; at <= 250_000; at++) yield `ok ${at} - ${noise.slice(0, 250)}`;
    yield '1..250000';
  });
  expect(text.length).toBeLessThan(50 << 20);
  expect(text.includes('1..250000')).toBe(false);
});

test('a short report is kept as it is', () => {
  const lines = ['TAP version 13', 'some words', '# a', 'ok 1 - ä', '1..1', 'bye'];
  expect(condensed(() => lines)).toBe(lines.join('\n'));
});
