import type { Case } from '../case.ts';
import type { Git } from '../repo/git.ts';
import type { FileChange, Patch, Refusal } from '../schema/patch.ts';
import type { Proof } from '../schema/report.ts';
import type { Failure, RunSummary, Suite } from '../schema/run.ts';

/** The time is for each run of tests, and for all suites together. */
export type ProofRequest = Pick<Case, 'root' | 'suite' | 'timeoutMs' | 'sandbox'> & {
  readonly git: Git;
  /** All suites of the repository: nothing in them may get worse. Absent: that of the failure alone. */
  readonly suites?: readonly Suite[] | undefined;
  /** The failures that the patch is to mend, the foremost first, as they were in the user's tree. */
  readonly failures: readonly Failure[];
  /** Ids of the failures by cause, where a patch need not mend all of them: those whose cause it touches have to become green, all of them. */
  readonly causes?: readonly (readonly string[])[] | undefined;
  readonly allow: readonly string[];
  /** A model is asked meanwhile: all suites run without a patch at once, and not only when a patch has shown some good. */
  readonly ahead?: boolean | undefined;
  readonly envNames?: readonly string[] | undefined;
};

/** `refusals`: a rule forbids the change and nothing was run. Else what the tests said, and what is red now, for the model. */
export type Proven = {
  readonly refusals: readonly Refusal[];
  readonly patch?: Patch | undefined;
  readonly proof: Proof;
  readonly red: readonly Failure[];
};

export type Prover = {
  readonly baseline: RunSummary;
  /** Why nothing can be proven here; every verdict is `unverifiable` then. */
  readonly problem?: string | undefined;
  readonly notes: readonly string[];
  readonly read: (path: string) => string | undefined;
  /** All files that there are. */
  readonly paths: readonly string[];
  readonly judge: (changes: readonly FileChange[]) => Refusal[];
  readonly prove: (changes: readonly FileChange[]) => Promise<Proven>;
  readonly remove: () => Promise<void>;
};
