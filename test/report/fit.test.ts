import fc from 'fast-check';
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

const forms = [
  ['structured', jsonBytes],
  ['text', (one: Report) => Buffer.byteLength(toMarkdown(one))],
] as const;

test.each(forms)('offset pages every list that was cut, in the %s form, until all was said', (_form, measure) => {
  const whole = manifold(30, 5);
  const seen = { causes: new Set<string>(), suspects: new Set<string>(), entries: new Set<string>(), findings: new Set<string>() };
  let offset = 0;
  for (let calls = 0; calls < 60; calls++) {
    const page = fitReport(whole, { maxBytes: answerBytes, offset }, measure);
    expect(measure(page)).toBeLessThanOrEqual(answerBytes);
    expect(Report.safeParse(page).success).toBe(true);
    for (const { first } of page.groups ?? []) seen.causes.add(first.id);
    for (const { file } of page.suspects ?? []) seen.suspects.add(file);
    for (const { path } of page.manifest?.entries ?? []) seen.entries.add(path);
    for (const { path } of page.findings ?? []) seen.findings.add(path);
    const next = /get_job with job "j" and offset (\d+)/.exec(page.warnings.at(-1) ?? '')?.[1];
    if (next === undefined) break;
    expect(Number(next)).toBeGreaterThan(offset);
    offset = Number(next);
  }
  expect([seen.causes.size, seen.suspects.size, seen.entries.size, seen.findings.size]).toEqual([30, 30, 120, 90]);
});

function manifold(size: number, long: number): Report {
  const names = (count: number, folder: string) => Array.from({ length: count }, (_, at) => `${folder}/${at}.ts`);
  const entry = { startLine: 1, endLine: 9, form: 'whole' as const, reason: 'seen '.repeat(long), tokens: 10, sha256: 'b'.repeat(64) };
  return {
    ...report(size, long),
    job: 'j',
    manifest: {
      version: 1,
      budgetTokens: 1,
      tokens: 1,
      redactions: 0,
      bundle: 'c'.repeat(64),
      entries: names(size * 4, 'sent').map((path) => ({ path, ...entry })),
      leftOut: names(20, 'left').map((path) => ({ path, reason: 'no room' })),
      leftOutCount: 20,
    },
    findings: names(size * 3, 'found').map((path) => ({ severity: 'minor', path, startLine: 1, endLine: 2, why: 'because '.repeat(long) })),
    warnings: names(size, 'warned'),
  };
}

test.each(forms)('whatever a report holds, it fits and stays a report: %s', (_form, measure) => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(80), fc.integer({ min: 1_000, max: 100_000 }), fc.nat(300), (size, long, maxBytes, offset) => {
      const page = fitReport(manifold(size, long), { maxBytes, offset }, measure);
      expect(measure(page)).toBeLessThanOrEqual(maxBytes);
      expect(Report.safeParse(page).success).toBe(true);
      expect([page.job, page.root, page.status]).toEqual(['j', '/repo', 'verified']);
    }),
    { numRuns: 10 },
  );
});

test('where more is asked for, more is said', () => {
  const [small, large] = [9_000, 100_000].map((maxBytes) => fitReport(report(500, 3), { maxBytes, offset: 0 }, jsonBytes));
  expect(large?.groups?.length).toBeGreaterThan(2 * (small?.groups?.length ?? 0));
  expect(jsonBytes(large)).toBeGreaterThan(40_000);
});

test('a cut is named with the offset that goes on', () => {
  const first = fitReport(report(50, 5), { maxBytes: answerBytes, offset: 0 }, jsonBytes);
  expect(first.warnings.at(-1)).toMatch(
    /^Cut to fit: causes 1 to \d+ of 50, suspects 1 to \d+ of 50, .*Call again with offset \d+ for more\.$/,
  );
  const page = fitReport(report(50, 5), { maxBytes: answerBytes, offset: 45 }, jsonBytes);
  expect(page.groups?.[0]?.first.name).toBe('case 45');
  expect([page.patch, page.rootCause, page.failing]).toEqual([undefined, undefined, undefined]);
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
