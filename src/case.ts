import type { Place } from './repo/root.ts';
import type { SandboxMode } from './safety/sandbox/sandbox.ts';
import type { Failure, Suite, TestRun } from './schema/run.ts';

/** What a caller allows: how long the tests may run, which variables they see, and the sandbox that is wished for. */
export type Limits = {
  readonly timeoutMs: number;
  readonly envNames: readonly string[];
  readonly sandbox: SandboxMode;
};

/** The situation that a use works on: a repository, how its tests are run, what a run came to, and the failure that is taken up. Opened once and handed down. */
export type Case = Place &
  Limits & {
    /** The suite of the failure, and all that were found. */
    readonly suite: Suite;
    readonly suites: readonly Suite[];
    readonly run: TestRun;
    readonly failure: Failure;
  };
