import { z } from 'zod';
import type { RawTest, Reading } from '../runner.ts';

export const optional = z.string().nullish();
export const amount = z.number().nullish();

/** The status of a test by the words that reports have for it. */
export const statusOf = (status: string): RawTest['status'] =>
  /^pass/.test(status) ? 'passed' : /^(?:fail|error|broken|unexpected)/.test(status) ? 'failed' : 'skipped';

/** Of a passed test, why it had to be tried again. */
export const retried = (again: boolean, message: string | null | undefined) => (again ? { flaky: message ?? '' } : {});

/** `said` are counts and verdicts of the report itself; what counts more failures than its tests show stands against all of them. */
export function held(tests: readonly RawTest[], said: readonly (readonly [what: string, failures: number])[]): Pick<Reading, 'doubts'> {
  const failed = tests.filter(({ status }) => status === 'failed').length;
  const doubts = said.filter(([, failures]) => failures > failed).map(([what]) => what);
  return doubts.length > 0 ? { doubts } : {};
}
