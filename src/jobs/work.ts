import type { Deps } from '../schema/deps.ts';
import type { Job } from '../schema/job.ts';
import type { Tell } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';

/**
 * What a job runs, and on what. `tree` names the state of the files: an equal call on an equal tree is the same job. Without it nothing
 * that has ended is used again.
 */
export type Work = {
  readonly verb: string;
  readonly root: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly tree: string | undefined;
  /** Whether equal calls of all processes are one job: because it is paid for, or takes a test run. */
  readonly shared: boolean;
  readonly run: (deps: Deps) => Promise<Report>;
};

/** A job that is under way. `done` rejects with what the corridor threw. */
export type Running = {
  readonly id: string;
  readonly root: string;
  readonly done: Promise<Report>;
  /** Whether this is a result that was made for an earlier call, which perhaps never got it. */
  readonly again: boolean;
  readonly latest: () => string;
  readonly follow: (tell: Tell) => () => void;
  readonly stop: (as: 'cancelled' | 'interrupted') => void;
};

/** The record of a job whose result was sent: `perhaps` it was lost on the way, and counts as fetched from the second time on. */
export function handedOut(job: Job, perhaps: boolean): Job {
  return perhaps && !job.handed ? { ...job, handed: true } : { ...job, fetched: true };
}

/** The result of an earlier equal call, and the word that it is. */
export function madeBefore(report: Report): Report {
  const word =
    'An equal call on the same files made this result before, so nothing was run or paid for; the same call once more starts anew.';
  return { ...report, warnings: [...report.warnings, word] };
}
