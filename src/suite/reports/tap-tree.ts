import { Parser } from 'tap-parser';
import { z } from 'zod';
import type { RawError } from '../runner.ts';

/** One test point, or a subtest with its children. `comment` is the last `# text` line that stands above it (tape's name of a test). */
export type TapPoint = {
  readonly ok: boolean;
  readonly name: string;
  readonly skipped: boolean;
  readonly todo: boolean;
  readonly durationMs?: number | undefined;
  readonly diag: Readonly<Record<string, unknown>> | undefined;
  readonly comment: string | undefined;
  /** The comments below a failing point that has no YAML block, where Bats and Test::More say what failed. */
  readonly said: string;
  readonly children: readonly TapPoint[];
};

/** `complete` is false when the plan is missing or not met, or the stream bailed out or broke off. `extra` is text that is not TAP. */
export type TapTree = {
  readonly points: readonly TapPoint[];
  readonly complete: boolean;
  readonly planned: boolean;
  readonly bailout: string | undefined;
  /** Comments name the test of the points below them, as tape writes; else a comment belongs to the point above it. */
  readonly headed: boolean;
};

const Assert = z.object({
  ok: z.boolean(),
  name: z.string().catch(''),
  skip: z.union([z.boolean(), z.string()]).catch(false),
  todo: z.union([z.boolean(), z.string()]).catch(false),
  time: z.number().nullish().catch(undefined),
  diag: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  closingTestPoint: z.boolean().catch(false),
});
const Complete = z.object({
  bailout: z.union([z.boolean(), z.string()]).catch(false),
  failures: z.array(z.object({ tapError: z.unknown() })).catch([]),
});
const Plan = z.object({ start: z.number(), end: z.number() });

/** What is TAP in a program's output. */
export const tapLine = /^\s*(?:TAP version \d|(?:not )?ok\b|\d+\.\.\d+|#|Bail out!|---$|\.\.\.$)/;

/** Reads TAP 12 to 14, with subtests. Never throws: what cannot be read is an incomplete tree. */
export function readTap(text: string): TapTree {
  try {
    return toTree(Parser.parse(text));
  } catch {
    return { points: [], complete: false, planned: false, bailout: undefined, headed: false };
  }
}

function toTree(events: readonly unknown[]): TapTree {
  const points: (TapPoint & { said: string })[] = [];
  let comment: string | undefined;
  const marks = { headings: false, trailer: false, diagnostics: false };
  let children: readonly TapPoint[] = [];
  let planned: number | undefined;
  let seen = 0;
  let sound = true;
  let bailout: string | undefined;
  for (const event of events) {
    if (!Array.isArray(event)) continue;
    const [type, data]: unknown[] = event;
    if (type === 'comment' && typeof data === 'string') {
      comment = data.replace(/^#\s*/, '').trim();
      const above = points.at(-1);
      if (!above) marks.headings = true;
      marks.trailer ||= /^# (?:tests|pass|fail|success|ok|total)\b *\d*\s*$/.test(data);
      if (above && !above.ok && !above.diag) {
        // A heading of tape stands at the margin; a diagnostic is a sentence of its own, indented or not.
        if (/^# {2,}\S|^# \(/.test(data)) marks.diagnostics = true;
        above.said += data.replace(/^# ?/, '').replace(/\n?$/, '\n');
      }
      // tape tells of a skipped test by a comment alone.
      if (/^SKIP\s+\S/.test(comment))
        points.push({ ok: true, name: comment, skipped: true, todo: false, diag: undefined, comment, said: '', children: [] });
    } else if (type === 'child' && Array.isArray(data)) {
      const inner = toTree(data);
      children = inner.points;
      if (!inner.complete) sound = false;
    } else if (type === 'plan') planned = Plan.safeParse(data).data?.end;
    else if (type === 'assert') {
      const point = Assert.safeParse(data).data;
      if (!point) continue;
      seen++;
      points.push({
        ok: point.ok,
        name: point.name.replace(/^- /, ''),
        skipped: point.skip !== false,
        todo: point.todo !== false,
        durationMs: point.time ?? undefined,
        diag: point.diag ?? undefined,
        comment,
        said: '',
        children,
      });
      children = [];
    } else if (type === 'bailout') bailout = typeof data === 'string' ? data : 'bail out';
    else if (type === 'complete' && Complete.safeParse(data).data?.bailout) bailout ??= 'bail out';
  }
  return {
    points,
    planned: planned !== undefined,
    complete: sound && bailout === undefined && planned !== undefined && planned === seen,
    bailout,
    headed: !marks.diagnostics && (marks.trailer || marks.headings),
  };
}

/** The error that the YAML block of a failing point tells of, as tape, tap, ava and node write it. */
export function errorOfPoint(point: TapPoint): RawError {
  const diag = point.diag ?? {};
  const text = (name: string) => {
    const value = diag[name];
    return value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value, undefined, 1);
  };
  const at = diag.at;
  const place =
    typeof at === 'object' && at !== null && 'fileName' in at && 'lineNumber' in at
      ? `    at ${at.fileName}:${at.lineNumber}:1`
      : undefined;
  const stack = [
    place,
    placeIn(point.said),
    typeof at === 'string' ? at.replace(/^(?!\s*at )/gm, '    at ') : undefined,
    text('stack')?.replace(/^(?=[^\s].*:\d+:\d+\)?$)/gm, '    at '),
  ];
  const given = diag.details ?? diag.values;
  const labelled = Object.entries(typeof given === 'object' && given !== null ? given : {}).map(
    ([label, value]) => [label, String(value)] as const,
  );
  const values = labelled.map(([label, value]) => `${label}\n${value}`);
  const difference = labelled.find(([label]) => label.startsWith('Difference (- actual, + expected)'))?.[1];
  const side = (sign: string) =>
    difference
      ?.split('\n')
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(2))
      .join('\n');
  const said = text('message') || text('error') || trailing(point.said);
  const differs = text('diff');
  const thrown = thrownIn(labelled);
  // AVA gives an empty message where nobody wrote one, and tells what was asserted.
  const asserted = values.length > 0 ? text('assertion') : undefined;
  return {
    name: thrown?.name ?? text('name') ?? text('type') ?? (diag.operator !== undefined || differs ? 'AssertionError' : undefined),
    message: [said || asserted || point.name, thrown?.said, ...values, differs].filter(Boolean).join('\n'),
    stack: stack.filter(Boolean).join('\n'),
    expected: text('expected') ?? text('wanted') ?? side('+') ?? /^\s*expected: (.*)$/m.exec(point.said)?.[1],
    actual: text('actual') ?? text('found') ?? side('-') ?? /^\s*got: (.*)$/m.exec(point.said)?.[1],
  };
}

/** Without the line that repeats the name: `Failed test 'adds'`. */
const trailing = (said: string) =>
  said
    .replace(/^\s*Failed (?:\(TODO\) )?test '.*$/m, '')
    .replace(/^\s{2}/gm, '')
    .trim();

/** `(in test file test/cart.bats, line 8)`, `at t/cart.t line 3.` */
function placeIn(said: string): string | undefined {
  const [, bats, batsLine, perl, perlLine] = /test file (\S.*?), line (\d+)\)|\bat (\S+) line (\d+)\.?$/m.exec(said) ?? [];
  const file = bats ?? perl;
  return file === undefined ? undefined : `    at ${file}:${batsLine ?? perlLine}:1`;
}

/** AVA shows an error that it did not expect as an object, all of its fields before its message. */
function thrownIn(values: readonly (readonly [label: string, value: string])[]): { name: string; said: string } | undefined {
  for (const [, value] of values) {
    const name = /^(\w*(?:Error|Exception)) (?:\w+ )?\{/.exec(value)?.[1];
    const message = /^ {2}message: (['"`])(.*)\1,?$/m.exec(value)?.[2];
    if (name && message !== undefined) return { name, said: `${name}: ${message}` };
  }
  return undefined;
}
