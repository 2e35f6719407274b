import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Shelf } from '../jobs/queue.ts';
import { makeTurns } from '../process/in-turn.ts';
import { Amount, type Ask, type Reply, replyOutcomes, Usage } from '../schema/model.ts';

const Kept = z.object({
  variant: z.string(),
  reply: z.object({
    id: z.string().optional(),
    outcome: z.enum(replyOutcomes),
    text: z.string(),
    model: z.string(),
    finishReason: z.string().optional(),
    usage: Usage,
    cost: Amount,
    requestId: z.string().optional(),
    taskId: z.string().optional(),
    durationMs: z.number(),
    warnings: z.array(z.string()),
  }),
});

/** Does work that only one may do at a time, wherever the others are. */
export type Alone = <T>(name: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

type Share = {
  readonly shelf: Shelf;
  readonly task: string;
  readonly signal: AbortSignal;
  readonly beforeEffect: () => Promise<void>;
  readonly alone: Alone;
  /** Called for each reply that this task has paid for, now or in an attempt that was lost. */
  readonly paid: () => void;
};

/**
 * An `Ask` whose replies every worker can read, so that what one has paid for and did not live to use is not paid again. By order within
 * the task, because the output of re-run tests may hold a port or a time; and by the bytes of the request, because two tasks may ask the
 * same.
 */
export function shareReplies(ask: Ask, { shelf, task, signal, beforeEffect, alone, paid }: Share): Ask {
  let asked = 0;
  return async (request, options) => {
    const inOrder = `reply-${task}-${++asked}`;
    const bytes = JSON.stringify([request.variant, request.messages, request.maxTokens]);
    const byRequest = `reply-${createHash('sha256').update(bytes).digest('hex')}`;
    const own = readKept(await shelf.read(inOrder));
    if (own?.variant === request.variant) {
      paid();
      return { ...own.reply, stored: true };
    }
    // Two tasks that ask the same at once: the second waits and reads what the first has paid for.
    return alone(byRequest, signal, async () => {
      const other = readKept(await shelf.read(byRequest));
      if (other) return { ...other.reply, stored: true, cost: 0 };
      await beforeEffect();
      const reply = await ask(request, options);
      if (reply.outcome === 'over_cap') return reply;
      paid();
      const text = JSON.stringify({ variant: request.variant, reply });
      await shelf.keep(inOrder, text);
      if (reply.outcome === 'complete') await shelf.keep(byRequest, text);
      return reply;
    });
  };
}

const inTurn = makeTurns();

/** Among the tasks of this process. */
export const aloneHere: Alone = (name, _signal, work) => inTurn(name, work);

function readKept(text: string | undefined): { readonly variant: string; readonly reply: Reply } | undefined {
  if (text === undefined) return undefined;
  const { data } = Kept.safeParse(JSON.parse(text));
  return data && { variant: data.variant, reply: { ...data.reply, finishReason: data.reply.finishReason } };
}
