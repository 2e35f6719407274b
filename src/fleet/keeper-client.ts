import { GlmError, Stopped } from '../errors.ts';
import { type Partner, startPartner } from '../process/partner.ts';
import type { Account, Ask, Reply, Tell } from '../schema/model.ts';
import { type Order, problemOf, readTold } from './messages.ts';

/** The process that asks the gateway for a worker and lives on when the worker is killed. Started with the first request. */
export type Keeping = {
  readonly askAs: (account: Account | undefined) => Ask;
  readonly close: () => Promise<void>;
};

/** Ends without a word in between. */
const mostDeaths = 3;

type Waiting = {
  readonly order: Order;
  readonly tell: Tell;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
};

/** `argv` starts the program that `keepReplies` is the main part of; `hello` is what it has to know. */
export function openKeeping(argv: readonly string[], hello: Omit<Extract<Order, { type: 'hello' }>, 'type'>): Keeping {
  const waiting = new Map<number, Waiting>();
  let partner: Partner | undefined;
  let count = 0;
  let deaths = 0;
  let closed = false;

  function start(): Partner {
    const one = startPartner(argv, heard);
    one.send({ type: 'hello', ...hello });
    void one.ended.then(() => {
      if (partner === one) partner = undefined;
      if (closed || waiting.size === 0) return;
      if (++deaths > mostDeaths) {
        const error = new GlmError('gateway_failed', 'The process that asks the gateway ends at once.', {
          hint: 'Its last words are above.',
        });
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
        return;
      }
      // It was killed alone: what it had under way is asked for again, once it is clear that nobody else has it.
      partner ??= start();
      for (const { order } of waiting.values()) partner.send(order);
    });
    return one;
  }

  function heard(line: string): void {
    const told = readTold(line);
    const one = told && waiting.get(told.n);
    if (!told || !one) return;
    deaths = 0;
    if (told.type === 'event') {
      one.tell(told.event);
      return;
    }
    waiting.delete(told.n);
    if (told.type === 'reply') one.resolve(told.reply);
    else one.reject(problemOf(told));
  }

  const askAs =
    (account: Account | undefined): Ask =>
    async (request, { signal, tell }) => {
      if (signal?.aborted) throw new Stopped(signal.reason);
      const n = ++count;
      const order = { type: 'ask', n, request, account } as const;
      const stop = () => partner?.send({ type: 'stop', n });
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return await new Promise<Reply>((resolve, reject) => {
          waiting.set(n, { order, tell, resolve, reject });
          partner ??= start();
          partner.send(order);
        });
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    };

  return {
    askAs,
    close: async () => {
      closed = true;
      partner?.close();
    },
  };
}
