/**
 * What each signal weighs in the weighted reciprocal rank fusion, Σ weight / (k + rank), and all other numbers of the ranking. Set on
 * the dev instances and on mined history, leave one repository out (`bench/tune.ts`); a weight of 0 switches a signal off.
 */
export const settings = {
  weights: {
    words: 2,
    definitions: 2,
    names: 0.25,
    path: 1.2,
    history: 1.5,
    companions: 0.5,
    recent: 0.2,
    imports: 0.2,
    difference: 2,
    coverage: 0.1,
  },
  k: 10,
  /** How much each part of a failure weighs in the query; `rest` is the test file outside the failing test, `uses` its helpers and set-up. */
  parts: { title: 2, body: 1, message: 1, difference: 1, output: 0.4, rest: 0.15, uses: 0.3 },
  /** What the other failures of a run count. */
  related: 0.5,
  /** How far a word of the failing test sinks that the other tests of the file use as well. */
  contrast: 1.5,
  /** Factor on a file outside the import closure of the failing test. */
  outside: 0.7,
  /** Factor on docs, examples, benchmarks and declaration files. */
  aside: 0.4,
  /** Factor on a file that the failing test did not run. */
  uncovered: 0.6,
  /** Factor on a function that the failing test did not run, in a file that it ran. */
  unrun: 0.7,
  /** Factor on a function that the failing test ran and no test ran that passes in its file. */
  alone: 2.5,
  /** Added to a file in the stack trace; each further file gets `frameDecay` of it. */
  framePin: 0.8,
  frameDecay: 0.4,
  /** Added to a definition in the stack trace, where the best of the others has a little more than 1. */
  frame: 1.2,
  /** Added to a definition that has the name of one in the stack trace. */
  twin: 0.7,
  /** Added to a file that the output names. */
  printedPin: 0.05,
  /** How many first suspects the co-change of companions is counted with. */
  leaders: 3,
  /** Raises a definition whose name the test uses. */
  nameBonus: 0.5,
  /** What a word of the file's name counts in each of its definitions. */
  stem: 2,
  /** What another form of a word counts. */
  forms: 0.6,
  /** Share of a definition's score that goes to those it names. */
  calls: 0.2,
  /** Factor on what stands between definitions: imports, constants, class heads. */
  glue: 0.9,
  /** How strongly the file's rank counts for its definitions. */
  filePower: 1.2,
  /** What every definition of a file gets before any word matches. */
  base: 0.1,
} as const;

/** Of `signsOf`, fitted on mined history by `bench/calibrate.ts`. */
export const chance: readonly number[] = [-2.83, -0.772, -8.083, -0.082, 0.076, -0.097, 8.917];

export type SignalName = keyof typeof settings.weights;

type Widened<T> = { readonly [Key in keyof T]: T[Key] extends number ? number : Widened<T[Key]> };
export type Settings = Widened<typeof settings>;
