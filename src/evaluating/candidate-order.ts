import type { Reason } from './reasons.ts';

/** Candidates one by one; what is told of them decides which comes next. */
export type Order = {
  readonly next: () => number | undefined;
  /** `undefined`: it is a bug. */
  readonly tell: (reason: Reason | undefined) => void;
};

/** Reasons that the neighbours in time share: the packages, the toolchain, the state of the tests. */
const lasting: ReadonlySet<Reason> = new Set([
  'not_installed',
  'no_runner',
  'no_tests',
  'environment',
  'red_with_fix',
  'crashed',
  'timeout',
]);
const patience = 3;

/**
 * The order in which candidates are tried: as they come, but where several in a row cannot be run here, a stretch of their neighbours is
 * put off to the end, twice as long each time.
 */
export function makeOrder(count: number): Order {
  const late: number[] = [];
  let at = 0;
  let bad = 0;
  let stride = patience;
  return {
    next: () => (at < count ? at++ : late.shift()),
    tell: (reason) => {
      if (reason === undefined || !lasting.has(reason)) {
        bad = 0;
        if (reason === undefined) stride = patience;
        return;
      }
      if (++bad < patience) return;
      bad = 0;
      for (const end = Math.min(count, at + stride); at < end; at++) late.push(at);
      stride *= 2;
    },
  };
}
