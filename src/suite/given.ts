import { GlmError } from '../errors.ts';
import type { TestRun } from '../schema/run.ts';

/** Reads a report or a CI log that was made elsewhere. */
export async function readGiven(_root: string, path: string, _kind: 'report' | 'log'): Promise<TestRun> {
  throw new GlmError('no_report', `${path} cannot be read yet.`);
}
