import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, Stopped } from '../errors.ts';
import type { Observed } from '../proof/observe.ts';
import type { Git } from '../repo/git.ts';
import { removeTree } from '../repo/leases.ts';
import type { Manifest, Suspect } from '../schema/context.ts';
import type { Machine } from '../schema/deps.ts';
import { Bug } from './bug.ts';
import { makeOrder, type Turn } from './candidate-order.ts';
import { inParallel } from './in-parallel.ts';
import { type Laid, layBug, placeFor } from './laying/lay.ts';
import type { ObjectStore } from './laying/store.ts';
import type { Supply, Wanted } from './laying/supply.ts';
import type { Limit } from './limit.ts';
import { Measures, measurePack } from './measures.ts';
import { Reason, reasons } from './reasons.ts';
import type { State } from './state.ts';
import { type Fallen, validate, type Waiting } from './validate.ts';

/** A bug that is red for the right reason and green with its fix, and how well the pack shows that fix. */
export const Past = z.object({ bug: Bug, runner: z.string(), seconds: z.number(), from: z.string().optional(), measures: Measures });
export type Past = z.infer<typeof Past>;

const Out = z.object({ id: z.string(), subject: z.string(), reason: Reason, why: z.string() });
export type Out = z.infer<typeof Out>;
const Tried = z.union([z.object({ past: Past }), z.object({ out: Out })]);

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

export type Gathering = {
  readonly yard: Yard;
  readonly state: State;
  /** In the order in which they are tried; each makes its diffs when its turn comes. */
  readonly bugs: readonly { readonly id: string; readonly open: () => Promise<Bug> }[];
  readonly most: number;
  readonly hands: number;
  readonly timeoutMs: number;
  readonly envNames: readonly string[];
  readonly command?: string | undefined;
  /** What is under way when the time is up is ended; what was found by then counts. */
  readonly limit: Limit;
  readonly pack: Pack;
};

/** What may be otherwise the next time: a network that is back, a machine with less to do. */
const passing: ReadonlySet<Reason> = new Set(['not_installed', 'timeout']);

export type Gathered = {
  readonly past: Past[];
  readonly out: Out[];
  /** The time was up before there were enough; `waiting` of those that are left would have needed an install. */
  readonly ended?: { readonly left: number; readonly waiting: number } | undefined;
};

/** Tries candidates until there are enough bugs, the time is up, or no more candidates. What was tried before is known. */
export async function gather(asked: Gathering, deps: Machine): Promise<Gathered> {
  const { state, bugs, most, hands, limit } = asked;
  const tried = new Map<number, z.infer<typeof Tried>>();
  const valid = () => [...tried.values()].filter((one) => 'past' in one).length;
  const order = makeOrder(bugs.length);
  const timed: Machine = { ...deps, signal: limit.signal };
  const next = () => {
    const turn = valid() >= most ? undefined : order.next();
    const bug = turn && bugs[turn.number];
    return bug && { ...bug, turn };
  };
  const work = async ({ id, open, turn }: NonNullable<ReturnType<typeof next>>) => {
    const known = state.get(`bugs/${id}`, Tried);
    const one = known ?? (await tryBug(await open(), turn, asked, timed));
    if ('wants' in one) return order.tell(turn, one);
    if (!known && !('out' in one && passing.has(one.out.reason))) await state.set(`bugs/${id}`, one);
    tried.set(turn.number, one);
    order.tell(turn, { reason: 'out' in one ? one.out.reason : undefined });
    if (!known)
      deps.tell({
        type: 'progress',
        message: 'past' in one ? `${valid()} of ${most}: ${one.past.bug.subject}` : `${id} falls out: ${reasons[one.out.reason]}`,
      });
  };
  const inTime = await limit.within(inParallel(hands, next, work, limit.signal).then(() => true));
  const inOrder = [...tried].sort(([a], [b]) => a - b).map(([, one]) => one);
  return {
    past: inOrder.flatMap((one) => ('past' in one ? [one.past] : [])).slice(0, most),
    out: inOrder.flatMap((one) => ('out' in one ? [one.out] : [])),
    ...(!inTime && { ended: { left: bugs.length - tried.size, waiting: order.waiting() } }),
  };
}

async function tryBug(bug: Bug, turn: Turn, asked: Gathering, deps: Machine): Promise<z.infer<typeof Tried> | Waiting> {
  const { yard } = asked;
  const quiet: Machine = { ...deps, tell: () => {} };
  const fall = ({ reason, why }: Fallen) => ({ out: { id: bug.id, subject: bug.subject, reason, why } });
  return laidOut(bug, turn.number, yard, async (laid) => {
    if (laid instanceof Error) return fall({ reason: 'not_applied', why: messageOf(laid) });
    const supply = yard.supplies({ path: laid.path, date: bug.date, install: turn.install !== undefined });
    const found = await validate({ ...asked, bug, laid, supply }, quiet);
    if ('wants' in found) return found;
    if ('reason' in found) return fall(found);
    const { seen, ...valid } = found;
    const { manifest, suspects } = await asked.pack(laid.path, seen);
    return { past: { ...valid, from: supply.from(), measures: measurePack(valid.bug, manifest, suspects) } };
  });
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
