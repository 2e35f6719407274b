import { z } from 'zod';

/** One stack frame inside the repository. Paths are POSIX and relative to the root; lines and columns count from 1. */
export const Frame = z.strictObject({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int().optional(),
  name: z.string().optional(),
});
export type Frame = z.infer<typeof Frame>;

export const failureKinds = ['assertion', 'error', 'load', 'timeout', 'crash'] as const;

/** One failing test, or one test file that could not be loaded (`kind: load`). */
export const Failure = z.strictObject({
  id: z.string().describe('file::names, stable between runs'),
  name: z.string().describe('test names from outer to inner, joined by " > "'),
  file: z.string().optional().describe('test file, relative to the root'),
  line: z.number().int().optional(),
  kind: z.enum(failureKinds),
  message: z.string().describe('first lines of the error, ANSI stripped'),
  frames: z.array(Frame).describe('frames inside the repository, the innermost first'),
  expected: z.string().optional(),
  actual: z.string().optional(),
  output: z.string().optional().describe('tail of what the test printed'),
  package: z.string().optional().describe('workspace package folder, relative to the root'),
  below: z
    .array(z.string())
    .optional()
    .describe(
      'set where a hook failed (beforeAll, setUpModule), whose id exists only while it is red: ids of the tests that stand below it, none where the runner does not tell',
    ),
});
export type Failure = z.infer<typeof Failure>;

export const testStatuses = ['passed', 'failed', 'skipped'] as const;
export type TestStatus = (typeof testStatuses)[number];

/** One collected test. `id` has the form of `Failure.id`. */
export type TestResult = {
  readonly id: string;
  readonly name: string;
  readonly file?: string | undefined;
  readonly status: TestStatus;
  readonly durationMs?: number | undefined;
  /** It failed with this message and passed when it was tried again in the same run. */
  readonly flaky?: string | undefined;
};

/**
 * What a run of the user's tests came to. `no_tests` = nothing was collected, `not_installed` = the runner or a dependency is missing,
 * `timeout` = the time limit ended it, `crashed` = the runner ended without a readable result, `unclear` = each counted test passed and
 * the report or log itself says that something failed. Only `green` is green.
 */
export const runOutcomes = ['green', 'red', 'no_tests', 'not_installed', 'timeout', 'crashed', 'unclear'] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** How the tests of one package are started: found in the repository or given by the user. `cwd` is relative to the root ('' = root). */
export type Suite = {
  readonly runner: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly why: string;
  /** The script of the package that starts it, where one does. */
  readonly script?: string | undefined;
  /** What installs the missing dependencies, where that is known ("npm ci"). */
  readonly install?: string | undefined;
  /** What is built before the tests, in this order; the folder is relative to the root. */
  readonly before?: readonly { readonly argv: readonly string[]; readonly cwd: string }[] | undefined;
  /** Whether the command asks for coverage, which runners otherwise switch off. */
  readonly measured?: boolean | undefined;
};

/** `count` may exceed the tests that are named. */
export const FlakyTests = z.strictObject({
  count: z.number().int(),
  tests: z.array(z.strictObject({ id: z.string(), message: z.string() })),
});
export type FlakyTests = z.infer<typeof FlakyTests>;

/** The summary of a run as it stands in a report. */
export const RunSummary = z.strictObject({
  runner: z.string(),
  command: z.array(z.string()).describe('argv as it was started'),
  cwd: z.string().describe('folder relative to the root, "" for the root'),
  why: z.string().describe('why this command was chosen'),
  outcome: z.enum(runOutcomes),
  exitCode: z.number().int().nullable(),
  durationMs: z.number(),
  collected: z.number().int(),
  passed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  flaky: FlakyTests.optional().describe('tests that failed and then passed on a retry of the same run'),
  rerun: z.boolean().describe('false when read from a report or log made elsewhere'),
  note: z.string().optional().describe('what the reader should know: install command, cut output, watch mode'),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** A finished run with every test and every failure. */
export type TestRun = RunSummary & {
  readonly tests: readonly TestResult[];
  readonly failures: readonly Failure[];
  /** False where the runner's report broke off: tests may be missing from it. */
  readonly complete?: boolean | undefined;
  /** Tail of the runner's own output, ANSI stripped. */
  readonly output: string;
};

/** Failures that share one cause (same error at the same place), with one representative. */
export const FailureGroup = z.strictObject({
  cause: z.string(),
  count: z.number().int(),
  kind: z.enum(['unit', 'integration', 'e2e']),
  why: z.string().describe('why it was classed so'),
  environment: z.string().optional().describe('what is missing outside the code, where that is why'),
  notInstalled: z.literal(true).optional().describe('it is a package that the manifests name'),
  first: Failure,
  ids: z.array(z.string()).describe('ids in the group, capped; count holds the number'),
});
export type FailureGroup = z.infer<typeof FailureGroup>;

/** What re-running said about a failure before any money is spent. */
export const Flake = z.strictObject({
  verdict: z.enum(['deterministic', 'flaky', 'order_dependent', 'environment', 'not_checked']),
  failed: z.number().int().describe('how many of the re-runs failed'),
  runs: z.number().int(),
  why: z.string(),
});
export type Flake = z.infer<typeof Flake>;

/** Where a failure came in, by bisecting the first-parent history. `diff` is that of the first bad commit, cut where it is long. */
export const Since = z.strictObject({
  verdict: z.enum(['found', 'uncommitted', 'already_red', 'unknown']),
  why: z.string(),
  runs: z.number().int(),
  commit: z
    .strictObject({
      sha: z.string(),
      subject: z.string(),
      author: z.string(),
      authorDate: z.string(),
      files: z.array(z.string()),
      diff: z.string(),
    })
    .optional(),
});
export type Since = z.infer<typeof Since>;
