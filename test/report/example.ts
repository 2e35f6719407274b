import type { Report } from '../../src/schema/report.ts';
import type { RunSummary } from '../../src/schema/run.ts';

export const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>"' onload=x \u001b[8mhidden\u202e`;

const run = (passed: number, failed: number): RunSummary => ({
  runner: 'node:test',
  command: ['node', '--test'],
  cwd: '',
  why: 'the test script',
  outcome: failed > 0 ? 'red' : 'green',
  exitCode: failed > 0 ? 1 : 0,
  durationMs: 1_234,
  collected: passed + failed,
  passed,
  failed,
  skipped: 0,
  rerun: true,
});

/** A report with all that a fix can hold; `said` stands wherever a repository or a model has its say, `failures` is how many tests fail. */
export function makeReport(said = 'rounds down', failures = 1): Report {
  const failing = {
    id: `test/a.test.js::${said}`,
    name: said,
    file: 'test/a.test.js',
    line: 7,
    kind: 'assertion' as const,
    message: `${said}\nExpected 900, got 1080`,
    expected: `900 ${said}`,
    actual: '1080',
    frames: [{ file: 'src/tiers.js', line: 5, name: said }],
  };
  const diff = `diff --git a/src/tiers.js b/src/tiers.js\n--- a/src/tiers.js\n+++ b/src/tiers.js\n@@ -4,3 +4,3 @@\n a\n-if (q > t) ${said};\n+if (q >= t) ${said};\n b\n`;
  return {
    version: 1,
    verb: 'fix',
    status: 'verified',
    root: '/srv/shop',
    job: '7zxc3w5twpmqzhae497nrdekac',
    summary: 'verified: 1 of 1 failing tests is green after the patch, in 2 runs.',
    run: run(10, failures),
    groups: Array.from({ length: Math.max(Math.ceil(failures / 3), 1) }, (_, at) => ({
      cause: `${said} ${at}`,
      count: 3,
      kind: 'integration' as const,
      why: 'it listens',
      first: failing,
      ids: [`${said} ${at}.1`, `${said} ${at}.2`, `${said} ${at}.3`],
    })),
    failing,
    flake: { verdict: 'deterministic', failed: 2, runs: 2, why: 'red twice' },
    suspects: Array.from({ length: 8 }, (_, at) => ({
      file: `src/deep/file${at}.js`,
      line: at + 1,
      score: 1 / (at + 1),
      evidence: [said],
    })),
    ran: {
      files: [
        { path: 'src/deep/file0.js', places: 4, alone: 3 },
        { path: 'src/deep/file1.js', places: 1, alone: 0 },
      ],
      count: 3,
    },
    manifest: {
      version: 1,
      budgetTokens: 32_000,
      tokens: 2_000,
      redactions: 1,
      bundle: 'a'.repeat(64),
      entries: Array.from({ length: 20 }, (_, at) => ({
        path: `src/deep/file${at}.js`,
        startLine: 1,
        endLine: 40,
        form: 'whole' as const,
        reason: said,
        tokens: 100,
        sha256: 'b'.repeat(64),
      })),
      leftOut: [{ path: 'dist/x.js', reason: said }],
      leftOutCount: 1,
    },
    cause: {
      values: {
        against: 'nine, eleven',
        divergences: Array.from({ length: 3 }, (_, at) => ({
          path: 'src/tiers.js',
          line: at + 3,
          name: `unitPrice ${said}`,
          call: `unitPrice(tiers: [${said}], quantity: 10)`,
          gave: `120 ${said}`,
          instead: '100',
          others: [`with quantity = 9 it gave 120 ${said}`],
          from: { path: 'src/cart.js', line: 4 },
          why: said,
        })),
        more: 2,
      },
      blame: {
        change: `commit abc (${said})`,
        hunks: [{ path: 'src/tiers.js', line: 5, endLine: 5, name: said, added: 1, removed: 1 }],
        of: 3,
        why: said,
        runs: 7,
        undo: { scope: 'hunks', diff, green: 1, of: 1, breaks: [], takesAway: [said] },
        widest: { scope: 'change', diff, green: 1, of: 1, breaks: [], takesAway: [said] },
      },
    },
    rootCause: {
      summary: `The loop is wrong: ${said}.`,
      file: 'src/tiers.js',
      startLine: 5,
      why: `The loop is wrong: ${said}. So the price is too high.`,
    },
    patch: { diff, sha256: 'c'.repeat(64), files: [{ path: 'src/tiers.js', added: 1, removed: 1 }], flags: [] },
    proof: {
      verdict: 'verified',
      why: '1 of 1 failing tests is green after the patch, in 2 runs.',
      before: run(0, 1),
      after: [run(1, 0)],
      sandbox: 'bubblewrap',
      tree: 'd'.repeat(40),
    },
    attempts: [
      {
        number: 1,
        variant: 'glm-4.7',
        outcome: 'complete',
        usage: { inputTokens: 2_631, outputTokens: 160, cachedTokens: 0 },
        costUsd: 0.001,
        durationMs: 900,
        verdict: 'verified',
        placeFailures: [],
        refusals: [],
        note: said,
      },
    ],
    costUsd: 0.001,
    warnings: [`no sandbox: ${said}`],
    next: [],
  };
}
