import fc from 'fast-check';
import { expect, test } from 'vitest';

import { makeOrder, type Told } from '../../src/evaluating/candidate-order.ts';

import { Reason } from '../../src/evaluating/reasons.ts';

/** Tries all candidates one by one; `judge` says what becomes of each. Gives their order. */
function walk(count: number, judge: (at: number, installed: string | undefined) => Told): number[] {
  const order = makeOrder(count);
  const ended: number[] = [];
  for (let turn = order.next(); turn !== undefined; turn = order.next()) {
    const told = judge(turn.number, turn.install);
    if (!('wants' in told)) ended.push(turn.number);
    order.tell(turn, told);
  }
  expect(order.waiting()).toBe(0);
  return ended;
}

test('every candidate ends once, whatever is told and however many hands there are', () => {
  const reason = fc.option(fc.constantFrom(...Reason.options), { nil: undefined });
  const one = fc.record({ wants: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), reason });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (all, hands) => {
      const order = makeOrder(all.length);
      const installed = new Set<string>();
      const ended: number[] = [];
      for (;;) {
        const turns = Array.from({ length: hands }, () => order.next()).filter((turn) => turn !== undefined);
        if (turns.length === 0) break;
        for (const turn of turns) {
          if (turn.install !== undefined) installed.add(turn.install);
          const { wants, reason: why } = all[turn.number] ?? {};
          if (wants !== undefined && !installed.has(wants)) order.tell(turn, { wants });
          else {
            ended.push(turn.number);
            order.tell(turn, { reason: why });
          }
        }
      }
      expect(ended.sort((a, b) => a - b)).toEqual(all.map((_, at) => at));
    }),
  );
});

test('where neighbours cannot be run, older ones are tried first, further away each time', () => {
  const seen = walk(40, (at) => ({ reason: at < 20 ? 'not_installed' : undefined }));
  expect(seen.slice(0, 10)).toEqual([0, 1, 2, 6, 7, 8, 15, 16, 17, 30]);
  expect(seen.slice(-3)).toEqual([27, 28, 29]);
});

test('an install waits until several want one, and then serves all that want the same', () => {
  const wanted = ['a', 'b', 'b', 'c', undefined, 'b', undefined, undefined];
  const installs: string[] = [];
  const seen = walk(wanted.length, (at, install) => {
    if (install !== undefined) installs.push(install);
    const wants = wanted[at];
    return wants === undefined || installs.includes(wants) ? { reason: undefined } : { wants };
  });
  expect(installs).toEqual(['b', 'a', 'c']);
  expect(seen).toEqual([1, 2, 4, 5, 6, 7, 0, 3]);
});
