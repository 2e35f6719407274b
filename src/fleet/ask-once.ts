import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Shelf } from '../jobs/queue.ts';
import { makeTurns } from '../process/in-turn.ts';
import { Amount, type Ask, type Reply, replyOutcomes, Usage } from '../schema/model.ts';

/** A reply as it is kept and sent to another process. */
export const KeptReply = z.object({
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
  stored: z.boolean().optional(),
});
const Kept = z.object({ variant: z.string(), reply: KeptReply });

/** Does work that only one may do at a time, wherever the others are. */
export type Alone = <T>(name: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** What keeps two askers of one request apart. */
export type Guard = {
  readonly alone: Alone;
  /** Notes that requests of these names are under way, and keeps the note alive until what it gives is called. */
  readonly begin: (names: readonly string[]) => Promise<() => Promise<void>>;
  /** Waits as long as another says that it has this request under way. True where it fell silent without an end. */
  readonly isLost: (name: string, signal: AbortSignal) => Promise<boolean>;
};

const inTurn = makeTurns();

/** Among the tasks of this process, which end with it. */
export const guardHere: Guard = {
  alone: (name, _signal, work) => inTurn(name, work),
  begin: async () => async () => {},
  isLost: async () => false,
};

const never = new AbortController().signal;
const lostWord =
  'a machine was lost while this request was under way there, so it was sent again under the same Idempotency-Key; where the gateway does not honour that, it is charged twice';

/**
 * An `Ask` that sends no request twice that has a name (`once`). What is paid for is kept where every worker reads it before anyone else
 * does: by name, because the output of re-run tests may hold a port or a time, and by the bytes of the request, because two tasks may ask
 * the same. Who asks the same meanwhile waits and reads that.
 */
export function askOnce(ask: Ask, { shelf, guard }: { readonly shelf: Shelf; readonly guard: Guard }): Ask {
  return async (request, options) => {
    const { once, ...asked } = request;
    if (once === undefined) return ask(request, options);
    const signal = options.signal ?? never;
    const bytes = JSON.stringify([request.variant, request.messages, request.maxTokens]);
    const named = `reply-${once}`;
    const same = `reply-${createHash('sha256').update(bytes).digest('hex')}`;
    const read = async () => {
      const own = readKept(await shelf.read(named));
      if (own?.variant === request.variant) return { ...own.reply, stored: true };
      const other = readKept(await shelf.read(same));
      return other && { ...other.reply, stored: true, cost: 0 };
    };
    const early = await read();
    if (early) return early;
    return guard.alone(named, signal, () =>
      guard.alone(same, signal, async () => {
        const lost = [await guard.isLost(named, signal), await guard.isLost(same, signal)].includes(true);
        const kept = await read();
        if (kept) return kept;
        const end = await guard.begin([named, same]);
        try {
          const reply = await ask({ ...asked, id: idOf(once) }, options);
          if (reply.outcome === 'over_cap') return reply;
          const told = lost && !reply.stored ? { ...reply, warnings: [...reply.warnings, lostWord] } : reply;
          const text = JSON.stringify({ variant: request.variant, reply: told });
          await shelf.keep(named, text);
          if (reply.outcome === 'complete') await shelf.keep(same, text);
          return told;
        } finally {
          await end();
        }
      }),
    );
  };
}

/** The same on every machine and for every attempt, so that the gateway hears the same Idempotency-Key. */
function idOf(once: string): string {
  return `fleet-${createHash('sha256').update(once).digest('hex').slice(0, 32)}`;
}

function readKept(text: string | undefined): { readonly variant: string; readonly reply: Reply } | undefined {
  if (text === undefined) return undefined;
  const { data } = Kept.safeParse(JSON.parse(text));
  return data && { variant: data.variant, reply: { ...data.reply, finishReason: data.reply.finishReason } };
}
