import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { asProblem, GlmError, messageOf, Stopped } from '../errors.ts';
import { neutralise } from '../safety/text.ts';
import type { Account } from '../schema/model.ts';
import { openWiring } from '../wiring.ts';
import { askOnce, guardHere } from './ask-once.ts';
import { openQueue } from './engine/open.ts';
import { guardOn, sharedMoney } from './engine/shared-limits.ts';
import { Heard, Hello, type Told } from './messages.ts';
import { patiently } from './patiently.ts';

/**
 * The process beside a worker that asks the gateway for it. It outlives a worker that is killed: what is under way comes to its end, and
 * its reply lies where the next attempt finds it. It goes once nobody can ask it any more and nothing is under way.
 */
export async function keepReplies(input: Readable, output: Writable): Promise<void> {
  output.on('error', () => {});
  const tell = (told: Told) => output.write(`${JSON.stringify(told)}\n`);
  const running = new Map<number, { readonly stop: AbortController; readonly done: Promise<void> }>();
  let work: ReturnType<typeof open> | undefined;
  for await (const line of createInterface({ input })) {
    const order = Heard.parse(JSON.parse(line));
    if (order.type === 'hello') {
      work ??= open(Hello.parse(order));
      // Whoever asks hears of it.
      work.catch(() => {});
    } else if (order.type === 'stop') running.get(order.n)?.stop.abort();
    else {
      const stop = new AbortController();
      const done = answer(order, stop.signal).finally(() => running.delete(order.n));
      running.set(order.n, { stop, done });
    }
  }
  await Promise.all([...running.values()].map(({ done }) => done));
  await (await work?.catch(() => undefined))?.close();

  async function answer({ n, request, account }: Extract<z.infer<typeof Heard>, { type: 'ask' }>, signal: AbortSignal): Promise<void> {
    try {
      const ask = await (await work)?.askOf(account);
      if (!ask) throw new GlmError('no_key', 'No key is set where the worker runs.', { hint: 'glm-skill login, or RUNAPI_API_KEY.' });
      tell({ type: 'reply', n, reply: await ask(request, { signal, tell: (event) => tell({ type: 'event', n, event }) }) });
    } catch (thrown) {
      const error = signal.aborted ? new Stopped(thrown) : asProblem(thrown);
      const known =
        error instanceof GlmError ? { code: error.code, hint: error.hint } : { code: error instanceof Stopped ? 'stopped' : 'bug' };
      tell({ type: 'problem', n, ...known, message: neutralise(messageOf(error)) });
    }
  }
}

/** The worker has reached the queue before us: a server that does not answer is being started again. */
const restarts = { everyMs: 1_000, tries: 600, isAway: (error: unknown) => error instanceof GlmError && error.code === 'unreachable' };

async function open({ queue, baseUrl, env }: z.infer<typeof Hello>) {
  const opened = await patiently(() => openQueue(queue, env), restarts);
  const { shelf, store } = opened;
  const guard = store ? guardOn(store) : guardHere;
  const shared = store && sharedMoney(store);
  const askOf = (account: Account | undefined) =>
    openWiring(baseUrl, env, { shared, account, through: (ask) => askOnce(ask, { shelf, guard }) }).ask();
  return { askOf, close: opened.close };
}
