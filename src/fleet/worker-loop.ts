import { setTimeout as sleep } from 'node:timers/promises';
import { asProblem, GlmError, messageOf, Stopped } from '../errors.ts';
import { describe } from '../jobs/describe.ts';
import { beatMs, type Ending, type Queue, type Shelf, type Ticket } from '../jobs/queue.ts';
import { openScrub } from '../jobs/scrub.ts';
import type { Event } from '../schema/model.ts';
import type { Wiring } from '../wiring.ts';
import { patiently } from './patiently.ts';
import { work } from './work.ts';

export type CrewOptions = {
  readonly queue: Queue;
  readonly shelf: Shelf;
  readonly wiring: Wiring;
  /** Tasks at a time. */
  readonly jobs: number;
  /** Aborted: no further task is taken. */
  readonly drain: AbortSignal;
  /** Aborted: what runs is stopped and put back. */
  readonly stop: AbortSignal;
  readonly outlasting: boolean;
  /** What is done with a task. Absent: what batches ask for. */
  readonly work?: typeof work | undefined;
  readonly told?: ((ticket: Ticket, event: 'begun' | 'ended' | 'put back', ending?: Ending) => void) | undefined;
};

/** So many hands that take tasks and do them, until they are to drain. Resolves when all are idle. */
export async function runCrew(options: CrewOptions): Promise<void> {
  const { drain, stop } = options;
  const idle = AbortSignal.any([drain, stop]);
  const hand = async () => {
    while (!idle.aborted) {
      const ticket = await options.queue.take(idle).catch((error: unknown) => {
        if (error instanceof Stopped) return undefined;
        throw error;
      });
      if (ticket) await doTask(ticket, options);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, hand));
}

/**
 * One task, with its heartbeat. A cancelled one ends as such; one that was lost to a later attempt is dropped without a word; one that we
 * are stopped in goes back. What the user can mend and bugs are endings too: they would be the same on any machine.
 */
async function doTask(ticket: Ticket, options: CrewOptions): Promise<void> {
  const { queue, shelf, wiring, outlasting, told } = options;
  const control = new AbortController();
  const signal = AbortSignal.any([control.signal, options.stop]);
  const ended = new AbortController();
  let latest = '';
  const beating = beat(ticket, { queue, control, ended: ended.signal, latest: () => latest });
  told?.(ticket, 'begun');
  const beforeEffect = async () => {
    const state = await insist(() => queue.heartbeat(ticket));
    if (state !== 'ours') control.abort(state);
    if (signal.aborted) throw new Stopped(signal.reason);
  };
  const tell = (event: Event) => {
    if (event.type !== 'warning') latest = describe(event).slice(0, 300);
  };
  let ending: Ending | undefined;
  try {
    ending = { state: 'done', result: await (options.work ?? work)(ticket, { wiring, shelf, signal, tell, beforeEffect, outlasting }) };
  } catch (error) {
    ending = control.signal.reason === 'cancelled' ? { state: 'cancelled' } : signal.aborted ? undefined : await failure(error, wiring);
  } finally {
    ended.abort();
    await beating;
  }
  if (control.signal.reason === 'lost') return told?.(ticket, 'put back');
  if (ending) {
    const end = ending;
    await insist(() => queue.finish(ticket, end));
    return told?.(ticket, 'ended', ending);
  }
  await queue.release(ticket);
  told?.(ticket, 'put back');
}

/** Says to the queue what it must hear, also where its server is away for a moment. Whether the task is still ours it tells itself. */
const insist = <T>(say: () => Promise<T>): Promise<T> => patiently(say, { everyMs: beatMs, tries: 60 });

async function failure(thrown: unknown, { env, folders }: Wiring): Promise<Ending> {
  const error = asProblem(thrown);
  const { text } = await openScrub(folders.state, [], { env, folders });
  const message = text(messageOf(error));
  if (error instanceof GlmError)
    return { state: 'failed', error: { code: error.code, message, ...(error.hint !== undefined && { hint: text(error.hint) }) } };
  process.stderr.write(`bug: ${error instanceof Error ? text(error.stack ?? '') : message}\n`);
  return { state: 'failed', error: { code: 'bug', message } };
}

type Beat = {
  readonly queue: Queue;
  readonly control: AbortController;
  readonly ended: AbortSignal;
  readonly latest: () => string;
};

async function beat(ticket: Ticket, { queue, control, ended, latest }: Beat): Promise<void> {
  let said = '';
  while (!ended.aborted) {
    await sleep(beatMs, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) return;
    try {
      const state = await queue.heartbeat(ticket);
      if (state !== 'ours') return control.abort(state);
      const message = latest();
      if (message !== said) await queue.progress(ticket, message);
      said = message;
    } catch {
      // A server that is away for a moment: the next beat tries again, and a lost lock is noticed then.
    }
  }
}
