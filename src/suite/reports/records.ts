import { z } from 'zod';
import type { Written } from '../output-text.ts';
import type { RawError, RawTest, Reading } from '../runner.ts';
import { fileHook, nothingRead, outsideTests, wholeFile } from '../runner.ts';

const text = z.string().nullish();
const number = z.number().nullish();
const RecordedError = z.object({ name: text, message: z.string().catch(''), stack: text, expected: text, actual: text, code: text });
const RecordedFrame = z.object({ file: z.string(), line: z.number(), name: text });
const Recorded = z.object({
  type: z.string(),
  why: text,
  file: text,
  names: z.array(z.string()).catch([]),
  status: z.enum(['passed', 'failed', 'skipped']).optional(),
  kind: z.enum(['assertion', 'error', 'load', 'timeout', 'crash']).nullish(),
  whole: z.boolean().nullish(),
  line: number,
  ms: number,
  errors: z.array(RecordedError).catch([]),
  frames: z.array(RecordedFrame).nullish(),
  output: text,
  below: z.array(z.array(z.string())).nullish(),
  flaky: text,
  project: text,
});
type Recorded = z.infer<typeof Recorded>;

/**
 * Reads the lines that our plugins write. A line that is cut or not ours is passed over and makes the reading incomplete, as does a
 * missing `end`. A command may start several runners on one report.
 */
export function readRecords(report: Written | undefined): Reading {
  if (!report) return nothingRead;
  const tests: RawTest[] = [];
  const running = new Map<string, string>();
  let begun = 0;
  let ended = 0;
  let broken = false;
  let stopped: string | undefined;
  for (const line of report.lines()) {
    if (!line) continue;
    const record = parse(line);
    if (!record) broken = true;
    else if (record.type === 'begin') begun++;
    else if (record.type === 'end') ended++;
    else if (record.type === 'stopped') stopped = `The runner stopped early (${record.why}): the rest of the tests never ran.`;
    else if (record.type === 'start') {
      // Of a file that has begun and the test in it that runs, the test says more.
      running.delete(keyOf({ ...record, names: [] }));
      running.set(keyOf(record), record.names.join(' > ') || (record.file ?? ''));
    } else if (record.type === 'over') running.delete(keyOf(record));
    else if (record.type === 'test' || record.type === 'error') {
      running.delete(keyOf(record));
      running.delete(keyOf({ ...record, names: [] }));
      const test = toTest(record);
      if (test) tests.push(test);
      else broken = true;
    }
  }
  return {
    tests,
    complete: ended > 0 && ended >= begun && !broken,
    running: [...running.values()],
    ...(stopped && { note: stopped, stopped: true }),
  };
}

const keyOf = (record: Recorded) => JSON.stringify([record.file, record.names]);

function parse(line: string): Recorded | undefined {
  try {
    return Recorded.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function toTest(record: Recorded): RawTest | undefined {
  const outside = record.type === 'error';
  const status = outside ? 'failed' : record.status;
  if (!status) return undefined;
  const errors = record.errors.map((error) => toError(error, record));
  const whole = outside || record.whole;
  // A hook of the whole file: its tests are known, so it was loaded.
  const load = record.whole && !record.below;
  const names = whole ? [outside ? outsideTests : load ? wholeFile : fileHook] : record.names;
  if (names.length === 0) return undefined;
  return {
    file: record.file ?? undefined,
    names,
    status,
    durationMs: record.ms ?? undefined,
    line: record.line ?? undefined,
    kind: record.kind ?? (load && !outside && status === 'failed' ? 'load' : undefined),
    errors,
    output: record.output ?? undefined,
    ...(record.below && { below: record.below }),
    ...(typeof record.flaky === 'string' && { flaky: record.flaky }),
    ...(record.project && { project: record.project }),
  };
}

function toError(error: z.infer<typeof RecordedError>, record: Recorded): RawError {
  return {
    name: error.code ? `${error.name ?? 'Error'} ${error.code}` : (error.name ?? undefined),
    message: error.message,
    stack: error.stack ?? undefined,
    expected: error.expected ?? undefined,
    actual: error.actual ?? undefined,
    frames: record.frames?.map(({ file, line, name }) => ({ file, line, ...(name && { name }) })),
  };
}
