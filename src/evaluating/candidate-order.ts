import type { Reason } from './reasons.ts';

/** Whose turn it is. `install`: the packages that it waited for may be installed now. */
export type Turn = { readonly number: number; readonly install?: string | undefined };

/** What became of a candidate: a reason why it is no bug, nothing where it is one, or the packages that it has to have first. */
export type Told = { readonly reason?: Reason | undefined } | { readonly wants: string };

/** Candidates one by one; what is told of them decides which comes next. */
export type Order = {
  readonly next: () => Turn | undefined;
  readonly tell: (turn: Turn, told: Told) => void;
  /** Candidates that still wait for packages. */
  readonly waiting: () => number;
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
 * put off to the end, twice as long each time. An install takes as long as many runs, so those that need one wait until several in a row
 * do, or nothing else is left; then the packages that most of them ask for are installed, one set at a time.
 */
export function makeOrder(count: number): Order {
  const late: number[] = [];
  const ready: number[] = [];
  const waiting = new Map<string, number[]>();
  let at = 0;
  let bad = 0;
  let wanting = 0;
  let stride = patience;
  let installing = 0;
  const install = (): Turn | undefined => {
    const [key, numbers = []] = [...waiting].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
    const number = numbers.shift();
    if (key === undefined || number === undefined) return undefined;
    if (numbers.length === 0) waiting.delete(key);
    installing++;
    wanting = 0;
    return { number, install: key };
  };
  const plain = (): Turn | undefined => {
    const number = ready.shift() ?? (at < count ? at++ : late.shift());
    return number === undefined ? undefined : { number };
  };
  return {
    waiting: () => [...waiting.values()].flat().length,
    next: () => (wanting >= patience && installing === 0 ? install() : undefined) ?? plain() ?? install(),
    tell: ({ number, install: key }, told) => {
      if (key !== undefined) {
        installing--;
        ready.push(...(waiting.get(key) ?? []));
        waiting.delete(key);
      }
      if ('wants' in told) {
        waiting.set(told.wants, [...(waiting.get(told.wants) ?? []), number]);
        wanting++;
        return;
      }
      const { reason } = told;
      if (reason === undefined) wanting = 0;
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
