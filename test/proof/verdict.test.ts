import { expect, test } from 'vitest';
import { decide, type Evidence, rounds, type TargetState } from '../../src/proof/verdict.ts';

const states: readonly TargetState[] = ['green', 'red', 'skipped', 'missing'];
const clean = { newFailures: 0, missing: 0, newSkips: 0 };
const wides: readonly Evidence['wide'][] = [
  clean,
  'unknown',
  'broken',
  { ...clean, newFailures: 1 },
  { ...clean, missing: 2 },
  { ...clean, newSkips: 1 },
  { newFailures: 3, missing: 1, newSkips: 1 },
];

/** Every way in which one test can come out of no, one or two runs. */
const histories: TargetState[][] = [[]];
for (let length = 1, from = 0; length <= 2; length++) {
  const last = histories.slice(from);
  from = histories.length;
  for (const history of last) for (const state of states) histories.push([...history, state]);
}

const isFixed = (history: readonly TargetState[]) => history.length >= rounds && history.every((state) => state === 'green');
const isHarm = (wide: Evidence['wide']) =>
  wide === 'broken' || (typeof wide === 'object' && wide.newFailures + wide.missing + wide.newSkips > 0);

test('every combination of before and after has the verdict that the words promise', () => {
  let seen = 0;
  for (const problem of [undefined, 'another failure'])
    for (const wide of wides)
      for (const one of histories)
        for (const other of [undefined, ...histories]) {
          const targets = other ? [one, other] : [one];
          const { verdict, why } = decide({ problem, targets, wide });
          const fixed = targets.filter(isFixed).length;
          const expected = problem
            ? 'unverifiable'
            : isHarm(wide)
              ? 'regresses'
              : fixed === targets.length
                ? wide === 'unknown'
                  ? 'unverifiable'
                  : 'verified'
                : fixed > 0
                  ? 'improves'
                  : 'no_effect';
          expect(verdict, JSON.stringify({ problem, wide, targets })).toBe(expected);
          expect(why).toMatch(/\S/);
          seen++;
        }
  expect(seen).toBe(2 * wides.length * histories.length * (histories.length + 1));
});

test('nothing to mend is never verified', () => {
  expect(decide({ targets: [], wide: clean }).verdict).toBe('unverifiable');
});

test('one green run is not enough', () => {
  expect(decide({ targets: [['green']], wide: clean }).verdict).toBe('no_effect');
  expect(decide({ targets: [['green', 'red']], wide: clean }).why).toContain('not in another');
});

test('where harm ends the proof early, a test that was green once is not called red', () => {
  const { why } = decide({ targets: [['green']], wide: { ...clean, newFailures: 1 } });
  expect(why).toBe('1 test that passed before fails; 1 of 1 failing tests is green after the patch.');
});
