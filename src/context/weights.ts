/**
 * What each signal weighs in the weighted reciprocal rank fusion, Σ weight / (k + rank). Set on the dev instances and on mined history,
 * leave one repository out (`bench/localize.ts --folds`); a signal set to 0 is switched off.
 */
export const weights = {
  words: 3,
  definitions: 2,
  names: 0.5,
  path: 1.5,
  history: 1.5,
  companions: 0.5,
  recent: 0.3,
  imports: 0.3,
  difference: 2,
  coverage: 2,
} as const;

export type SignalName = keyof typeof weights;
export type Weights = Readonly<Record<SignalName, number>>;

export const fusion = {
  k: 20,
  /** Factor on a file outside the import closure of the failing test. */
  outside: 0.7,
  /** Factor on docs, examples, benchmarks and declaration files. */
  aside: 0.5,
  /** Factor on a file that the failing test did not run. */
  uncovered: 0.4,
} as const;
