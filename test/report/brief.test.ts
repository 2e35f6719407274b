import { expect, test } from 'vitest';
import { toBrief, toStructured } from '../../src/report/brief.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { makeReport } from './example.ts';

const brief = toBrief(makeReport());

test('what a model works with comes first and fits 3 kB in each form', () => {
  const structured = toStructured(brief);
  expect(Object.keys(structured).slice(0, 6)).toEqual(['status', 'summary', 'rootCause', 'patch', 'proof', 'job']);
  expect(JSON.stringify(structured).length).toBeLessThan(3_000);
  expect(toMarkdown(brief).length).toBeLessThan(3_000);
});

test('no fact stands twice and no bookkeeping is left', () => {
  for (const text of [JSON.stringify(toStructured(brief)), toMarkdown(brief)]) {
    expect(text.split('The loop is wrong')).toHaveLength(2);
    expect(text.split('1 of 1 failing tests')).toHaveLength(2);
    expect(text).not.toMatch(/sha256|manifest|bundle|a{64}|durationMs/);
  }
});

test('both forms say the same', () => {
  const texts = [JSON.stringify(toStructured(brief)), toMarkdown(brief)];
  for (const fact of [
    'src/tiers.js',
    'if (q >= t)',
    'test/a.test.js',
    'no sandbox',
    'bubblewrap',
    '7zxc3w5twpmqzhae497nrdekac',
    '/srv/shop',
  ])
    for (const text of texts) expect(text).toContain(fact);
});
