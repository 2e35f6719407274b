import type { FileChange, TamperFlag } from '../../schema/patch.ts';
import type { Failure, TestRun } from '../../schema/run.ts';
import { stateOf } from '../compare.ts';
import { type Body, bodyAround, isBodyOf, lineSpan } from './body.ts';
import { findSpots, type Spot, type Swap, swapAll } from './spots.ts';

export type Edge = {
  readonly changes: readonly FileChange[];
  readonly targets: readonly Failure[];
  /** Files as they are without the patch. */
  readonly read: (path: string) => string | undefined;
  /** The failing tests alone, or all tests of their files, on these changes. */
  readonly run: (changes: readonly FileChange[], scope: 'alone' | 'own') => Promise<TestRun>;
};

/** A failing test: the assertion that failed, all others in it and in its file, and where it begins. */
type Opened = {
  readonly target: Failure;
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly failed: readonly Spot[];
  readonly beside: readonly Spot[];
  readonly others: readonly Spot[];
  readonly body: Body | undefined;
};
type Blunt = { readonly path: string; readonly line?: number | undefined; readonly name: string };
type Turn = (spot: Spot) => Swap | undefined;

const most = 5;
const asked: Turn = ({ other }) => other;
const thrown: Turn = (spot) => spot.thrown;

/**
 * Can the tests still fail? What they ask for is changed: a patch with which they are green all the same has made them blunt, by values that
 * are equal to everything or by matchers, helpers, hooks and runners that say yes to everything. Before that is said, it is shown that the
 * assertion is reached, because the test is red when something is thrown in its place, or that the test cannot be red at all.
 */
export async function bluntFlags(edge: Edge): Promise<TamperFlag[]> {
  const tests = edge.targets.slice(0, most).flatMap((target) => open(target, edge));
  const mute = tests.filter(({ failed, beside }) => failed.length + beside.length === 0);
  const found = [...(await failedIn(tests, edge)), ...(await othersIn(tests, edge)), ...(await deafOf(mute, edge))];
  return found.slice(0, 1).map(({ path, line, name }) => ({
    path,
    line,
    flag: 'cannot_fail',
    message: `with the patch, ${name} stays green when it asks for something else`,
  }));
}

async function failedIn(tests: readonly Opened[], edge: Edge): Promise<Blunt[]> {
  const asking = tests.filter(({ failed }) => failed.length > 0);
  if (asking.length === 0) return [];
  const run = await edge.run(
    turned(asking, ({ failed }) => swapsBy(failed, asked), edge),
    'alone',
  );
  return confirm(greenIn(run, asking, edge), ({ failed }) => failed, edge);
}

/** All other assertions of the files, for the failing tests and for those that were green all the time. */
async function othersIn(tests: readonly Opened[], edge: Edge): Promise<Blunt[]> {
  const asking = tests.filter(({ others }) => others.length > 0);
  if (asking.length === 0) return [];
  const changes = (turn: Turn) => turned(asking, ({ others }) => swapsBy(others, turn), edge);
  const run = await edge.run(changes(asked), 'own');
  const beside = greenIn(
    run,
    asking.filter((one) => one.beside.length > 0),
    edge,
  );
  const found = await confirm(beside, (one) => one.beside, edge);
  const targets = new Set(edge.targets.map(({ id }) => id));
  const green = run.tests.filter(
    ({ id, file, status }) => status === 'passed' && !targets.has(id) && asking.some(({ path }) => path === file),
  );
  if (found.length > 0 || green.length === 0) return found;
  // Where the same words are not noticed without the patch either, the patch has nothing to do with it.
  const paths = new Set(asking.map(({ path }) => path));
  const plain = await edge.run(
    changes(asked).filter(({ path }) => paths.has(path)),
    'own',
  );
  const lost = green.filter(({ id }) => plain.tests.some((one) => one.id === id && one.status === 'failed'));
  if (lost.length === 0) return [];
  const reached = await edge.run(changes(thrown), 'own');
  return lost
    .filter(({ id }) => reached.tests.some((one) => one.id === id && one.status === 'failed'))
    .map(({ file = '', name }) => ({ path: file, name }));
}

/** Those in which the assertion is reached, or that are green though they throw at once. */
async function confirm(green: readonly Opened[], spotsOf: (test: Opened) => readonly Spot[], edge: Edge): Promise<Blunt[]> {
  if (green.length === 0) return [];
  const known = green.filter((test) => spotsOf(test).every((spot) => spot.thrown));
  const run = await edge.run(
    turned(known, (test) => swapsBy(spotsOf(test), thrown), edge),
    'alone',
  );
  const reached = known.filter((test) => !greenIn(run, [test], edge).includes(test));
  return reached.length > 0 ? reached.map(told) : deafOf(green, edge);
}

/** Tests that are green though they throw at once. */
async function deafOf(tests: readonly Opened[], edge: Edge): Promise<Blunt[]> {
  const known = tests.filter(({ body }) => body?.thrown);
  if (known.length === 0) return [];
  const run = await edge.run(
    turned(known, ({ body }) => (body?.thrown ? [body.thrown] : []), edge),
    'alone',
  );
  return greenIn(run, known, edge).map(told);
}

const told = ({ path, line, target }: Opened): Blunt => ({ path, line, name: target.name });

const swapsBy = (spots: readonly Spot[], turn: Turn): Swap[] => spots.flatMap((spot) => turn(spot) ?? []);

function greenIn(run: TestRun, tests: readonly Opened[], { read }: Edge): Opened[] {
  return tests.filter(({ target }) => stateOf(target, run, read) === 'green');
}

/** The patch, and the tests' files with other words. */
function turned(tests: readonly Opened[], swapsOf: (test: Opened) => readonly Swap[], { changes, read }: Edge): FileChange[] {
  const texts = new Map(tests.map(({ path, text }) => [path, text]));
  const files = [...texts].map(([path, text]): FileChange => {
    const swaps = tests.filter((test) => test.path === path).flatMap(swapsOf);
    return { path, before: read(path) ?? null, after: swapAll(text, swaps) };
  });
  return [...changes.filter(({ path }) => !texts.has(path)), ...files];
}

function open(target: Failure, { changes, read, targets }: Edge): Opened[] {
  const path = target.file;
  const line = lineOf(target);
  const text = changes.find((one) => one.path === path)?.after ?? (path === undefined ? undefined : read(path));
  if (path === undefined || line === undefined || text === undefined) return [];
  const spots = findSpots(path, text);
  const onLine = (at: number | undefined) => {
    const { from, to } = at === undefined ? { from: 0, to: 0 } : lineSpan(text, at);
    return (spot: Spot) => spot.at >= from && spot.at < to;
  };
  const failed = spots.filter(onLine(line));
  const all = targets.filter(({ file }) => file === path).map((one) => onLine(lineOf(one)));
  const others = spots.filter((spot) => !all.some((isOn) => isOn(spot)));
  // A test that is inherited from another file has its lines there.
  const around = bodyAround(path, text, line);
  const body = around && isBodyOf(target.name, around) ? around : undefined;
  const beside = body ? others.filter(({ at }) => at >= body.from && at < body.to) : [];
  return [{ target, path, line, text, failed, beside, others, body }];
}

/** Of several places in a test's file the one that failed. */
function lineOf({ file, frames, line }: Failure): number | undefined {
  return frames.find((frame) => frame.file === file)?.line ?? line;
}
