import { expect, test } from 'vitest';
import { makeRunLimit } from '../../src/evaluating/run-limit.ts';

const after = (...seconds: number[]) => {
  const limit = makeRunLimit(120_000);
  for (const one of seconds) limit.learn(one);
  return limit.ms();
};

test('a run has its whole time until it is known how long runs take here, and never more', () => {
  expect(after()).toBe(120_000);
  expect(after(4, 12)).toBe(120_000);
  expect(after(4, 12, 2)).toBe(36_000);
  expect(after(4, 12, 2, 400)).toBe(120_000);
});

test('where runs are short, one may still take a while', () => {
  expect(after(1, 1, 1)).toBe(20_000);
});
