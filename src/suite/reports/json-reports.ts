import { z } from 'zod';
import type { RawTest, Reading } from '../runner.ts';
import { wholeFile } from '../runner.ts';

const optional = z.string().nullish();
const amount = z.number().nullish();

const JestReport = z.object({
  success: z.boolean().optional(),
  numTotalTests: z.number(),
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
            location: z.object({ line: z.number() }).nullish().catch(undefined),
          }),
        )
        .catch([]),
    }),
  ),
});

const Ctrf = z.object({
  results: z.object({
    summary: z.object({ tests: z.number() }),
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
      }),
    ),
  }),
});

const MochaTest = z.object({
  title: z.string(),
  fullTitle: z.string(),
  file: optional,
  duration: amount,
  err: z.object({ message: z.string(), stack: optional, expected: z.unknown(), actual: z.unknown() }).partial().optional().catch(undefined),
});
const MochaReport = z.object({
  stats: z.object({ tests: z.number() }),
  tests: z.array(MochaTest),
  pending: z.array(MochaTest).catch([]),
  failures: z.array(MochaTest),
});

const RspecReport = z.object({
  examples: z.array(
    z.object({
      description: z.string(),
      full_description: z.string(),
      status: z.string(),
      file_path: z.string(),
      line_number: z.number(),
      run_time: amount,
      exception: z.object({ class: z.string(), message: z.string().nullish(), backtrace: z.array(z.string()).nullish() }).nullish(),
    }),
  ),
  messages: z.array(z.string()).catch([]),
  summary: z.object({ errors_outside_of_examples_count: amount }),
});

/** One JSON document of jest, vitest, mocha, RSpec or in the Common Test Report Format. Undefined: none of these. */
export function readJsonReport(text: string): { readonly runner: string; readonly reading: Reading } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const jest = JestReport.safeParse(json).data;
  if (jest) return { runner: 'jest', reading: fromJest(jest) };
  const ctrf = Ctrf.safeParse(json).data;
  if (ctrf) return { runner: 'ctrf', reading: fromCtrf(ctrf) };
  const rspec = RspecReport.safeParse(json).data;
  if (rspec) return { runner: 'rspec', reading: fromRspec(rspec) };
  const mocha = MochaReport.safeParse(json).data;
  return mocha && { runner: 'mocha', reading: fromMocha(mocha) };
}

const statusOf = (status: string): RawTest['status'] =>
  /^pass/.test(status) ? 'passed' : /^(?:fail|error|broken|unexpected)/.test(status) ? 'failed' : 'skipped';

function fromJest({ testResults, numTotalTests }: z.infer<typeof JestReport>): Reading {
  const tests = testResults.flatMap(({ name, testFilePath, message, status, assertionResults }): RawTest[] => {
    const file = name ?? testFilePath ?? undefined;
    if (assertionResults.length === 0 && status === 'failed') {
      return [
        {
          file,
          names: [wholeFile],
          status: 'failed',
          kind: 'load',
          errors: [{ message: message ?? 'the file could not be loaded', stack: message ?? undefined }],
        },
      ];
    }
    return assertionResults.map((one) => ({
      file,
      names: [...one.ancestorTitles.filter(Boolean), one.title],
      status: statusOf(one.status),
      durationMs: one.duration ?? undefined,
      line: one.location?.line,
      errors: (one.failureMessages ?? []).map((failure) => ({ message: failure, stack: failure })),
    }));
  });
  return { tests, complete: tests.filter((test) => test.names[0] !== wholeFile).length >= numTotalTests };
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
    };
  });
  return { tests, complete: tests.length >= results.summary.tests };
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
    };
  });
  return { tests: read, complete: read.length >= stats.tests };
}

function fromRspec({ examples, messages, summary }: z.infer<typeof RspecReport>): Reading {
  const tests = examples.map((one): RawTest => {
    const outer = one.full_description.endsWith(one.description) ? one.full_description.slice(0, -one.description.length).trim() : '';
    const { exception } = one;
    const compared = /expected:? (.+)\n\s+got:? (.+)/.exec(exception?.message ?? '');
    return {
      file: one.file_path,
      names: [...(outer ? [outer] : []), one.description],
      status: statusOf(one.status),
      durationMs: one.run_time === null || one.run_time === undefined ? undefined : one.run_time * 1000,
      line: one.line_number,
      errors: exception
        ? [
            {
              name: /Expectation/.test(exception.class) ? 'AssertionError' : exception.class,
              message: (exception.message ?? '').trim(),
              stack: (exception.backtrace ?? [])
                .map((frame) =>
                  frame.replace(/^(.+?):(\d+)(?::in [`'](.+)')?$/, '    at $3 ($1:$2:1)').replace('at  (', 'at <anonymous> ('),
                )
                .join('\n'),
              ...(compared && { expected: compared[1], actual: compared[2] }),
            },
          ]
        : [],
    };
  });
  const outside = summary.errors_outside_of_examples_count ?? 0;
  return {
    tests: [...tests, ...messages.flatMap(brokenSpec)],
    complete: outside === 0,
    note: outside > 0 ? `${outside} errors outside of examples: files could not be loaded, so RSpec ran none.` : undefined,
  };
}

/** What RSpec says of a file that it could not load, above the frames that begin with `#`. */
function brokenSpec(text: string): RawTest[] {
  const file = /An error occurred while loading (\S+\.rb)\./.exec(text)?.[1];
  if (!file) return [];
  const said = text.replace(/^[\s\S]*?(?=^Failure\/Error:|^\w+(?:Error)?:$)/m, '').replace(/^# .*$/gm, '');
  return [
    {
      file,
      names: [wholeFile],
      status: 'failed',
      kind: 'load',
      errors: [{ message: said.trim(), stack: text.replace(/^# (.+?):(\d+)(?::in .*)?$/gm, '    at $1:$2:1') }],
    },
  ];
}
