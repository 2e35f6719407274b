import type { Pool } from '../../process/share.ts';
import type { Worktree } from '../../repo/worktree.ts';
import type { Machine } from '../../schema/deps.ts';
import type { FileChange } from '../../schema/patch.ts';
import type { Failure, Suite, TestRun } from '../../schema/run.ts';
import { ownScope } from '../baseline.ts';
import { isReadable, stateOf } from '../compare.ts';
import { makeMutants } from '../mutants/mutants.ts';
import type { Site } from '../site.ts';
import type { Merits } from './grade.ts';
import { addedLines, type Piece, piecesOf } from './needed.ts';

/** What is needed of a worktree here. */
export type Desk = { readonly worktree: Pick<Worktree, 'reset' | 'put' | 'read'>; readonly run: Site['run'] };

export type Examination = {
  /** Worktrees that work is shared among; each is reset by whoever used it. */
  readonly pool: Pool<Desk>;
  readonly suite: Suite;
  readonly targets: readonly Failure[];
  readonly changes: readonly FileChange[];
  /** The failing tests' own files with the patch. */
  readonly green: TestRun;
  /** How long the whole suite takes; where that is short, what the near tests miss is shown to all of them. */
  readonly wholeMs: number | undefined;
  /** Ids that are red with the patch as well. */
  readonly red: ReadonlySet<string>;
  readonly untilMs: number;
};

const leastPieces = 4;
const mostMutants = 6;
const leastMutants = 2;
const quickMs = 6_000;
const startMs = 10_000;

/** Is every hunk needed, and do the tests notice changes to the patched lines? Ends when its time is up, at four parts and two mutants at least. */
export async function examine(
  it: Examination,
  deps: Pick<Machine, 'now' | 'tell'>,
): Promise<Pick<Merits, 'unneeded' | 'untried' | 'mutants' | 'removes'>> {
  const pieces = piecesOf(it.changes).filter(({ silent }) => !silent);
  deps.tell({ type: 'stage', stage: 'prove', message: 'Trying the patch without its parts and with changes to its lines' });
  let tried = 0;
  const pieced = pieces.map((piece) =>
    it.pool((site) => {
      if (tried >= leastPieces && deps.now() > it.untilMs) return Promise.resolve(undefined);
      tried++;
      return isUnneeded(site, piece, it);
    }),
  );
  const added = it.changes.map((change) => ({ change, lines: addedLines(change) })).filter(({ lines }) => lines.size > 0);
  const share = Math.max(1, Math.floor(mostMutants / Math.max(1, added.length)));
  const make = (rough: boolean) =>
    added.flatMap(({ change, lines }) =>
      makeMutants(change.path, change.after ?? '', { most: share, lines, perLine: 4, rough }).map((mutant) => ({ change, mutant })),
    );
  const plain = make(false);
  const mutants = plain.length < leastMutants ? make(true) : plain;
  let begun = 0;
  const weighed = mutants.slice(0, mostMutants).map(({ change, mutant }) =>
    it.pool(async (site) => {
      if (begun++ >= leastMutants && deps.now() > it.untilMs) return undefined;
      const changes = it.changes.map((one) => (one === change ? { ...one, after: mutant.text } : one));
      const noticed = await isNoticed(site, changes, it, deps.now() > it.untilMs);
      return noticed === undefined
        ? undefined
        : { noticed, fine: mutant.fine, what: it.changes.length > 1 ? `${change.path} ${mutant.what}` : mutant.what };
    }),
  );
  const [unneeded, seen] = await Promise.all([Promise.all(pieced), Promise.all(weighed)]);
  const told = seen.filter((one) => one !== undefined);
  return {
    unneeded: unneeded.filter((where) => where !== undefined),
    untried: pieces.length - tried,
    removes: added.length === 0,
    mutants:
      told.length === 0
        ? undefined
        : {
            made: told.length,
            noticed: told.filter(({ noticed }) => noticed).length,
            // What is a step beside alone comes last.
            survived: told
              .flatMap(({ noticed, fine, what }) => (noticed || fine ? [] : [what]))
              .concat(told.flatMap(({ noticed, fine, what }) => (noticed || !fine ? [] : [what]))),
            fine: told.filter(({ noticed, fine }) => !noticed && fine).length,
          },
  };
}

/** A changed file may make a test wait for ever. */
export const patienceMs = ({ durationMs }: TestRun) => startMs + 4 * durationMs;

export async function withChanges<R>({ worktree }: Desk, changes: readonly FileChange[], run: () => Promise<R>): Promise<R> {
  await worktree.reset();
  worktree.put(changes);
  try {
    return await run();
  } finally {
    await worktree.reset();
  }
}

function isUnneeded(site: Desk, { where, rest }: Piece, { suite, targets, green }: Examination): Promise<string | undefined> {
  return withChanges(site, rest, async () => {
    const run = await site.run(suite, { ...ownScope(targets), timeoutMs: patienceMs(green) });
    return targets.every((target) => stateOf(target, run, site.worktree.read) === 'green') ? where : undefined;
  });
}

/** Undefined: the change cannot be loaded, so it says nothing about tests. */
function isNoticed(site: Desk, changes: readonly FileChange[], it: Examination, late: boolean): Promise<boolean | undefined> {
  return withChanges(site, changes, async () => {
    const near = await site.run(it.suite, { ...ownScope(it.targets), timeoutMs: patienceMs(it.green) });
    const found = noticed(it, near);
    if (found !== false || late || it.wholeMs === undefined || it.wholeMs > quickMs) return found;
    const whole = await site.run(it.suite, { timeoutMs: startMs + 4 * it.wholeMs });
    return noticed(it, whole);
  });
}

function noticed({ red }: Examination, run: TestRun): boolean | undefined {
  if (run.outcome === 'timeout') return true;
  const loads = run.failures.some(({ kind }) => kind === 'load');
  if (run.failures.some(({ id, kind }) => kind !== 'load' && !red.has(id))) return true;
  if (!isReadable(run)) return run.outcome === 'crashed' && !loads ? true : undefined;
  return loads ? undefined : false;
}
