import type { RawTest } from '../runner.ts';
import { wholeFile } from '../runner.ts';

/** What one kind of output told: tests by name, and the totals of its summary where it printed one. */
export type LogReading = {
  readonly runner: string;
  readonly tests: readonly RawTest[];
  readonly totals?: Totals | undefined;
};

/** `flaky` counts tests that failed and passed on a retry; they are among the passed. */
export type Totals = { readonly passed: number; readonly failed: number; readonly skipped: number; readonly flaky?: number };

export type Shape = (text: string, lines: readonly string[]) => LogReading | undefined;

/** The sum of the first groups of all matches. */
export const number = (text: string, shape: RegExp) => [...text.matchAll(shape)].reduce((sum, match) => sum + Number(match[1] ?? 0), 0);

/** A failing test as a log tells of it. */
export function failed(file: string | undefined, names: readonly string[], message: string, stack = message): RawTest {
  const load = names[0] === wholeFile;
  return { file, names, status: 'failed', ...(load && { kind: 'load' }), errors: [{ message: message.trim() || 'failed', stack }] };
}

/** A test that failed and passed when it was tried again. */
export function flaky({ file, names, errors }: RawTest): RawTest {
  return { file, names, status: 'passed', errors: [], flaky: errors[0]?.message ?? '' };
}

/** Text from a line on, until one that ends the block. */
export function block(lines: readonly string[], from: number, ends: RegExp, most = 60): string {
  const rest = lines.slice(from, from + most);
  const end = rest.findIndex((line, index) => index > 0 && ends.test(line));
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}
