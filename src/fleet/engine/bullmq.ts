import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Queue as Bull, type Job, type QueueEvents, UnrecoverableError, type Worker } from 'bullmq';
import { z } from 'zod';
import { Stopped } from '../../errors.ts';
import { checkId, type Ending, mostAttempts, type Queue, type Shelf, type Task, TaskState, type Ticket } from '../../jobs/queue.ts';
import type { Store } from './store.ts';

/** The engine's own parts, on Redis or PostgreSQL. The worker only fetches and looks for stalled jobs: the work is done elsewhere. */
export type Engine = {
  readonly queue: Pick<Bull, 'addBulk' | 'getJob' | 'getJobCounts' | 'remove' | 'close'>;
  readonly worker: () => Fetching;
  readonly events: () => Heard;
};

type Fetching = Pick<Worker, 'waitUntilReady' | 'startStalledCheckTimer' | 'getNextJob' | 'close'>;
type Heard = Pick<QueueEvents, 'close'> & {
  on: (event: 'active' | 'completed' | 'failed' | 'progress', listener: (told: { readonly jobId: string }) => void) => unknown;
};

/** A worker that says nothing for so long has lost its task; whoever looks every `stalledMs` gives it to another. */
export const lockMs = 15_000;
export const stalledMs = 5_000;
export const keepSeconds = 7 * 86_400;
const pollMs = 250;
/** Events wake; where one is missed, the state is looked at all the same. */
const lookEveryMs = 5_000;
const largestInline = 64 << 10;
const dayMs = 86_400_000;

const Stored = z.object({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()) });
const Data = z.object({ text: z.string() });
const Progress = z.object({ message: z.string(), worker: z.string() });
/** Ids of ours share a space of names with the engine's own on Redis. */
const outer = (id: string) => `t-${checkId(id)}`;

/** A server that is away for a moment is no error: what was asked of it says so itself. */
export function quiet<T extends { on: (event: 'error', listener: (error: Error) => void) => unknown }>(part: T): T {
  part.on('error', () => {});
  return part;
}

export function shelfOf(store: Store): Shelf {
  return { keep: (name, text) => store.set(`shelf:${name}`, text, 30 * dayMs), read: (name) => store.get(`shelf:${name}`) };
}

/**
 * Our queue on BullMQ. All that a task says and comes to is text in it, encoded once more because PostgreSQL refuses NUL; a long result lies
 * in the store. A lock token per attempt fences; what others want of a task (cancel) lies in the store as well.
 */
export function bullQueue({ queue, worker: openWorker, events: openEvents }: Engine, store: Store): Queue {
  const me = `${hostname()}:${process.pid}`;
  const held = new Map<string, { readonly job: Job; readonly token: string }>();
  const wakers = new Map<string, Set<() => void>>();
  let worker: Fetching | undefined;
  let events: Heard | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const heldAs = ({ id, attempt }: Ticket) => held.get(`${id} ${attempt}`);
  const cancelled = async (id: string) => (await store.get(`cancel:${id}`)) !== undefined;

  async function begin(): Promise<Ticket | undefined> {
    if (!worker) {
      worker = openWorker();
      await worker.waitUntilReady();
      await worker.startStalledCheckTimer();
    }
    const token = `${me}:${randomBytes(8).toString('hex')}`;
    const job = await worker.getNextJob(token, { block: false });
    if (!job) return undefined;
    const task = Stored.parse(JSON.parse(Data.parse(job.data).text));
    const ticket = { ...task, attempt: job.attemptsStarted };
    held.set(`${ticket.id} ${ticket.attempt}`, { job, token });
    if (!(await cancelled(task.id))) return ticket;
    await finish(ticket, { state: 'cancelled' });
    return undefined;
  }

  async function take(signal: AbortSignal): Promise<Ticket> {
    for (;;) {
      if (signal.aborted) throw new Stopped(signal.reason);
      // One question at a time, however many hands wait here.
      const mine = turn.then(async () => (signal.aborted ? undefined : begin().catch(() => undefined)));
      turn = mine;
      const ticket = await mine;
      if (ticket && !signal.aborted) return ticket;
      if (ticket) await release(ticket);
      await sleep(pollMs * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
    }
  }

  async function heartbeat(ticket: Ticket): Promise<'ours' | 'lost' | 'cancelled'> {
    const mine = heldAs(ticket);
    if (!mine || !(await mine.job.extendLock(mine.token, lockMs))) return 'lost';
    return (await cancelled(ticket.id)) ? 'cancelled' : 'ours';
  }

  async function finish(ticket: Ticket, ending: Ending): Promise<boolean> {
    const mine = heldAs(ticket);
    if (!mine || (await heartbeat(ticket)) === 'lost') return false;
    const { job, token } = mine;
    try {
      const text = JSON.stringify(ending);
      if (ending.state !== 'done') await job.moveToFailed(new UnrecoverableError(text), token);
      else if (text.length <= largestInline) await job.moveToCompleted({ text }, token, false);
      else {
        await store.set(`result:${ticket.id}`, text, keepSeconds * 1000);
        await job.moveToCompleted({ stored: true }, token, false);
      }
    } catch (error) {
      // Another attempt has begun between the look and the move.
      if (await isLost(mine)) return false;
      throw error;
    }
    held.delete(`${ticket.id} ${ticket.attempt}`);
    return true;
  }

  const isLost = ({ job, token }: { readonly job: Job; readonly token: string }) =>
    job.extendLock(token, lockMs).then(
      (renewed) => !renewed,
      () => true,
    );

  async function release(ticket: Ticket): Promise<void> {
    const mine = heldAs(ticket);
    held.delete(`${ticket.id} ${ticket.attempt}`);
    if (mine) await mine.job.moveToWait(mine.token).catch(() => {});
  }

  async function look(id: string): Promise<TaskState | undefined> {
    const seen: Job | undefined = await queue.getJob(outer(id));
    if (!seen) return undefined;
    const state = await seen.getState();
    // It may have ended between the two questions: what it came to is asked for once it is known that it has.
    const job = state === 'completed' || state === 'failed' ? ((await queue.getJob(outer(id))) ?? seen) : seen;
    const attempt = job.attemptsStarted;
    if (state === 'completed') return { ...(await endingOf(id, job.returnvalue)), attempt };
    if (state === 'failed') return { ...failureOf(job.failedReason), attempt };
    if (state === 'unknown') return undefined;
    if (state !== 'active') return { state: (await cancelled(id)) ? 'cancelled' : 'waiting', attempt };
    return { state: 'running', attempt, ...Progress.safeParse(job.progress).data };
  }

  async function endingOf(id: string, value: unknown): Promise<Omit<TaskState, 'attempt'>> {
    const inline = Data.safeParse(value).data?.text;
    const text = inline ?? (await store.get(`result:${id}`));
    if (text === undefined) return { state: 'failed', error: { code: 'lost', message: 'Its result is no longer there.' } };
    return TaskState.omit({ attempt: true }).parse(JSON.parse(text));
  }

  async function wait(id: string, { signal, tell }: Parameters<Queue['wait']>[1]): Promise<TaskState | undefined> {
    if (!events) {
      events = openEvents();
      const wake = ({ jobId }: { jobId: string }) => {
        for (const waker of wakers.get(jobId) ?? []) waker();
      };
      for (const name of ['active', 'completed', 'failed', 'progress'] as const) events.on(name, wake);
    }
    const all = wakers.get(outer(id)) ?? new Set();
    wakers.set(outer(id), all);
    for (;;) {
      const woken = new AbortController();
      const waker = () => woken.abort();
      all.add(waker);
      try {
        if (signal.aborted) throw new Stopped(signal.reason);
        const state = await look(id).catch(() => ({ state: 'waiting', attempt: 0 }) as const);
        if (state === undefined || !(state.state === 'waiting' || state.state === 'running')) return state;
        tell?.(state);
        await sleep(lookEveryMs * (0.7 + 0.6 * Math.random()), undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(
          () => {},
        );
      } finally {
        all.delete(waker);
        if (all.size === 0) wakers.delete(outer(id));
      }
    }
  }

  return {
    take,
    heartbeat,
    finish,
    release,
    look,
    wait,
    add: async (tasks: readonly Task[]) => {
      const opts = { removeOnComplete: { age: keepSeconds }, removeOnFail: { age: keepSeconds } };
      const jobs = tasks.map((task) => ({
        name: task.kind,
        data: { text: JSON.stringify(task) },
        opts: { ...opts, jobId: outer(task.id) },
      }));
      for (let at = 0; at < jobs.length; at += 500) await queue.addBulk(jobs.slice(at, at + 500));
    },
    progress: async (ticket, message) => {
      const mine = heldAs(ticket);
      if (mine) await mine.job.updateProgress({ message, worker: me });
    },
    cancel: async (id) => {
      const state = await look(id);
      if (state?.state !== 'waiting' && state?.state !== 'running') return false;
      await store.set(`cancel:${id}`, '1', 7 * dayMs);
      for (const waker of wakers.get(outer(id)) ?? []) waker();
      return true;
    },
    counts: async () => {
      const {
        waiting = 0,
        wait: ready = 0,
        active = 0,
        completed = 0,
        failed = 0,
      } = await queue.getJobCounts('waiting', 'active', 'completed', 'failed');
      return { waiting: waiting || ready, running: active, done: completed, failed, cancelled: 0 };
    },
    forget: async (ids) => {
      for (const id of ids) await queue.remove(outer(id)).catch(() => 0);
      await store.drop(ids.flatMap((id) => [`cancel:${id}`, `result:${id}`]));
    },
    close: async () => {
      await worker?.close(true).catch(() => {});
      await events?.close().catch(() => {});
      await queue.close().catch(() => {});
    },
  };
}

/** What was said of a task that did not end well; what the engine says itself is that its workers died. */
function failureOf(reason: string | undefined): Omit<TaskState, 'attempt'> {
  try {
    return TaskState.omit({ attempt: true }).parse(JSON.parse(reason ?? ''));
  } catch {
    return { state: 'failed', error: { code: 'lost', message: `Its worker died ${mostAttempts} times.` } };
  }
}
