import { z } from 'zod';
import type { Machine } from '../schema/deps.ts';
import { type Attempt, Out, Past } from './attempt.ts';
import { makeOrder } from './candidate-order.ts';
import { inParallel } from './in-parallel.ts';
import type { Limit } from './limit.ts';
import { type Reason, reasons } from './reasons.ts';
import type { Candidate } from './source.ts';
import type { State } from './state.ts';

const Tried = z.union([z.object({ past: Past }), z.object({ out: Out })]);

export type Gathering = {
  readonly state: State;
  /** In the order in which they are tried. */
  readonly candidates: readonly Candidate[];
  readonly most: number;
  readonly hands: number;
  /** What is under way when the time is up is ended; what was found by then counts. */
  readonly limit: Limit;
  /** Looks at one. `number` is its place in the order; `install`: its own packages may be installed now. */
  readonly attempt: (one: Candidate, number: number, install: boolean) => Promise<Attempt>;
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
export async function gather(asked: Gathering, { tell }: Pick<Machine, 'tell'>): Promise<Gathered> {
  const { state, candidates, most, hands, limit } = asked;
  const tried = new Map<number, z.infer<typeof Tried>>();
  const valid = () => [...tried.values()].filter((one) => 'past' in one).length;
  const order = makeOrder(candidates.length);
  const next = () => {
    const turn = valid() >= most ? undefined : order.next();
    const one = turn && candidates[turn.number];
    return one && { candidate: one, turn };
  };
  const work = async ({ candidate, turn }: NonNullable<ReturnType<typeof next>>) => {
    const { id } = candidate;
    const known = state.get(`bugs/${id}`, Tried);
    const one = known ?? (await asked.attempt(candidate, turn.number, turn.install !== undefined));
    if ('wants' in one) return order.tell(turn, one);
    if (!known && !('out' in one && passing.has(one.out.reason))) await state.set(`bugs/${id}`, one);
    tried.set(turn.number, one);
    order.tell(turn, { reason: 'out' in one ? one.out.reason : undefined });
    if (!known)
      tell({
        type: 'progress',
        message: 'past' in one ? `${valid()} of ${most}: ${one.past.bug.subject}` : `${id} falls out: ${reasons[one.out.reason]}`,
      });
  };
  const inTime = await limit.within(inParallel(hands, next, work, limit.signal).then(() => true));
  const inOrder = [...tried].sort(([a], [b]) => a - b).map(([, one]) => one);
  return {
    past: inOrder.flatMap((one) => ('past' in one ? [one.past] : [])).slice(0, most),
    out: inOrder.flatMap((one) => ('out' in one ? [one.out] : [])),
    ...(!inTime && { ended: { left: candidates.length - tried.size, waiting: order.waiting() } }),
  };
}
