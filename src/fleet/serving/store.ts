import { errorCodes } from '../../errors.ts';
import type { TaskState } from '../../jobs/queue.ts';
import { isJobId, type JobStore } from '../../jobs/store.ts';
import { Job } from '../../schema/job.ts';
import { Status } from '../../schema/report.ts';
import { waitFor } from '../engine/shared-limits.ts';
import type { Opened, Store } from '../engine/store.ts';

export const keepMs = 30 * 86_400_000;
const listed = 'jobs';
const mostListed = 200;

/** The task that a job is in the queue, and what a worker keeps of it on the shelf. */
export const taskOf = (job: string) => `v-${job}`;
export const fileOf = (job: string, name: string) => `job-${job}-${name}`;

/**
 * Jobs that workers run, as every server sees them: what they are lies in the store, how they stand in the queue, what they came to on
 * the shelf.
 */
export function sharedStore({ queue, shelf }: Pick<Opened, 'queue' | 'shelf'>, store: Store): JobStore {
  async function load(id: string): Promise<Job | undefined> {
    const text = isJobId(id) ? await store.get(`job:${id}`) : undefined;
    const job = text === undefined ? undefined : Job.safeParse(JSON.parse(text)).data;
    return job?.state === 'running' ? { ...job, ...standing(await queue.look(taskOf(id))) } : job;
  }
  const save = (job: Job) => store.set(`job:${job.id}`, JSON.stringify(job), keepMs);
  return {
    load,
    save,
    create: async (job) => {
      await save(job);
      await store.lease(listed, job.id, Number.MAX_SAFE_INTEGER, keepMs);
    },
    list: async () => {
      const newest = (await store.holders(listed)).slice(0, mostListed);
      const jobs = (await Promise.all(newest.map(load))).filter((job) => job !== undefined);
      return jobs.sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id));
    },
    claim: async () => true,
    lock: () => waitFor(store, 'start'),
    journal: async () => {},
    keep: async (id, name, content) => {
      await shelf.keep(fileOf(id, name), content);
      return name;
    },
    read: (id, name) => shelf.read(fileOf(id, name)),
    prune: async () => {},
  };
}

/** How a job stands by what the queue says of its task. */
function standing(task: TaskState | undefined): Partial<Job> {
  switch (task?.state) {
    case undefined:
      return { state: 'interrupted', message: 'it is no longer in the queue' };
    case 'waiting':
      return { message: 'waiting for a worker' };
    case 'running':
      return { message: task.message ?? 'begun' };
    case 'cancelled':
      return { state: 'cancelled', message: 'cancelled' };
    case 'failed': {
      const { code, message = '', hint } = task.error ?? {};
      return { state: 'failed', message: 'failed', error: { code: errorCodes.find((one) => one === code) ?? 'bug', message, hint } };
    }
    case 'done': {
      const { status, summary = '' } = Ended.parse(task.result);
      return { state: 'done', status, summary, message: summary };
    }
  }
}

/** What the task of a job comes to; its report lies on the shelf. */
export const Ended = Job.pick({ summary: true }).extend({ status: Status });
