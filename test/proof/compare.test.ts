import { expect, test } from 'vitest';
import { compareRuns, stateOf } from '../../src/proof/compare.ts';
import type { Failure, TestRun, TestStatus } from '../../src/schema/run.ts';
import { isSameFailure } from '../../src/suite/same.ts';

const failure = (id: string, extra: Partial<Failure> = {}): Failure => ({
  id,
  name: id.split('::')[1] ?? id,
  file: id.split('::')[0],
  kind: 'assertion',
  message: 'expected 1 to be 2',
  frames: [],
  ...extra,
});

function run(tests: Readonly<Record<string, TestStatus>>, failures: readonly Failure[] = []): TestRun {
  const all = Object.entries(tests).map(([id, status]) => ({ id, name: id.split('::')[1] ?? id, file: id.split('::')[0], status }));
  const count = (status: TestStatus) => all.filter((one) => one.status === status).length;
  return {
    runner: 'vitest',
    command: ['vitest'],
    cwd: '',
    why: 'a test',
    outcome: count('failed') > 0 ? 'red' : 'green',
    exitCode: 0,
    durationMs: 1,
    collected: all.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    rerun: true,
    tests: all,
    failures: failures.length > 0 ? failures : all.filter((one) => one.status === 'failed').map((one) => failure(one.id)),
    output: '',
  };
}

test('new red, gone and skipped tests are told apart; what was red before is not counted', () => {
  const before = run({ 'a::one': 'passed', 'a::two': 'passed', 'a::three': 'passed', 'a::old': 'failed', 'a::gone': 'failed' });
  const after = run({ 'a::one': 'failed', 'a::two': 'skipped', 'a::old': 'failed' });
  expect(compareRuns(before, after)).toEqual({ newFailures: ['a::one'], missing: ['a::three', 'a::gone'], newSkips: ['a::two'] });
});

test('a file that loads again brings tests; one of them failing is no regression', () => {
  const load = failure('a::<file>', { kind: 'load' });
  const before = run({ 'a::<file>': 'failed', 'b::one': 'passed' }, [load]);
  const after = run({ 'a::one': 'passed', 'a::two': 'failed', 'b::one': 'passed' });
  expect(compareRuns(before, after)).toEqual({ newFailures: [], missing: [], newSkips: [] });
  expect(stateOf(load, after)).toBe('red');
  expect(stateOf(load, run({ 'a::one': 'passed' }))).toBe('green');
  expect(stateOf(load, run({ 'b::one': 'passed' }))).toBe('missing');
});

test('a new test that fails counts, unless its file could not be loaded before', () => {
  expect(compareRuns(run({ 'a::one': 'passed' }), run({ 'a::one': 'passed', 'a::new': 'failed' })).newFailures).toEqual(['a::new']);
});

test('names that change with every run are matched by their number', () => {
  const before = run({ 'a::at 17:00': 'passed', 'a::one': 'passed' });
  expect(compareRuns(before, run({ 'a::at 17:01': 'passed', 'a::one': 'passed' })).missing).toEqual([]);
  expect(compareRuns(before, run({ 'b::at 17:01': 'passed', 'a::one': 'passed' })).missing).toEqual(['a::at 17:00']);
});

test('a failure is the same across folders, places and times, and not across kinds or values', () => {
  const here = failure('a::one', { message: 'cannot open /tmp/x1/repo/data.json after 31 ms', kind: 'error' });
  const there = failure('a::one', { message: 'cannot open /home/me/repo/data.json after 7 ms', kind: 'error' });
  expect(isSameFailure(here, there, ['/tmp/x1/repo', '/home/me/repo'])).toBe(true);
  expect(isSameFailure(here, failure('a::one', { message: here.message, kind: 'load' }), [])).toBe(false);
  expect(isSameFailure(here, failure('a::one', { message: 'fetch failed', kind: 'error' }), [])).toBe(false);
  const value = (message: string) => failure('a::one', { message });
  expect(isSameFailure(value('NaN == 90'), value('100 == 90'), [])).toBe(false);
  expect(isSameFailure(value('100 == 90'), value('101 == 90'), [])).toBe(false);
  expect(isSameFailure(value('100 == 90'), value('101 == 90'), [], 'shape')).toBe(true);
  const short = (actual: string) =>
    failure('a::one', { message: 'Error: expect(received).toBe(expected) // Object.is equality', expected: '2', actual });
  const long = failure('a::one', {
    message: 'expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 0',
    expected: '2',
    actual: '0',
  });
  expect(isSameFailure(long, short('0'), [])).toBe(true);
  expect(isSameFailure(long, short('1'), [])).toBe(false);
  expect(isSameFailure(value('refused 127.0.0.1:4711, x.js:3:9'), value('refused 127.0.0.1:4800, x.js:31:2'), [])).toBe(true);
});

test('a target that is not collected is missing, one that is skipped is not green', () => {
  const target = failure('a::one');
  expect(stateOf(target, run({ 'a::one': 'skipped' }))).toBe('skipped');
  expect(stateOf(target, run({ 'a::two': 'passed' }))).toBe('missing');
  expect(stateOf(target, run({ 'a::one': 'passed' }))).toBe('green');
});
