/** What a test did each time that it was run on code that is known to be bad. */
export type Tally = { readonly failed: number; readonly runs: number };

/** The most that chance may have: below it a commit is named. */
export const maxOdds = 0.01;

/** More passes than this are not waited for: a test that fails so seldom cannot be told by running it. */
export const maxPasses = 60;

/**
 * How many passes in a row show that a commit is good, though the test may pass on a bad one. A test that failed each time may yet be
 * flaky: with f failures and k passes, chance has at most the greatest p^f (1-p)^k. One that did both fails at the rate that was seen,
 * taken low because few runs were made. Undefined: more than can be waited for.
 */
export function passesNeeded(tally: Tally): number | undefined {
  for (let passes = 1; passes <= maxPasses; passes++) if (oddsOf(tally, passes) < maxOdds) return passes;
  return undefined;
}

/** The odds that a bad commit passes so many times in a row. */
export function oddsOf({ failed, runs }: Tally, passes: number): number {
  if (failed === runs) {
    const rate = failed / (failed + passes);
    return rate ** failed * (1 - rate) ** passes;
  }
  return (1 - failed / (runs + 2)) ** passes;
}
