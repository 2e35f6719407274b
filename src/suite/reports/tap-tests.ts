import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeLocate } from '../locate.ts';
import { type RawError, type RawTest, type Reading, wholeFile } from '../runner.ts';
import { errorOfPoint, readTap, type TapPoint } from './tap-tree.ts';

/** TAP of a program that nobody names: with subtests, or flat. */
export function readAnyTap(text: string, folder: string): Reading {
  return /^ {4}(?:not )?ok \d|^# Subtest: /m.test(text) ? readTapTests(text, folder) : readFlatTap(text, folder);
}

/** TAP with subtests: the leaves are assertions, the innermost named subtest is the test, the outermost may be a file. */
export function readTapTests(text: string, folder: string, stderr = ''): Reading {
  const tree = readTap(text);
  const tests = tree.points.flatMap((point) => fromFile(point, folder, stderr));
  return { tests, complete: tree.complete, note: tree.bailout ? `Bail out: ${tree.bailout}` : undefined };
}

function fromFile(point: TapPoint, folder: string, stderr: string): RawTest[] {
  const name = point.name.replace(/ # time=.*$/, '');
  const file = isFile(name, folder) ? name : undefined;
  if (!file) return named(point, [name], placeOf(point));
  const inner = point.children.flatMap((child) => named(child, [child.name], file));
  if (inner.some((test) => test.status === 'failed') || (point.ok && inner.length > 0)) return inner;
  if (point.ok || point.skipped) return point.skipped ? [{ file, names: [wholeFile], status: 'skipped', errors: [] }] : [];
  const error = errorInText(stderr, file) ?? errorOfPoint(point);
  const timeout = point.diag?.signal === 'SIGTERM' || /timeout/i.test(`${error.message}${point.diag?.failure ?? ''}`);
  return [
    ...inner,
    {
      file,
      names: [wholeFile],
      status: 'failed',
      kind: timeout ? 'timeout' : point.children.length > 0 ? 'crash' : 'load',
      errors: [error],
    },
  ];
}

/** Node's runner writes no files around the tests, and where a failing one stands into its block. */
function placeOf({ diag, children }: TapPoint): string | undefined {
  const place = typeof diag?.location === 'string' ? /^(.+?):\d+(?::\d+)?$/.exec(diag.location)?.[1] : undefined;
  return place ?? children.map(placeOf).find(Boolean);
}

/** A subtest whose children are all plain assertions is one test; one that holds subtests is a group. */
function named(point: TapPoint, names: readonly string[], file: string | undefined): RawTest[] {
  // Of node's runner each point is a test and says how long it took; elsewhere a point without children is an assertion.
  const isTest = (child: TapPoint) => child.children.length > 0 || child.durationMs !== undefined;
  const nested = point.children.filter(isTest);
  const direct = point.children.filter((child) => !isTest(child));
  const inner = nested.flatMap((child) => named(child, [...names, child.name], file));
  const broken = direct.filter((child) => !child.ok && !child.todo && !child.skipped);
  const status = point.skipped || point.todo ? 'skipped' : point.ok ? 'passed' : 'failed';
  if (nested.length > 0 && broken.length === 0 && (status !== 'failed' || inner.some((test) => test.status === 'failed'))) return inner;
  const errors = status === 'failed' ? (broken.length > 0 ? broken : [point]).map((child) => ({ ...errorOfPoint(child) })) : [];
  const timeout = errors.some((error) => /^timeout/i.test(error.message));
  return [...inner, { file, names, status, errors, durationMs: point.durationMs, ...(timeout && { kind: 'timeout' as const }) }];
}

/** A file that cannot be loaded tells why on stderr, beside those of other files. */
function errorInText(text: string, file: string): RawError | undefined {
  const part = text.split(/\n(?=Node\.js v\d)/).find((one) => one.includes(file));
  const error = part && /^(?:Uncaught )?\w*(?:Error|Exception)\b.*$/m.exec(part);
  return error ? { message: error[0], stack: part } : undefined;
}

function isFile(name: string, folder: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(name) && existsSync(join(folder, name));
}

/**
 * Flat TAP: in tape and its kin a comment names the test and the points after it are its assertions, elsewhere each point is a test. The file comes from a search for the
 * name, so that a test has the same id whether it passes or fails.
 */
export function readFlatTap(text: string, folder: string): Reading {
  const tree = readTap(text);
  const locate = makeLocate(folder);
  const tests = new Map<string, { points: TapPoint[] }>();
  for (const point of tree.points) {
    const name = (tree.headed ? point.comment : undefined) ?? point.name;
    const test = tests.get(name) ?? { points: [] };
    tests.set(name, test);
    test.points.push(point);
  }
  const read = [...tests].map(([name, { points }]): RawTest => {
    const broken = points.filter((point) => !point.ok && !point.todo && !point.skipped);
    const skipped = points.every((point) => point.skipped || point.todo);
    const [first = '', ...rest] = name.replace(/^(?:SKIP|TODO)\s+/, '').split(' > ');
    // vitest's flat form: the file, the groups and the test.
    const within = rest.length > 0 && isFile(first, folder) ? first : undefined;
    const names = within ? rest : [[first, ...rest].join(' > ')];
    const [plain = ''] = names;
    const timeout = broken.some((point) => /timed out after/.test(point.name));
    return {
      file:
        within ??
        locate.byTitle(plain) ??
        broken.flatMap(({ said }) => /test file (\S.*?), line|\bat (\S+) line \d/.exec(said)?.slice(1) ?? []).find(Boolean),
      names,
      status: broken.length > 0 ? 'failed' : skipped ? 'skipped' : 'passed',
      errors: broken.map(errorOfPoint),
      ...(timeout && { kind: 'timeout' }),
    };
  });
  return { tests: read, complete: tree.complete, note: tree.bailout ? `Bail out: ${tree.bailout}` : undefined };
}
