import { z } from 'zod';

/**
 * A past bug of a repository: the commit before its fix, the tests that came with the fix, and the fix. What SWE-bench calls an instance;
 * `swe-bench.ts` reads and writes that form.
 */
export const Bug = z.object({
  id: z.string(),
  repo: z.string(),
  base: z.string(),
  date: z.string(),
  subject: z.string(),
  /** Unified diffs against the base, as git writes them. */
  patch: z.string(),
  testPatch: z.string(),
  /** Test files that are run; they stand after the test patch. */
  tests: z.array(z.string()),
  /** Files that the fix changes. */
  gold: z.array(z.string()),
  failToPass: z.array(z.string()),
  passToPass: z.array(z.string()),
});
export type Bug = z.infer<typeof Bug>;
