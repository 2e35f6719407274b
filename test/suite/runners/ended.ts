import type { Suite } from '../../../src/schema/run.ts';
import type { Ended } from '../../../src/suite/runner.ts';
import { findRunner } from '../../../src/suite/runners/runners.ts';

function ended(runner: string, root: string, more: Partial<Ended>): Ended {
  const suite: Suite = { runner, argv: [], cwd: '', env: {}, why: '' };
  const nothing = { env: {}, only: undefined, files: undefined, report: undefined, stdout: '', stderr: '', exitCode: 1 };
  return { suite, root, folder: root, scratch: root, started: { argv: [] }, ...nothing, ...more };
}

/** What a runner reads of what it left behind. */
export async function readEnded(runner: string, root: string, more: Partial<Ended>) {
  return findRunner(runner)?.read(ended(runner, root, more));
}
