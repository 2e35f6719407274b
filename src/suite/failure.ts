import type { Failure, Frame, TestResult } from '../schema/run.ts';
import { head, plainText, tail } from './ansi.ts';
import { readFrames, tidyFrames } from './frames.ts';
import { isForeign, type Relate } from './paths.ts';
import { copyName, projectName, type RawError, type RawTest } from './runner.ts';

/** Stands where a runner gave no reason. */
export const silent = 'failed without a message';

const maxMessage = 4_000;
const maxValue = 4_000;
const maxOutput = 4_000;
const maxBelow = 200;

export type Results = { readonly tests: readonly TestResult[]; readonly failures: readonly Failure[] };

/** Maps a frame of compiled code to its source; the frame itself where there is no map. */
export type MapFrame = (frame: Frame) => Frame;

/** Gives every raw result its id and its repository-relative paths. Two tests of one name in one file are told apart by `[#2]`. */
export function toResults(raw: readonly RawTest[], at: { relate: Relate; package: string; mapFrame?: MapFrame }): Results {
  const tests: TestResult[] = [];
  const failures: Failure[] = [];
  const copies = new Map<string, number>();
  const shared = sharedBy(raw);
  for (const one of raw) {
    const file = one.file === undefined ? undefined : at.relate(one.file);
    const own = one.project !== undefined && (shared.get(keyOf(one))?.size ?? 0) > 1 ? projectName(nameOf(one), one.project) : nameOf(one);
    const plain = `${file ?? at.package}::${own}`;
    const copy = (copies.get(plain) ?? 0) + 1;
    copies.set(plain, copy);
    const name = copyName(own, copy);
    const id = `${file ?? at.package}::${name}`;
    tests.push({
      id,
      name,
      file,
      status: one.status,
      durationMs: one.durationMs,
      ...(one.flaky !== undefined && { flaky: head(plainText(one.flaky).trim(), 300) }),
    });
    if (one.status === 'failed') failures.push(toFailure(one, { id, name, file }, at));
  }
  return { tests, failures };
}

const keyOf = (test: RawTest) => JSON.stringify([test.file, test.names]);

/** The projects that ran each test: one that several ran is named after its project, whichever was faster. */
function sharedBy(raw: readonly RawTest[]): Map<string, Set<string>> {
  const projects = new Map<string, Set<string>>();
  for (const one of raw) if (one.project !== undefined) projects.set(keyOf(one), (projects.get(keyOf(one)) ?? new Set()).add(one.project));
  return projects;
}

const nameOf = (test: RawTest) => joinNames(test.names);
const joinNames = (names: readonly string[]) => names.map((name) => plainText(name).replace(/\s*\n\s*/g, ' ')).join(' > ');

type At = { relate: Relate; package: string; mapFrame?: MapFrame };

function toFailure(one: RawTest, names: { id: string; name: string; file: string | undefined }, at: At): Failure {
  const errors = one.errors.length > 0 ? one.errors : [{ message: one.output ? '' : silent }];
  const frames = tidyFrames(errors.flatMap((error) => framesOf(error, at)));
  const message = head(errors.map(messageOf).filter(Boolean).join('\n\n') || tail(plainText(one.output ?? ''), 1_000), maxMessage);
  const compared = errors.find((error) => error.expected !== undefined || error.actual !== undefined);
  const { expected, actual } = compared ?? readComparison(message);
  return {
    ...names,
    line: one.line ?? frames.find((frame) => frame.file === names.file)?.line,
    kind: one.kind ?? kindOf(errors[0], message, expected !== undefined || actual !== undefined),
    message,
    frames,
    ...(expected !== undefined && { expected: head(plainText(expected), maxValue) }),
    ...(actual !== undefined && { actual: head(plainText(actual), maxValue) }),
    ...(one.output && { output: tail(plainText(one.output), maxOutput) }),
    ...(at.package && { package: at.package }),
    ...(one.below && { below: one.below.slice(0, maxBelow).map((path) => `${names.file ?? at.package}::${joinNames(path)}`) }),
  };
}

function framesOf(error: RawError, { relate, mapFrame = (frame) => frame }: At): Frame[] {
  if (!error.frames) return readFrames(plainText(error.stack ?? error.message), relate).map(mapFrame);
  return error.frames.flatMap((frame) => {
    const file = relate(frame.file);
    return file === undefined || isForeign(file) ? [] : [mapFrame({ ...frame, file })];
  });
}

/** The message without the stack that some runners append. */
function messageOf(error: RawError): string {
  const text = plainText(error.message).trim();
  const stack = /\n\s+at .+:\d+:\d+\)?$/m.exec(text);
  return (stack ? text.slice(0, stack.index) : text).trim() || (error.name ?? '');
}

/** How a comparison that failed begins where a reporter gives no name of an error: node, pytest, jest, PHPUnit, Bats. */
const asserts = /^(?:(?:Uncaught )?AssertionError|assert |expect\(|Failed asserting that |\(in test file .*\)\n\s*`.*' failed$)/;

function kindOf(error: RawError | undefined, message: string, compared: boolean): Failure['kind'] {
  const name = error?.name ?? '';
  if (/\btimed? ?out\b|exceeded timeout|test timeout/i.test(message.slice(0, 300)) && !/Assert/.test(name)) return 'timeout';
  if (compared || /Assert|ERR_ASSERTION|Expectation/i.test(name) || asserts.test(message)) return 'assertion';
  return 'error';
}

/** Expected and actual where only the message tells: unittest, node:assert in Deno, testify, Go's own habits. */
function readComparison(message: string): { expected?: string | undefined; actual?: string | undefined } {
  const python = /^AssertionError: (.+?) (?:!=|==|is not|not found in) (.+?)(?: within .+)?$/m.exec(message);
  if (python) return { actual: python[1], expected: python[2] };
  const node = /^(?:.*: )?Expected values to be (?:strictly |loosely )?(?:deep-)?equal:\n\s*\n(.+?) !==? (.+)$/m.exec(message);
  if (node) return { actual: node[1], expected: node[2] };
  const testify = /^\s*expected: (.+)\n\s*(?:actual\s*|got): (.+)$/m.exec(message);
  if (testify) return { expected: testify[1], actual: testify[2] };
  const jest = /^\s*Expected[^:\n]*: (.+)\n\s*Received[^:\n]*: (.+)$/m.exec(message);
  if (jest) return { expected: jest[1], actual: jest[2] };
  const difference = /^- Expected\n\+ Received\n\s*\n((?:[-+ ] .*(?:\n|$))+)/m.exec(message)?.[1];
  if (difference) return { expected: side(difference, '-'), actual: side(difference, '+') };
  const ava = /^ *Difference \(- actual, \+ expected\):\n(?: *\n)?((?: *[-+] .*(?:\n|$))+)/m.exec(message)?.[1]?.replace(/^ +/gm, '');
  if (ava) return { expected: side(ava, '+'), actual: side(ava, '-') };
  return {};
}

/** One side of a difference that shows all lines: its own, and those of both. */
function side(difference: string, sign: string): string {
  const lines = difference.split('\n').filter((line) => line.startsWith(sign) || line.startsWith(' '));
  return lines
    .map((line) => line.slice(2))
    .join('\n')
    .trimEnd();
}
