import { expect, test } from 'vitest';
import { answerBytes, fitReport, jsonBytes } from '../../src/report/fit.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { Report } from '../../src/schema/report.ts';
import type { Failure } from '../../src/schema/run.ts';

function failure(at: number, long = 1): Failure {
  const text = `expected ${at} to be ${at + 1}. `.repeat(long);
  return {
    id: `test/a.test.ts::case ${at}`,
    name: `case ${at}`,
    file: 'test/a.test.ts',
    line: at,
    kind: 'assertion',
    message: text,
    frames: [],
    expected: text,
    actual: text,
    output: text,
  };
}

function report(groups: number, long: number): Report {
  const failures = Array.from({ length: groups }, (_, at) => failure(at, long));
  const [first] = failures;
  return Report.parse({
    version: 1,
    verb: 'fix',
    status: 'verified',
    root: '/repo',
    summary: 'Fixed.',
    groups: failures.map((one) => ({
      cause: one.message,
      count: 500,
      kind: 'unit',
      why: 'path',
      first: one,
      ids: Array.from({ length: 100 }, (_, id) => `${one.id} ${id}`),
    })),
    ...(first && { failing: first }),
    suspects: failures.map((one, at) => ({ file: `src/${at}.ts`, score: 1 / (at + 1), evidence: [one.message, 'imported by the test'] })),
    rootCause: { summary: 'off by one', file: 'src/a.ts', startLine: 3, why: 'because '.repeat(long * 10) },
    patch: { diff: '+x\n'.repeat(long * 100), sha256: 'a'.repeat(64), files: [{ path: 'src/a.ts', added: 1, removed: 1 }], flags: [] },
    excerpts: failures.map((one) => ({ path: 'src/a.ts', startLine: 1, text: one.message.repeat(20) })),
    warnings: [],
    next: ['glm-skill apply'],
  });
}

test.each([
  [1, 1],
  [40, 5],
  [2000, 60],
])('%i groups of length %i fit in both forms and keep what matters', (groups, long) => {
  const whole = report(groups, long);
  const structured = fitReport(whole, { maxBytes: answerBytes, offset: 0 }, jsonBytes);
  const text = toMarkdown(fitReport(whole, { maxBytes: answerBytes, offset: 0 }, (one) => Buffer.byteLength(toMarkdown(one))));
  expect(jsonBytes(structured)).toBeLessThanOrEqual(answerBytes);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(answerBytes);
  expect(Report.safeParse(structured).success).toBe(true);
  expect(structured.rootCause?.summary).toBe('off by one');
  expect(structured.patch?.sha256).toBe('a'.repeat(64));
  for (const part of ['verified', 'case 0', 'off by one', '+x', 'src/0.ts', 'glm-skill apply']) expect(text).toContain(part);
});

test('a report that fits is not touched', () => {
  const small = report(1, 1);
  const without = { ...small, groups: undefined, excerpts: undefined };
  expect(fitReport(without, { maxBytes: answerBytes, offset: 0 }, jsonBytes)).toEqual(without);
});

test('offset skips groups and cuts are named', () => {
  const cut = fitReport(report(50, 5), { maxBytes: answerBytes, offset: 45 }, jsonBytes);
  expect(cut.groups?.[0]?.first.name).toBe('case 45');
  const first = fitReport(report(50, 5), { maxBytes: answerBytes, offset: 0 }, jsonBytes);
  expect(first.warnings.join('\n')).toContain('50 causes in all');
});

test.each([
  ['ko', '근본 원인'],
  ['zh-TW', '根本原因'],
  ['tr', 'Kök neden'],
  ['ar', 'السبب'],
  ['pt-BR', 'Causa'],
  ['xx', 'Root cause'],
])('labels follow the language, data does not: %s', (language, label) => {
  const text = toMarkdown({ ...report(1, 1), language });
  expect(text).toContain(label);
  for (const part of ['# fix: verified', 'src/0.ts', '+x', 'glm-skill apply'])
    expect(text.replace(/[\u2066\u2069\u200F]/g, '')).toContain(part);
});
