import { expect, test } from 'vitest';
import { gradeOf, type Merits } from '../../src/proof/grade/grade.ts';

const merits = (made: number, survived: readonly string[], more: Partial<Merits> = {}, fine = 0): Merits => ({
  flags: [],
  unneeded: [],
  removes: false,
  mutants: { made, noticed: made - survived.length, survived, fine },
  ...more,
});

test.each([
  ['strong', 'notice 6 of 6', merits(6, [])],
  ['strong', 'notice 5 of 6 changes to the patched lines; nothing tells this patch from one where a', merits(6, ['a'])],
  ['strong', 'notice 4 of 6', merits(6, ['a', 'b'])],
  ['thin', 'notice 3 of 6', merits(6, ['a', 'b', 'c'])],
  ['strong', 'notice 3 of 6', merits(6, ['a', 'b', 'c'], {}, 3)],
  ['thin', 'notice 2 of 6', merits(6, ['a', 'b', 'c', 'd'])],
  ['thin', 'notice 0 of 1', merits(1, ['a'])],
  ['thin', 'special_case is flagged', merits(6, [], { flags: ['special_case'] })],
  ['thin', 'green without a.js:3', merits(6, [], { unneeded: ['a.js:3'] })],
  ['thin', 'no change could be made', merits(0, [], { mutants: undefined })],
  ['strong', 'only takes lines away', merits(0, [], { mutants: undefined, removes: true })],
])('%s: %s', (grade, why, given) => {
  expect(gradeOf(given)).toEqual({ grade, gradeWhy: expect.stringContaining(why) });
});
