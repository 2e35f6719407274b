import { rm } from 'node:fs/promises';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import type { Machine } from '../schema/deps.ts';
import type { Failure, RunSummary } from '../schema/run.ts';
import { makeScratch } from '../store.ts';
import { detectSuites } from '../suite/detect/detect.ts';
import { runSuite } from '../suite/run/run.ts';
import { stateOf } from './compare.ts';
import type { TargetState } from './verdict.ts';

const timeoutMs = 300_000;

/** What a test does in the user's own tree now. Undefined: the suite that it was found by is not found again, as where a command was given. */
export async function runAgain(root: string, failing: Failure, before: RunSummary, deps: Machine): Promise<TargetState | undefined> {
  const env = suiteEnvironment(deps.env, { mode: 'own', names: [] });
  const suites = await detectSuites(root, { within: before.cwd, env, signal: deps.signal }).catch(() => []);
  const suite = suites.find(({ runner, cwd }) => runner === before.runner && cwd === before.cwd);
  if (!suite) return undefined;
  const scratch = await makeScratch(deps.folders.temp);
  try {
    deps.tell({ type: 'stage', stage: 'prove', message: `running ${failing.name} in your tree` });
    const run = await runSuite(suite, {
      root,
      only: [failing],
      timeoutMs,
      signal: deps.signal,
      tell: deps.tell,
      env,
      scratch,
      state: deps.folders.state,
    });
    return stateOf(failing, run);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
