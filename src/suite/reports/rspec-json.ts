import { z } from 'zod';
import { type RawTest, type Reading, wholeFile } from '../runner.ts';
import { amount, held, statusOf } from './fields.ts';

export const RspecReport = z.object({
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
  summary: z.object({ errors_outside_of_examples_count: amount, failure_count: amount }),
});

export function fromRspec({ examples, messages, summary }: z.infer<typeof RspecReport>): Reading {
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
    ...held(tests, [[`"failure_count": ${summary.failure_count}`, summary.failure_count ?? 0]]),
    tests: [...tests, ...messages.flatMap(brokenSpec)],
    complete: outside === 0,
    note: outside > 0 ? `${outside} errors outside of examples: files could not be loaded, so RSpec ran none.` : undefined,
  };
}

/** What RSpec says of a file that it could not load, above the frames that begin with `#`. */
export function brokenSpec(text: string): RawTest[] {
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
