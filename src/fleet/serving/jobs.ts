import { createHash } from 'node:crypto';
import { GlmError, Stopped } from '../../errors.ts';
import type { TaskState } from '../../jobs/queue.ts';
import { type Jobs, keyOf } from '../../jobs/run.ts';
import { openScrub } from '../../jobs/scrub.ts';
import { type JobStore, loadReport, newJobId } from '../../jobs/store.ts';
import { madeBefore, noteSent, type Running, type Work } from '../../jobs/work.ts';
import type { Job } from '../../schema/job.ts';
import type { Account, Tell } from '../../schema/model.ts';
import type { Wiring } from '../../wiring.ts';
import type { Opened, Store } from '../engine/store.ts';
import { keepMs, taskOf } from './store.ts';

type Asked = {
  readonly opened: Opened & { readonly store: Store };
  /** The jobs of whoever asks, and no others. */
  readonly jobs: JobStore;
  readonly account: Account | undefined;
  readonly wiring: Wiring;
};

/**
 * Jobs that others do: what is started goes into the queue, and is waited for there, whichever server started it. Nothing of them runs
 * here, so to go down is to look away.
 */
export function queuedJobs({ opened, jobs, account, wiring }: Asked): Jobs {
  const { queue, store } = opened;
  const here = new Map<string, { readonly running: Running; readonly leave: () => void }>();

  async function start(work: Work): Promise<Running> {
    const key = keyOf(work);
    const name = `job-of:${createHash('sha256')
      .update(JSON.stringify([account?.name, key]))
      .digest('hex')}`;
    // Equal calls at two servers must meet.
    const release = work.shared ? await jobs.lock() : () => {};
    try {
      const earlier = work.shared ? await jobs.load((await store.get(name)) ?? '') : undefined;
      if (earlier?.state === 'running') return follow(earlier, false);
      if (earlier?.state === 'done' && !earlier.fetched && work.tree !== undefined) return follow(earlier, true);
      const job = newJob(work, key, wiring.now());
      const input = await travelling(work, wiring);
      await jobs.create(job);
      await queue.add([{ id: taskOf(job.id), kind: 'verb', data: { job: job.id, verb: work.verb, root: work.root, input, account } }]);
      if (work.shared) await store.set(name, job.id, keepMs);
      return follow(job, false);
    } finally {
      release();
    }
  }

  function follow(job: Job, again: boolean): Running {
    const known = here.get(job.id);
    if (known) return known.running;
    const followers = new Set<Tell>();
    const gone = new AbortController();
    let { message } = job;
    const tell = (state: TaskState) => {
      if (state.message === undefined || state.message === message) return;
      message = state.message;
      for (const follower of followers) follower({ type: 'progress', message });
    };
    const done = (async () => {
      const ended = await queue.wait(taskOf(job.id), { signal: gone.signal, tell });
      const report = ended?.state === 'done' ? await loadReport(jobs, job.id) : undefined;
      if (report) return again ? madeBefore(report) : report;
      if (ended?.state === 'cancelled') throw new Stopped();
      const { error } = (await jobs.load(job.id)) ?? {};
      if (error && error.code !== 'bug') throw new GlmError(error.code, error.message, { hint: error.hint });
      throw new GlmError('no_job', error?.message ?? `Job ${job.id} is no longer in the queue.`, { hint: 'Make the same call again.' });
    })().finally(() => here.delete(job.id));
    done.catch(() => {});
    const running: Running = {
      id: job.id,
      root: job.root,
      done,
      again,
      latest: () => message,
      follow: (follower) => {
        followers.add(follower);
        return () => followers.delete(follower);
      },
      stop: () => void queue.cancel(taskOf(job.id)).catch(() => {}),
    };
    here.set(job.id, { running, leave: () => gone.abort() });
    return running;
  }

  return {
    start,
    store: jobs,
    running: (id) => here.get(id)?.running,
    cancel: async (id) => (await jobs.load(id)) !== undefined && queue.cancel(taskOf(id)),
    fetched: (id, perhaps) => noteSent(jobs, id, perhaps),
    close: async () => {
      for (const { leave } of here.values()) leave();
    },
  };
}

function newJob({ verb, root, input }: Work, key: string, now: number): Job {
  const at = new Date(now).toISOString();
  const base = { version: 1, id: newJobId(), verb, root, key, input, state: 'running', stage: 'queue', fetched: false } as const;
  return { ...base, message: 'waiting for a worker', created: at, updated: at, pid: 0, owner: '' };
}

/** The input as it travels: without secrets. What would no longer be the same without them stays here. */
async function travelling({ root, input }: Work, wiring: Wiring): Promise<Record<string, unknown>> {
  const { redactor } = await openScrub(root, [], wiring);
  const clean = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => clean(one, name));
    if (typeof value !== 'string') return value;
    const { text } = redactor.redact(value);
    if (text === value || name !== 'patch') return text;
    throw new GlmError('bad_input', 'The patch holds a secret, so it does not travel to a worker.', {
      hint: 'Prove it where the repository lies: glm-skill prove.',
    });
  };
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, clean(value, name)]));
}
