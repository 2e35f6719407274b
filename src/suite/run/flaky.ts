import type { FlakyTests, TestResult } from '../../schema/run.ts';

const most = 100;

/** Tests that failed and passed when they were tried again in the same run. */
export function flakyOf(tests: readonly TestResult[]): FlakyTests['tests'] {
  return tests.flatMap(({ id, flaky }) => (flaky === undefined ? [] : [{ id, message: flaky }])).slice(0, most);
}
