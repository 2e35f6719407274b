import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, Stopped } from '../errors.ts';
import type { Observed } from '../proof/observe.ts';
import type { Git } from '../repo/git.ts';
import { removeTree } from '../repo/leases.ts';
import type { Manifest, Suspect } from '../schema/context.ts';
import type { Machine } from '../schema/deps.ts';
import { Bug } from './bug.ts';
import { goldLines } from './gold-lines.ts';
import { type Laid, layBug, placeFor } from './laying/lay.ts';
import type { ObjectStore } from './laying/store.ts';
import type { Supply, Wanted } from './laying/supply.ts';
import { Measures, measurePack } from './measures.ts';
import { Reason } from './reasons.ts';
import { type Fallen, validate, type Waiting } from './validate.ts';

/** A bug that is red for the right reason and green with its fix, and how well the pack shows that fix. */
export const Past = z.object({ bug: Bug, runner: z.string(), seconds: z.number(), from: z.string().optional(), measures: Measures });
export type Past = z.infer<typeof Past>;

export const Out = z.object({ id: z.string(), subject: z.string(), reason: Reason, why: z.string() });
export type Out = z.infer<typeof Out>;

/** What became of a candidate. */
export type Attempt = { readonly past: Past } | { readonly out: Out } | Waiting;

/** What a pack for the red tests of a laid-out bug shows. Nothing is run for it. */
export type Pack = (path: string, seen: Observed) => Promise<Shown>;
export type Shown = { readonly manifest: Manifest; readonly suspects: readonly Suspect[] };

/** The tools by which bugs are laid out: where, from what, with which packages. */
export type Yard = {
  readonly git: Git;
  /** Folder for bugs, and the name that each folder has. */
  readonly room: string;
  readonly name: string;
  readonly store: ObjectStore;
  readonly supplies: (wanted: Wanted) => Supply;
};

/** How the tests of a bug are run, and how its pack is made. */
export type Attempting = {
  readonly timeoutMs: number;
  readonly envNames: readonly string[];
  readonly command?: string | undefined;
  readonly pack: Pack;
};

/** Lays a candidate out and looks whether it is a past bug. `install`: its own packages may be installed now. */
export async function attempt(
  { bug, number, install }: { readonly bug: Bug; readonly number: number; readonly install: boolean },
  yard: Yard,
  how: Attempting,
  deps: Machine,
): Promise<Attempt> {
  const quiet: Machine = { ...deps, tell: () => {} };
  const fall = ({ reason, why }: Fallen) => ({ out: { id: bug.id, subject: bug.subject, reason, why } });
  return laidOut(bug, number, yard, async (laid) => {
    if (laid instanceof Error) return fall({ reason: 'not_applied', why: messageOf(laid) });
    const supply = yard.supplies({ path: laid.path, date: bug.date, install });
    const found = await validate({ ...how, bug, laid, supply }, quiet);
    if ('wants' in found) return found;
    if ('reason' in found) return fall(found);
    const { seen, ...valid } = found;
    const { manifest, suspects } = await how.pack(laid.path, seen);
    return { past: { ...valid, from: supply.from(), measures: measurePack(goldOf(valid.bug), manifest, suspects) } };
  });
}

/** The lines that a fix changes, of the files that count. */
function goldOf({ patch, gold }: Bug): ReadonlyMap<string, readonly number[]> {
  return new Map([...goldLines(patch)].filter(([path]) => gold.includes(path)));
}

/** Lays a bug out for one use. An error: it cannot be laid out. */
export async function laidOut<Result>(
  bug: Bug,
  number: number,
  { git, room, name, store }: Yard,
  use: (laid: Laid | Error) => Promise<Result>,
): Promise<Result> {
  const path = placeFor(room, number, name);
  try {
    const laid = await layBug(git, bug, store, path).catch((error: unknown) => {
      if (error instanceof Stopped || !(error instanceof Error)) throw error;
      return error;
    });
    return await use(laid);
  } finally {
    await removeTree(join(room, String(number)));
  }
}
