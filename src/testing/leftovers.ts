import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Survivor } from '../process/outlived.ts';
import type { Bench } from '../proof/steady-worktree.ts';
import { findStrays } from '../repo/strays.ts';
import type { FileChange } from '../schema/patch.ts';

/** What belongs to git, packages and the caches of runners. */
const machinery = /(?:^|\/)(?:\.git|node_modules|__pycache__|\.pytest_cache|\.hypothesis)(?:\/|$)|\.pyc$/;

/** What was made, changed or removed since a time, relative to the worktree: in it, in the refs and settings of its git, and files beside it. */
async function touchedSince({ worktree: { path: top } }: Bench, sinceMs: number): Promise<string[]> {
  const git = ['refs', 'hooks'].map((name) => join(top, '.git', name));
  const single = ['HEAD', 'config', 'packed-refs'].map((name) => join(top, '.git', name));
  // Folders beside it are ours.
  const above = readdirSync(dirname(top), { withFileTypes: true }).flatMap((one) => (one.isFile() ? [join(dirname(top), one.name)] : []));
  const named = (paths: readonly string[]) => paths.map((path) => relative(top, path).split(sep).join('/')).filter((path) => path !== '');
  const changed = [...single, ...above].filter((path) => (lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) > sinceMs);
  return [
    ...named(await findStrays([top], sinceMs)).filter((path) => !machinery.test(path)),
    ...named([...(await findStrays(git, sinceMs)), ...changed]),
  ];
}

/** Puts the tests into the worktree as it was, and gives the time after which what is touched there was touched by runs. */
export async function layAnew({ worktree }: Bench, changes: readonly FileChange[]): Promise<number> {
  await worktree.reset();
  worktree.put(changes);
  return fromNow();
}

/** What is touched from now on is touched after this time. */
export async function fromNow(): Promise<number> {
  // What was put there just now bears a time of this millisecond too.
  await sleep(2);
  return Date.now();
}

type Ran = { readonly changes: readonly FileChange[]; readonly sinceMs: number; readonly old: readonly string[] };

/**
 * Which file or folder the runs since a time have left behind, changed or removed, undefined where none. Those were runs of all tests: where
 * something is left, the new files run once more by themselves. What the tests that were there already leave at the same place, such as a
 * report of coverage, is not held against them: `old` is run to see that.
 */
export async function leftBehind(bench: Bench, { changes, sinceMs, old }: Ran): Promise<string | undefined> {
  const { worktree } = bench;
  // Of what is gone only its folder tells.
  const look = async (fromMs: number) => ({
    left: await touchedSince(bench, fromMs),
    lost: worktree.paths.filter((path) => worktree.look(path) === 'missing'),
  });
  const isClean = ({ left, lost }: { left: readonly string[]; lost: readonly string[] }) => left.length + lost.length === 0;
  if (isClean(await look(sinceMs))) return undefined;
  const runThese = async (files: readonly string[]) => {
    const fromMs = await layAnew(bench, changes);
    if (files.length > 0) await bench.run({ files });
    return look(fromMs);
  };
  const own = await runThese(changes.map(({ path }) => path));
  if (isClean(own)) return undefined;
  const usual = await runThese(old);
  const removed = own.lost.find((path) => !usual.lost.includes(path));
  if (removed !== undefined) return `the tests remove ${removed}`;
  const [first, ...more] = own.left.filter((path) => !usual.left.includes(path));
  if (first === undefined) return undefined;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  return worktree.paths.includes(first) ? `the tests change ${first}${others}` : `the tests leave ${first}${others} behind`;
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
