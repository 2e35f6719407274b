import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { TestRun } from '../../src/schema/run.ts';
import { relateElsewhere } from '../../src/suite/reports/given.ts';
import { readReport } from '../../src/suite/reports/reports.ts';
import { filesOf, recorded, recordings } from './recordings.ts';

const root = mkdtempSync(join(tmpdir(), 'reports-'));
for (const path of [
  'spec/sumSpec.js',
  'test/sum.js',
  'test/other.js',
  'test/sum.test.js',
  'sum_test.ts',
  'tests/sum.spec.js',
  'tests/CartTest.php',
  'src/test/java/shop/CartTest.java',
  'tests/CartTests.cs',
  'src/cart.js',
]) {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), '');
}
afterAll(() => rmSync(root, { recursive: true }));
const read = (text: string, format: 'auto' | 'log' = 'auto') =>
  readReport(format, [text], { root, relate: relateElsewhere(root), name: 'given' });
const load = recorded;
const formatOf = (name: string) => (name.endsWith('.log') ? 'log' : 'auto');

async function readRecorded(name: string): Promise<TestRun> {
  const run = await read(load(name), formatOf(name));
  if (!run) throw new Error(`${name} was not understood`);
  return run;
}

describe('recorded output', () => {
  test('every recording is held', () => {
    const folders = new Set([...recordings.values()].map(({ folder }) => folder));
    expect([...folders].flatMap(filesOf).sort()).toEqual([...recordings.keys()].sort());
  });

  test.each([...recordings])('%s', async (name, { runner, counts, failing }) => {
    const run = await readRecorded(name);
    expect(run).toMatchObject({ runner, outcome: 'red', rerun: false, exitCode: null });
    expect([run.passed, run.failed, run.skipped]).toEqual([...counts]);
    const ids = run.failures.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...failing]));
    for (const failure of run.failures) expect(failure.message).not.toBe('');
  });

  test('a failure keeps what it compared and where', async () => {
    const { failures } = await readRecorded('cargo-1.95.txt');
    expect(failures[0]).toMatchObject({ kind: 'assertion', actual: '2', expected: '3', frames: [{ file: 'src/lib.rs', line: 8 }] });
    const surefire = await readRecorded('surefire-3.2.xml');
    expect(surefire.failures.find(({ name }) => name.endsWith('adds'))).toMatchObject({
      expected: '3',
      actual: '2',
      frames: [{ file: 'src/test/java/shop/CartTest.java', line: 6 }],
    });
  });
});

describe('CI logs', () => {
  const stamp = (line: string) => `2026-11-20T10:11:12.1234567Z ${line}`;
  const github = (text: string) =>
    ['##[group]Run npm test', 'npm test', '##[endgroup]', ...text.split('\n'), '##[error]Process completed with exit code 1.']
      .map(stamp)
      .join('\r\n');
  const ghView = (text: string) =>
    github(text)
      .split('\r\n')
      .map((line) => `build (20)\tTest\t${line}`)
      .join('\n');
  const gitlab = (text: string) =>
    [
      `section_start:1700000000:step_script[collapsed=true]\r\u001b[0KRunning`,
      ...text.split('\n'),
      'section_end:1700000001:step_script\r\u001b[0K',
    ]
      .map((line) => `2026-11-20T10:11:12.123456Z 01O ${line}`)
      .join('\n');

  test.each(['jest-30.5.log', 'vitest-4.1.log', 'pytest-9.0.log', 'go-1.19.log', 'node-test-20.20.log', 'mocha-11.8.log'])(
    '%s reads the same with stamps and groups',
    async (name) => {
      const plain = await readRecorded(name);
      for (const dress of [github, ghView, gitlab]) {
        const run = await read(dress(load(name)), 'log');
        expect(run?.failures.map(({ id }) => id)).toEqual(plain.failures.map(({ id }) => id));
        expect(run).toMatchObject({ outcome: 'red', failed: plain.failed, passed: plain.passed });
      }
    },
  );

  test('a log of nothing known is not a run', async () => {
    expect(await read('npm warn deprecated\nall is well, 12 things passed\n', 'log')).toBeUndefined();
  });
});

describe('what is cut or corrupt', () => {
  const names = [...recordings.keys()];

  test('never throws and never reads as green when it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }), async (name, part) => {
        const text = load(name);
        const run = await read(text.slice(0, Math.floor(text.length * part)), formatOf(name));
        expect(run?.outcome).not.toBe('green');
      }),
      { numRuns: 300 },
    );
  });

  test('never throws on changed bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 8 })), { maxLength: 6 }),
        async (name, edits) => {
          let text = load(name);
          for (const [at, what] of edits) text = text.slice(0, at % text.length) + what + text.slice((at % text.length) + what.length);
          await read(text, formatOf(name));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a green report that is cut is not green', async () => {
    const whole =
      '<?xml version="1.0"?>\n<testsuites><testsuite name="a"><testcase name="one" classname="a" time="0.1"/><testcase name="two" classname="a"/></testsuite></testsuites>';
    expect(await read(whole)).toMatchObject({ outcome: 'green', passed: 2 });
    for (let at = 1; at < whole.length; at++) expect((await read(whole.slice(0, at)))?.outcome).not.toBe('green');
    const tap = 'TAP version 13\nok 1 - one\nok 2 - two\n1..2\n';
    expect(await read(tap)).toMatchObject({ outcome: 'green', passed: 2 });
    for (let at = 1; at < tap.trimEnd().length; at++) expect((await read(tap.slice(0, at)))?.outcome).not.toBe('green');
    const jest = JSON.stringify({
      success: true,
      numTotalTests: 2,
      testResults: [
        { name: '/ci/a.test.js', status: 'passed', assertionResults: [{ ancestorTitles: [], title: 'one', status: 'passed' }] },
      ],
    });
    expect((await read(jest))?.outcome).toBe('crashed');
  });

  test('the lines of our own reporters, cut anywhere', async () => {
    const lines = [
      { type: 'begin' },
      { type: 'test', file: 'a.js', names: ['one'], status: 'passed' },
      { type: 'test', file: 'a.js', names: ['two'], status: 'passed' },
      { type: 'end' },
    ];
    const whole = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
    expect(await read(whole)).toMatchObject({ outcome: 'green', passed: 2 });
    for (let at = 1; at < whole.trimEnd().length; at++) expect((await read(whole.slice(0, at)))?.outcome).not.toBe('green');
    const forged = whole.replace('"end"', '"END"');
    expect((await read(forged))?.outcome).toBe('crashed');
  });

  test('a bail out is not green', async () => {
    expect((await read('TAP version 13\nok 1 - one\nBail out! no database\n'))?.outcome).toBe('crashed');
  });
});
