import { z } from 'zod';
import type { RawTest, Reading } from '../runner.ts';
import { wholeFile } from '../runner.ts';
import { amount, held, optional, retried, statusOf } from './fields.ts';
import { fromPlaywright, PlaywrightReport } from './playwright-json.ts';
import { fromRspec, RspecReport } from './rspec-json.ts';

const JestReport = z.object({
  success: z.boolean().optional(),
  wasInterrupted: z.boolean().nullish(),
  numTotalTests: z.number(),
  numFailedTests: amount,
  numFailedTestSuites: amount,
  numRuntimeErrorTestSuites: amount,
  snapshot: z.object({ failure: z.boolean().optional() }).nullish().catch(undefined),
  testResults: z.array(
    z.object({
      name: optional,
      testFilePath: optional,
      message: optional,
      status: optional,
      assertionResults: z
        .array(
          z.object({
            ancestorTitles: z.array(z.string()).catch([]),
            title: z.string(),
            status: z.string(),
            duration: amount,
            failureMessages: z.array(z.string()).nullish(),
            invocations: amount,
            retryReasons: z.array(z.string()).nullish().catch(undefined),
            location: z.object({ line: z.number() }).nullish().catch(undefined),
          }),
        )
        .catch([]),
    }),
  ),
});

const Ctrf = z.object({
  results: z.object({
    summary: z.object({ tests: z.number(), failed: amount }),
    tests: z.array(
      z.object({
        name: z.string(),
        status: z.string(),
        duration: amount,
        suite: z.union([z.string(), z.array(z.string())]).nullish(),
        message: optional,
        trace: optional,
        filePath: optional,
        line: amount,
        stdout: z.array(z.string()).nullish().catch(undefined),
        flaky: z.boolean().nullish().catch(undefined),
        retryAttempts: z
          .array(z.object({ status: optional, message: optional }))
          .nullish()
          .catch(undefined),
      }),
    ),
  }),
});

const MochaTest = z.object({
  title: z.string(),
  fullTitle: z.string(),
  file: optional,
  duration: amount,
  currentRetry: amount,
  err: z.object({ message: z.string(), stack: optional, expected: z.unknown(), actual: z.unknown() }).partial().optional().catch(undefined),
});
const MochaReport = z.object({
  stats: z.object({ tests: z.number(), failures: amount }),
  tests: z.array(MochaTest),
  pending: z.array(MochaTest).catch([]),
  failures: z.array(MochaTest),
});

/** One JSON document of jest, vitest, mocha, RSpec or in the Common Test Report Format. Undefined: none of these. */
export function readJsonReport(text: string): { readonly runner: string; readonly reading: Reading } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const playwright = PlaywrightReport.safeParse(json).data;
  if (playwright) return { runner: 'playwright', reading: fromPlaywright(playwright) };
  const jest = JestReport.safeParse(json).data;
  if (jest) return { runner: 'jest', reading: fromJest(jest) };
  const ctrf = Ctrf.safeParse(json).data;
  if (ctrf) return { runner: 'ctrf', reading: fromCtrf(ctrf) };
  const rspec = RspecReport.safeParse(json).data;
  if (rspec) return { runner: 'rspec', reading: fromRspec(rspec) };
  const mocha = MochaReport.safeParse(json).data;
  return mocha && { runner: 'mocha', reading: fromMocha(mocha) };
}

function fromJest(report: z.infer<typeof JestReport>): Reading {
  const { testResults, numTotalTests } = report;
  const tests = testResults.flatMap(({ name, testFilePath, message, status, assertionResults }): RawTest[] => {
    const file = name ?? testFilePath ?? undefined;
    // A hook that throws, or a file that does not load, fails the file and leaves its tests skipped or unknown.
    const outside = status === 'failed' && !assertionResults.some((one) => statusOf(one.status) === 'failed');
    const loads = assertionResults.length > 0;
    const why = message || (loads ? 'The file failed outside of its tests: a hook or its end.' : 'The file could not be loaded.');
    const whole: RawTest[] = outside
      ? [
          {
            file,
            names: [wholeFile],
            status: 'failed',
            kind: loads ? 'error' : 'load',
            errors: [{ message: why, stack: message ?? undefined }],
          },
        ]
      : [];
    const own = assertionResults.map(
      (one): RawTest => ({
        file,
        names: [...one.ancestorTitles.filter(Boolean), one.title],
        status: statusOf(one.status),
        durationMs: one.duration ?? undefined,
        line: one.location?.line,
        errors: (one.failureMessages ?? []).map((failure) => ({ message: failure, stack: failure })),
        ...(statusOf(one.status) === 'passed' &&
          retried((one.invocations ?? 1) > 1 || (one.retryReasons ?? []).length > 0, one.retryReasons?.[0])),
      }),
    );
    return [...whole, ...own];
  });
  const said = [
    ['"wasInterrupted": true', report.wasInterrupted ? 1 : 0],
    ['"success": false', report.success === false ? 1 : 0],
    [`"numFailedTests": ${report.numFailedTests}`, report.numFailedTests ?? 0],
    [`"numFailedTestSuites": ${report.numFailedTestSuites}`, report.numFailedTestSuites ? 1 : 0],
    [`"numRuntimeErrorTestSuites": ${report.numRuntimeErrorTestSuites}`, report.numRuntimeErrorTestSuites ? 1 : 0],
    ['"snapshot": { "failure": true }', report.snapshot?.failure ? 1 : 0],
  ] as const;
  return { ...held(tests, said), tests, complete: tests.filter((test) => test.names[0] !== wholeFile).length >= numTotalTests };
}

function fromCtrf({ results }: z.infer<typeof Ctrf>): Reading {
  const tests = results.tests.map((one): RawTest => {
    const suites = typeof one.suite === 'string' ? one.suite.split(' > ') : (one.suite ?? []);
    const own = suites.filter((suite) => !/\.\w+$/.test(suite));
    const repeats = own.length > 0 && one.name.startsWith(own.join(' '));
    return {
      file: one.filePath ?? suites.find((suite) => /[\w-]\.\w{1,4}$/.test(suite)),
      names: repeats ? [...own, one.name.slice(own.join(' ').length).trim() || one.name] : [...own, one.name],
      status: statusOf(one.status),
      durationMs: one.duration ?? undefined,
      line: one.line ?? undefined,
      errors: statusOf(one.status) === 'failed' ? [{ message: one.message ?? one.trace ?? '', stack: one.trace ?? undefined }] : [],
      output: one.stdout?.join('\n'),
      ...(statusOf(one.status) === 'passed' &&
        retried(
          one.flaky === true || (one.retryAttempts ?? []).some((attempt) => /^fail/.test(attempt.status ?? '')),
          one.retryAttempts?.[0]?.message,
        )),
    };
  });
  const said = [[`"failed": ${results.summary.failed}`, results.summary.failed ?? 0]] as const;
  return { ...held(tests, said), tests, complete: tests.length >= results.summary.tests };
}

function fromMocha({ stats, tests, pending, failures }: z.infer<typeof MochaReport>): Reading {
  const key = (one: z.infer<typeof MochaTest>) => `${one.file}\n${one.fullTitle}`;
  const failed = new Set(failures.map(key));
  const skipped = new Set(pending.map(key));
  const show = (value: unknown) => (value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value));
  const read = [...tests, ...failures.filter((one) => !tests.some((other) => key(other) === key(one)))].map((one): RawTest => {
    const outer = one.fullTitle.endsWith(one.title) ? one.fullTitle.slice(0, -one.title.length).trim() : '';
    const { err } = one;
    return {
      file: one.file ?? undefined,
      names: [...(outer ? [outer] : []), one.title],
      status: failed.has(key(one)) ? 'failed' : skipped.has(key(one)) ? 'skipped' : 'passed',
      durationMs: one.duration ?? undefined,
      errors: failed.has(key(one))
        ? [{ message: err?.message ?? '', stack: err?.stack ?? undefined, expected: show(err?.expected), actual: show(err?.actual) }]
        : [],
      ...(!failed.has(key(one)) && !skipped.has(key(one)) && retried((one.currentRetry ?? 0) > 0, err?.message)),
    };
  });
  const said = [[`"failures": ${stats.failures}`, stats.failures ?? 0]] as const;
  return { ...held(read, said), tests: read, complete: read.length >= stats.tests };
}
