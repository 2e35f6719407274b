import { createHash } from 'node:crypto';
import { type Definition, scanDefinitions } from '../context/scan/scan.ts';
import type { Call } from '../coverage/call.ts';
import { compareRuns, isReadable } from '../proof/compare.ts';
import { countLines } from '../proof/count-lines.ts';
import type { Blame, Blamed, Undo, Values } from '../schema/cause.ts';
import type { Patch } from '../schema/patch.ts';
import { mergeRuns } from '../suite/run/merge.ts';
import { type Change, type Hunk, undo } from './change.ts';
import { closureOf } from './links.ts';
import { findPart } from './part.ts';
import { reduce } from './reduce.ts';
import type { Needs, Situation } from './situation.ts';
import { abreast, type Trials } from './trials.ts';

export type BlameRequest = {
  readonly it: Situation;
  readonly change: Change;
  readonly trials: Trials;
  readonly calls: readonly Call[];
  readonly values: Values | undefined;
  /** A suite that takes longer than `suiteMs` is not run once more for an undo. */
  readonly within: { readonly blameMs: number; readonly runs: number; readonly suiteMs: number };
};

export type Blamable = { readonly blame: Blame; readonly patch: Patch | undefined };

/**
 * Which part of a change makes the tests red, where undoing all of it makes them green: by delta debugging over hunks, the likeliest first. Stops at
 * hunks, since parts of one give absurd code.
 */
export async function findBlame(request: BlameRequest, deps: Needs): Promise<Blamable> {
  const { it, change, trials, within } = request;
  const deadline = deps.now() + within.blameMs;
  const begun = trials.runs();
  const left = () => deps.now() < deadline && trials.runs() - begun < within.runs;
  const attempt = async (hunks: readonly Hunk[]) => {
    const changes = undo(hunks, trials.read);
    return changes !== undefined && changes.length > 0 && (await trials.attempt(changes)).green;
  };
  deps.tell({ type: 'stage', stage: 'cause', message: `taking back parts of ${change.name} (${change.hunks.length} hunks)` });
  const ranked = rankHunks(request);
  const closure = closureOf(change.hunks);
  const ran = ranked.filter(({ rank }) => rank < unseen).map(({ hunk }) => hunk);
  const all = ranked.map(({ hunk }) => hunk);
  // Hunks that the tests do not run seldom matter: once they are seen to be needed they are back.
  const start = ran.length > 0 && ran.length < all.length && (await attempt(closure(ran))) ? sorted(all, closure(ran)) : all;
  const small = await reduce({ parts: start, closure, attempt, left, abreast });
  const runs = trials.runs();
  const undone = await makeUndo('hunks', small, request, deps);
  const wider = await widest(small, request, deps);
  const hunks = small.map((hunk) => blamed(hunk, trials.read));
  const clean = undone?.breaks?.length === 0 ? undone : wider;
  const blame: Blame = {
    change: change.name,
    hunks,
    of: change.hunks.length,
    why: wordsFor(hunks, undone, it.failures.length),
    runs,
    ...(undone && { undo: undone }),
    ...(wider && { widest: wider }),
  };
  return { blame, patch: clean && patchOf(clean.diff) };
}

const sorted = (order: readonly Hunk[], some: readonly Hunk[]) => order.filter((hunk) => some.includes(hunk));

/** Where no tree without the change is green: the part that mends the most of the red tests by itself, which shows a place and no cause. */
export async function findPlace(request: BlameRequest, deps: Needs): Promise<Blamable | undefined> {
  const { it, change, trials } = request;
  const size = ({ added, removed }: Hunk) => added.length + removed.length;
  const order = rankHunks(request)
    .sort((a, b) => a.rank - b.rank || size(a.hunk) - size(b.hunk))
    .map(({ hunk }) => hunk);
  deps.tell({ type: 'stage', stage: 'cause', message: `taking back parts of ${change.name} one by one (${change.hunks.length} hunks)` });
  const part = await findPart(change, order, trials, it.failures.length);
  if (!part) return undefined;
  if (part.passed === it.failures.length) return findBlame({ ...request, change: { ...change, hunks: part.hunks } }, deps);
  const hunks = part.hunks.map((hunk) => blamed(hunk, trials.read));
  const why = `undoing ${nameOf(hunks)} turns ${part.passed} of ${it.failures.length} failing tests green: place only`;
  return { blame: { change: change.name, hunks, of: change.hunks.length, why, runs: trials.runs() }, patch: undefined };
}

/** Rank of hunks in functions that did not run. */
const unseen = 3_000;

/** In the order of the divergences; then what ran; then what stands outside of functions; then what did not run. */
function rankHunks({ change, trials, calls, values }: BlameRequest): { hunk: Hunk; rank: number }[] {
  const ran = new Set(calls.map(({ path, name }) => `${path}\0${lastName(name)}`));
  const files = new Set(calls.map(({ path }) => path));
  const rankOf = (hunk: Hunk): number => {
    const around = enclosing(hunk, trials.read);
    const at = values?.divergences.findIndex(
      ({ path, line, name }) =>
        path === hunk.path &&
        around !== undefined &&
        (around.name === lastName(name) || (line >= around.startLine && line <= around.endLine)),
    );
    if (at !== undefined && at >= 0) return at;
    if (calls.length === 0 || around === undefined || around.kind !== 'function') return 2_000;
    if (ran.has(`${hunk.path}\0${around.name}`)) return 1_000;
    return files.has(hunk.path) ? unseen : unseen + 1;
  };
  return change.hunks.map((hunk) => ({ hunk, rank: rankOf(hunk) })).sort((a, b) => a.rank - b.rank);
}

const lastName = (name: string) => name.split(/[ .]/).at(-1) ?? name;

/** The innermost definition that a hunk lies in. */
function enclosing({ path, line, added }: Hunk, read: Trials['read']): Definition | undefined {
  const text = read(path);
  const last = line + Math.max(added.length, 1) - 1;
  return text === undefined
    ? undefined
    : scanDefinitions(path, text).findLast(
        ({ startLine, endLine }) => startLine <= line && endLine >= Math.min(last, endLine) && line <= endLine,
      );
}

function blamed(hunk: Hunk, read: Trials['read']): Blamed {
  const name = enclosing(hunk, read)?.name;
  const { path, line, added, removed } = hunk;
  return {
    path,
    line,
    endLine: Math.max(line, line + added.length - 1),
    ...(name && { name }),
    added: added.length,
    removed: removed.length,
  };
}

/** What an undo does: the failing tests first, then all that can be run in the time. */
async function makeUndo(
  scope: Undo['scope'],
  hunks: readonly Hunk[],
  { it, trials, within }: BlameRequest,
  deps: Needs,
): Promise<Undo | undefined> {
  const changes = undo(hunks, trials.read);
  if (!changes) return undefined;
  const { passed, green, diff } = await trials.attempt(changes);
  if (!green) return undefined;
  const takesAway = hunks.map((hunk) => takenAway(hunk, trials.read));
  const undone = { scope, diff, green: passed, of: it.failures.length, takesAway };
  if (it.run.durationMs > within.suiteMs) return undone;
  deps.tell({ type: 'progress', message: 'running all tests with that part taken back' });
  const runs = [];
  for (const suite of it.suites.length > 0 ? it.suites : [it.suite]) runs.push(await trials.run(changes, () => suite, undefined));
  const after = mergeRuns(runs, []);
  return isReadable(after) ? { ...undone, breaks: compareRuns(it.run, after).newFailures } : undone;
}

/** The widest part around the hunks that can be taken back without breaking a test: all of the change, the files, the functions. */
async function widest(small: readonly Hunk[], request: BlameRequest, deps: Needs): Promise<Undo | undefined> {
  const { change, trials } = request;
  const files = new Set(small.map(({ path }) => path));
  const nameOf = (hunk: Hunk) => `${hunk.path}\0${enclosing(hunk, trials.read)?.line}`;
  const functions = new Set(small.map(nameOf));
  const scopes: [Undo['scope'], Hunk[]][] = [
    ['change', [...change.hunks]],
    ['file', change.hunks.filter(({ path }) => files.has(path))],
    ['function', change.hunks.filter((hunk) => functions.has(nameOf(hunk)))],
  ];
  let size = Number.POSITIVE_INFINITY;
  for (const [scope, hunks] of scopes) {
    if (hunks.length <= small.length) return undefined;
    if (hunks.length === size) continue;
    size = hunks.length;
    const made = await makeUndo(scope, hunks, request, deps);
    if (made?.breaks?.length === 0) return made;
  }
  return undefined;
}

function takenAway(hunk: Hunk, read: Trials['read']): string {
  const { path, line, added, removed, whole } = hunk;
  if (whole === 'made') return `${path} goes, which was made by the change`;
  if (whole === 'removed') return `${path} comes back`;
  const name = enclosing(hunk, read)?.name;
  const parts = [
    added.length > 0 ? `${counted(added.length)} of yours ${added.length > 1 ? 'go' : 'goes'}` : '',
    removed.length > 0 ? `${counted(removed.length)} from before ${removed.length > 1 ? 'come' : 'comes'} back` : '',
  ];
  return `${path}:${line}${name ? ` in ${name}` : ''}: ${parts.filter(Boolean).join(', ')}`;
}

const counted = (lines: number) => `${lines} line${lines === 1 ? '' : 's'}`;

const nameOf = (hunks: readonly Blamed[]) => (hunks.length === 1 ? 'this hunk' : `these ${hunks.length} hunks`);

/** It says what was shown and no more: an undo repairs nothing. */
function wordsFor(hunks: readonly Blamed[], undone: Undo | undefined, failing: number): string {
  const what = nameOf(hunks);
  if (!undone) return `undoing ${what} does not turn the tests green every time: place only`;
  const shown = `undoing ${what} turns ${undone.green} of ${failing} failing tests green`;
  if (undone.breaks === undefined) return `${shown}; the other tests were not run with it: place only`;
  const broken = undone.breaks.length;
  if (broken > 0) return `${shown}, but undo breaks ${broken} test${broken === 1 ? '' : 's'}: place only`;
  return `cause shown: ${shown} and nothing that passed fails; it takes back your change, it does not repair it`;
}

function patchOf(diff: string): Patch {
  return { diff, sha256: createHash('sha256').update(diff).digest('hex'), files: countLines(diff), flags: [] };
}
