import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Job } from '../schema/job.ts';
import type { Event, Tell } from '../schema/model.ts';
import { describe } from './describe.ts';
import type { JobStore } from './store.ts';

/** How long a write of what was paid for is tried again, in ms: a full disk may have room a moment later. */
const pausesMs: readonly number[] = [50, 300, 1_000];

/**
 * The record of a job while it runs. A write of progress that fails stops nothing; what was worked for is tried again, and where it
 * cannot be kept it is handed over all the same, with the reason.
 */
export type JobRecord = {
  readonly job: () => Job;
  readonly tell: Tell;
  readonly follow: (tell: Tell) => () => void;
  readonly save: (change: Partial<Job>) => void;
  /** Why these files, name and content, could not be kept, or undefined. */
  readonly keep: (files: readonly (readonly [name: string, content: string])[]) => Promise<string | undefined>;
  /** Waits for all that is being written. */
  readonly settle: () => Promise<void>;
};

export function openRecord(first: Job, event: 'started' | 'resumed', store: JobStore, now: () => number): JobRecord {
  const time = () => new Date(now()).toISOString();
  const followers = new Set<Tell>();
  let job = first;
  const quietly = (write: () => Promise<void>) => {
    writes = writes.then(write).catch(() => {});
  };
  let writes = store.create(job).catch(() => {});
  quietly(() => store.journal(job.id, { at: time(), event, verb: job.verb }));
  const save = (change: Partial<Job>) => {
    job = { ...job, ...change, updated: time() };
    const record = job;
    quietly(() => store.save(record));
  };
  return {
    job: () => job,
    save,
    tell: (event: Event) => {
      const message = describe(event);
      if (event.type === 'stage') {
        save({ stage: event.stage, message });
        const line = { at: time(), event: 'stage', stage: event.stage, message };
        quietly(() => store.journal(job.id, line));
      } else job = { ...job, message };
      for (const follower of followers) follower(event);
    },
    follow: (follower) => {
      followers.add(follower);
      return () => followers.delete(follower);
    },
    keep: async (files) => {
      for (const [name, content] of files) {
        const problem = await insist(() => store.keep(job.id, name, content));
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    settle: () => writes,
  };
}

/** Tries until it succeeds or time is up; then the reason. */
export async function insist(write: () => Promise<unknown>): Promise<string | undefined> {
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      await write();
      return undefined;
    } catch (error) {
      if (pauseMs === undefined) return messageOf(error);
      await sleep(pauseMs);
    }
  }
  return undefined;
}
