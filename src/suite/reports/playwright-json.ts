import { z } from 'zod';
import { type RawTest, type Reading, wholeFile } from '../runner.ts';
import { amount, held, optional } from './fields.ts';

const PlaywrightError = z.object({ message: optional, stack: optional, value: optional });
const Result = z.object({
  status: optional,
  duration: amount,
  error: PlaywrightError.nullish(),
  errors: z.array(PlaywrightError).catch([]),
});
const Spec = z.object({
  title: z.string(),
  file: optional,
  line: amount,
  tests: z.array(z.object({ projectName: optional, status: optional, results: z.array(Result).catch([]) })),
});
type Spec = z.infer<typeof Spec>;
type PlaywrightSuite = {
  readonly title: string;
  readonly file?: string | null | undefined;
  readonly specs: readonly Spec[];
  readonly suites: readonly PlaywrightSuite[];
};
const PlaywrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({ title: z.string(), file: optional, specs: z.array(Spec).catch([]), suites: z.array(PlaywrightSuite).catch([]) }),
);

/** What `--reporter=json` of Playwright writes. */
export const PlaywrightReport = z.object({
  config: z.object({ rootDir: optional }),
  suites: z.array(PlaywrightSuite),
  errors: z.array(PlaywrightError).catch([]),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: amount, skipped: amount }),
});

/** One test for each project; an error outside of all tests is a failure of its own. */
export function fromPlaywright({ suites, errors, stats, config }: z.infer<typeof PlaywrightReport>): Reading {
  const folder = config.rootDir ? `${config.rootDir}/` : '';
  const walk = (suite: PlaywrightSuite, names: readonly string[]): RawTest[] => [
    ...suite.specs.flatMap((spec) => fromSpec(spec, names, folder)),
    ...suite.suites.flatMap((inner) => walk(inner, [...names, inner.title])),
  ];
  // The outermost suite is the file.
  const found = suites.flatMap((suite) => walk(suite, []));
  const projects = new Set(found.map(({ project }) => project));
  const own = projects.size > 1 ? found : found.map(({ project: _only, ...test }) => test);
  const outside = errors.map((error): RawTest => ({ names: [wholeFile], status: 'failed', kind: 'load', errors: [toError(error)] }));
  const tests = [...own, ...outside];
  const said = [[`"unexpected": ${stats.unexpected}`, stats.unexpected]] as const;
  return {
    ...held(tests, said),
    tests,
    complete: own.length >= stats.expected + stats.unexpected + (stats.flaky ?? 0) + (stats.skipped ?? 0),
  };
}

function fromSpec(spec: Spec, names: readonly string[], folder: string): RawTest[] {
  return spec.tests.map((one): RawTest => {
    const bad = one.results.filter(({ status }) => status !== 'passed' && status !== 'skipped');
    const wrong = bad.at(-1)?.error ?? bad.at(-1)?.errors[0];
    const status = one.status === 'unexpected' ? 'failed' : one.status === 'skipped' ? 'skipped' : 'passed';
    return {
      file: spec.file ? `${folder}${spec.file}` : undefined,
      names: [...names, spec.title],
      status,
      durationMs: one.results.at(-1)?.duration ?? undefined,
      ...(spec.line && { line: spec.line }),
      ...(status === 'failed' && bad.at(-1)?.status === 'timedOut' && { kind: 'timeout' as const }),
      errors: status === 'failed' ? [wrong ? toError(wrong) : { message: 'It passed and was expected to fail.' }] : [],
      ...(one.status === 'flaky' && { flaky: toError(bad[0]?.error ?? {}).message }),
      ...(one.projectName && { project: one.projectName }),
    };
  });
}

function toError({ message, stack, value }: z.infer<typeof PlaywrightError>) {
  const said = message ?? value ?? '';
  const compared = /^\s*Expected[^:\n]*: (.+)\n\s*Received[^:\n]*: (.+)$/m.exec(said);
  return {
    message: said.replace(/^Error: /, ''),
    stack: stack ?? undefined,
    ...(compared && { name: 'AssertionError', expected: compared[1], actual: compared[2] }),
  };
}
