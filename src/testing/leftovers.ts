import { relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Survivor } from '../process/outlived.ts';
import type { Bench } from '../proof/steady-worktree.ts';
import { findStrays } from '../repo/strays.ts';
import type { FileChange } from '../schema/patch.ts';

/** What belongs to git, packages and the caches of runners. */
const others = /(?:^|\/)(?:\.git|node_modules|__pycache__|\.pytest_cache|\.hypothesis)(?:\/|$)|\.pyc$/;

/** What was made, changed or removed in the worktree since a time, relative to it. */
async function touchedSince({ worktree }: Bench, sinceMs: number): Promise<string[]> {
  const found = await findStrays([worktree.path], sinceMs);
  return found.map((path) => relative(worktree.path, path).split(sep).join('/')).filter((path) => path !== '' && !others.test(path));
}

/** Puts the tests into the worktree as it was, and gives the time after which what is touched there was touched by runs. */
export async function layAnew({ worktree }: Bench, changes: readonly FileChange[]): Promise<number> {
  await worktree.reset();
  worktree.put(changes);
  // What was put there just now bears a time of this millisecond too.
  await sleep(2);
  return Date.now();
}

type Ran = { readonly changes: readonly FileChange[]; readonly sinceMs: number; readonly old: readonly string[] };

/**
 * Which file or folder the runs since a time have left behind, changed or removed, undefined where none. What the tests that were there already
 * leave at the same place, such as a report of coverage, is not held against them: `old` is run to see that.
 */
export async function leftBehind(bench: Bench, { changes, sinceMs, old }: Ran): Promise<string | undefined> {
  const { worktree } = bench;
  // Of what is gone only its folder tells.
  const gone = () => worktree.paths.filter((path) => worktree.look(path) === 'missing');
  const left = await touchedSince(bench, sinceMs);
  const lost = gone();
  if (left.length + lost.length === 0) return undefined;
  const since = await layAnew(bench, changes);
  if (old.length > 0) await bench.run({ files: old });
  const usual = new Set([...(await touchedSince(bench, since)), ...gone()]);
  const removed = lost.find((path) => !usual.has(path));
  if (removed !== undefined) return `the tests remove ${removed}`;
  const own = left.filter((path) => !usual.has(path));
  const [first] = own;
  if (first === undefined) return undefined;
  const more = own.length > 1 ? ` and ${own.length - 1} more` : '';
  return worktree.look(first) === 'file' ? `the tests change ${first}${more}` : `the tests leave ${first}${more} behind`;
}

/** Which process the tests leave behind, undefined where none. One that the tests that were there already leave as well is not held against them. */
export async function leftRunning(bench: Bench, survivors: readonly Survivor[], old: readonly string[]): Promise<string | undefined> {
  if (survivors.length === 0) return undefined;
  await bench.worktree.reset();
  const usual = new Set(old.length > 0 ? (await bench.outlive({ files: old })).survivors.map(shapeOf) : []);
  const [first, ...more] = survivors.filter((one) => !usual.has(shapeOf(one)));
  if (!first) return undefined;
  const command = first.command.replaceAll(`${bench.worktree.path}${sep}`, '');
  const listens = first.ports.length > 0 ? `, which listens on port ${first.ports.join(' and ')}` : '';
  return `the tests leave a process${more.length > 0 ? ` and ${more.length} more` : ''} running: ${command}${listens}`;
}

/** What is the same in every run: no numbers of processes and ports, no names of folders for a while. */
const shapeOf = ({ command }: Survivor) => command.replace(/\S*[\\/]\S*[\\/]|\d+/g, '');
