import type { Suite } from '../../../src/schema/run.ts';
import { writtenText } from '../../../src/suite/output-text.ts';
import type { Ended } from '../../../src/suite/runner.ts';
import { findRunner } from '../../../src/suite/runners/runners.ts';

/** What a runner left behind, its texts as they are. */
type Left = Partial<Omit<Ended, 'report' | 'stdout'>> & { readonly report?: string | undefined; readonly stdout?: string };

function ended(runner: string, root: string, { report, stdout = '', ...more }: Left): Ended {
  const suite: Suite = { runner, argv: [], cwd: '', env: {}, why: '' };
  const nothing = { env: {}, only: undefined, files: undefined, stderr: '', exitCode: 1 };
  const written = { report: report === undefined ? undefined : writtenText(report), stdout: writtenText(stdout) };
  return { suite, root, folder: root, scratch: root, started: { argv: [] }, ...nothing, ...written, ...more };
}

/** What a runner reads of what it left behind. */
export async function readEnded(runner: string, root: string, more: Left) {
  return findRunner(runner)?.read(ended(runner, root, more));
}
