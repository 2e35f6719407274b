import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending, Ticket } from '../jobs/queue.ts';
import type { Batch } from '../schema/batch.ts';
import type { Wiring } from '../wiring.ts';
import { runBatch } from './batch.ts';
import type { Opened } from './engine/store.ts';
import { sharedStore } from './serving/store.ts';
import { doVerb, type Serving } from './serving/verb.ts';
import type { BatchRequest, BatchRun } from './types.ts';
import { work } from './work.ts';
import { runCrew } from './worker-loop.ts';

export type WorkerRequest = {
  readonly opened: Opened;
  readonly wiring: Wiring;
  /** What a user of a server that gives its work to the queue works with. */
  readonly wiringOf: Serving['wiringOf'];
  readonly jobs: number;
  /** Aborted once: nothing more is taken, and what runs is brought to its end for so long. */
  readonly drain: AbortSignal;
  readonly drainMs: number;
  /** Aborted: what runs is put back at once. */
  readonly stop: AbortSignal;
  readonly told: (line: string) => void;
};

/** Works for a queue until it is to drain. */
export async function runWorker({ opened, wiring, wiringOf, jobs, drain, drainMs, stop, told }: WorkerRequest): Promise<void> {
  for (const weakness of (await opened.store?.weaknesses()) ?? []) told(`warning: ${weakness}`);
  const late = new AbortController();
  drain.addEventListener('abort', () => void sleep(drainMs, undefined, { ref: false }).then(() => late.abort()), { once: true });
  if (drain.aborted) late.abort();
  const { queue, shelf, store } = opened;
  const serving = store && { wiringOf, jobs: sharedStore(opened, store) };
  await runCrew({
    queue,
    shelf,
    wiring,
    jobs,
    drain,
    stop: AbortSignal.any([stop, late.signal]),
    outlasting: true,
    work: (ticket, hands) => (ticket.kind === 'verb' && serving ? doVerb(ticket.id, ticket.data, hands, serving) : work(ticket, hands)),
    told: (ticket, event, ending) => told(lineOf(ticket, event, ending)),
  });
}

function lineOf({ id, kind, attempt }: Ticket, event: string, ending: Ending | undefined): string {
  const said = ending?.state === 'failed' ? ` ${ending.error.code}: ${ending.error.message}` : '';
  return `${event} ${kind} ${id} (attempt ${attempt})${ending ? ` ${ending.state}` : ''}${said}`;
}

/** A batch whose work others do. Broken off, what waits and what runs is cancelled, and the same batch begins that anew. */
export async function runRemote(request: BatchRequest, run: Omit<BatchRun, 'queue' | 'shelf'>, opened: Opened): Promise<Batch> {
  const added = new Set<string>();
  const queue = {
    ...opened.queue,
    add: async (tasks: Parameters<typeof opened.queue.add>[0]) => {
      for (const { id } of tasks) added.add(id);
      await opened.queue.add(tasks);
    },
  };
  try {
    return await runBatch(request, { ...run, queue, shelf: opened.shelf });
  } finally {
    if (run.signal.aborted) await Promise.all([...added].map((id) => opened.queue.cancel(id).catch(() => false)));
  }
}
