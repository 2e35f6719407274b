import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeOrder } from '../../src/evaluating/candidate-order.ts';
import { Reason } from '../../src/evaluating/reasons.ts';

test('every candidate comes once, whatever is told', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.array(fc.option(fc.constantFrom(...Reason.options), { nil: undefined })), (count, told) => {
      const order = makeOrder(count);
      const seen: number[] = [];
      for (let at = order.next(); at !== undefined; at = order.next()) {
        seen.push(at);
        order.tell(told[seen.length - 1]);
      }
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at));
    }),
  );
});

test('where neighbours cannot be run, older ones are tried first, further away each time', () => {
  const order = makeOrder(40);
  const seen: number[] = [];
  for (let at = order.next(); at !== undefined; at = order.next()) {
    seen.push(at);
    order.tell(at < 20 ? 'not_installed' : undefined);
  }
  expect(seen.slice(0, 10)).toEqual([0, 1, 2, 6, 7, 8, 15, 16, 17, 30]);
  expect(seen.slice(-3)).toEqual([27, 28, 29]);
});
