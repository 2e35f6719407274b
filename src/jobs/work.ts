import type { Deps } from '../schema/deps.ts';
import type { Tell } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import type { JobStore } from './store.ts';

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

/** Notes that the result of a job was sent: `perhaps` it was lost on the way, and counts as fetched from the second time on. */
export async function noteSent({ load, save }: Pick<JobStore, 'load' | 'save'>, id: string, perhaps = false): Promise<void> {
  const job = await load(id);
  if (job?.state !== 'done' || job.fetched) return;
  // One that cannot be noted is handed out once more, which costs nothing.
  await save({ ...job, ...(perhaps && !job.handed ? { handed: true } : { fetched: true }) }).catch(() => {});
}

/** The result of an earlier equal call, and the word that it is. */
export function madeBefore(report: Report): Report {
  const word =
    'An equal call on the same files made this result before, so nothing was run or paid for; the same call once more starts anew.';
  return { ...report, warnings: [...report.warnings, word] };
}
