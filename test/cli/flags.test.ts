import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { flagsOf, parseFlags, readInput, sharedFlags } from '../../src/cli/flags.ts';
import { helpOf } from '../../src/cli/help.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { FixInput } from '../../src/schema/input.ts';

const flags = flagsOf(FixInput);
const read = (...words: string[]) => readInput(FixInput, parseFlags('fix', words, flags, sharedFlags({ reaches: true })).values);

test('flags come from the input schema', () => {
  expect(read('--timeout', '30', '--test', 'a', '--test', 'b', '--max-cost=0.5', '--flaky', '--sandbox', 'off')).toEqual({
    timeout: 30,
    test: ['a', 'b'],
    max_cost: 0.5,
    flaky: true,
    sandbox: 'off',
  });
});

test.each([
  [['--timeout', 'soon'], '--timeout wants a number, not "soon".'],
  [['--timeout', '0'], '--timeout must be at least 1, not 0.'],
  [['--timeout', '1.5'], '--timeout must be a whole number, not 1.5.'],
  [['--test', ''], '--test must not be empty.'],
  [['--timeot', '3'], "Unknown option '--timeot'"],
  [['--variant', '-x y'], "'--variant' argument is ambiguous"],
  [['--attempts', '99'], '--attempts must be at most 10, not 99.'],
  [['--max-cost', '-1'], '--max-cost must be at least 0, not -1.'],
  [['--sandbox', 'maybe'], '--sandbox must be auto, on or off, not "maybe".'],
  [['--env', 'A=B'], '--env is not of the right form.'],
])('bad words get one sentence: %j', (words, message) => {
  expect(() => read(...words)).toThrow(expect.objectContaining({ code: 'bad_input', message: expect.stringContaining(message) }));
});

test('the flags that steer the gateway are known where it is reached, and only there', () => {
  const shared = sharedFlags({ reaches: true });
  expect(parseFlags('fix', ['--surface', 'messages', '--price', '1/2', '--profile', 'zai'], flags, shared)).toMatchObject({
    values: {},
    steering: { surface: 'messages', price: '1/2', profile: 'zai' },
  });
  expect(() => parseFlags('find', ['--price', '1/2'], flags, sharedFlags({}))).toThrow(/--price/);
  const reaching = commands.filter((one) => one.reaches).map(({ name }) => name);
  expect(reaching).toEqual(expect.arrayContaining(['fix', 'diagnose', 'ask', 'review', 'write-tests', 'variants', 'doctor', 'login']));
});

test('every verb explains every flag and gives an example', () => {
  for (const one of commands) {
    expect(one.summary.length, one.name).toBeGreaterThan(10);
    expect(one.examples.length, one.name).toBeGreaterThan(0);
    for (const flag of flagsOf(one.input)) expect(flag.description, `${one.name} --${flag.name}`).not.toBe('');
  }
});

test.each([
  ['fxi', ['fix']],
  ['finde', ['find']],
  ['stats', ['status']],
  ['dia', ['diagnose']],
  ['frobnicate', []],
])('a mistyped verb gets the nearest: %s', (word, expected) => {
  expect(
    nearest(
      word,
      commands.map(({ name }) => name),
    ),
  ).toEqual(expected);
});

test('a mistyped flag gets the nearest, and help lists what a verb uses', () => {
  expect(() => read('--max-cots', '1')).toThrow(expect.objectContaining({ hint: expect.stringContaining('Did you mean --max-cost?') }));
  const helpFor = (verb: string) => commands.filter(({ name }) => name === verb).map((one) => helpOf(one, 60))[0] ?? '';
  expect(helpFor('completion')).not.toMatch(/--(?:md|html|callback|base-url|quiet)/);
  expect(helpFor('serve')).not.toMatch(/--(?:json|quiet)/);
  expect(helpFor('login')).not.toMatch(/--(?:surface|price|quiet)/);
  expect(helpFor('cause')).toMatch(/--html/);
});

test('help keeps to the width of the terminal and breaks no word', () => {
  for (const one of commands) {
    const [narrow = '', wide = ''] = [helpOf(one, 60), helpOf(one)].map((text) => text.split('\n\nExamples:')[0]);
    expect(narrow.split(/\s+/)).toEqual(wide.split(/\s+/));
    expect(Math.max(...narrow.split('\n').map((line) => line.length)), narrow).toBeLessThanOrEqual(60);
  }
});
