import { setTimeout as sleep } from 'node:timers/promises';
import { GlmError } from '../errors.ts';
import { nameJob } from '../jobs/find-job.ts';
import { loadReport } from '../jobs/store.ts';
import type { Job } from '../schema/job.ts';
import { isAsked } from '../schema/report.ts';
import { pending, reportResult, show, waitFor, waitSeconds } from './answer.ts';
import { onceSent } from './delivery.ts';
import type { ToolContext, ToolResult } from './tool.ts';

type GetJob = {
  job: string;
  wait?: number | undefined;
  cancel?: boolean | undefined;
  whole?: boolean | undefined;
  max_chars?: number | undefined;
  offset?: number | undefined;
};

/** How often the record of a job is looked at that another process runs. */
const lookEveryMs = 500;

/** Waits for a job and gives its result; or stops it, or puts the patch of one that has ended aside. */
export async function getJob({ job: typed, wait = waitSeconds, cancel, ...shape }: GetJob, context: ToolContext): Promise<ToolResult> {
  const { jobs } = context.wiring;
  const id = await nameJob(jobs.store, typed);
  const until = performance.now() + wait * 1000;
  const running = jobs.running(id);
  if (running && !cancel) return show(running, await waitFor(running, context, until), shape, context);
  if (running) {
    running.stop('cancelled');
    await running.done.catch(() => {});
  }
  let job = await jobs.store.load(id);
  if (job?.state === 'running' && cancel && !(await jobs.cancel?.(id))) {
    throw new GlmError('busy', `Job ${id} runs in another process (${job.pid}), which alone can stop it.`, {
      hint: 'End that process; the same call resumes the job.',
    });
  }
  while (job?.state === 'running' && performance.now() < until && !context.signal.aborted && !context.draining.aborted) {
    context.tell({ type: 'progress', message: job.message });
    await sleep(Math.min(lookEveryMs, until - performance.now()));
    job = await jobs.store.load(id);
  }
  if (!job) throw new GlmError('no_job', `There is no job ${id}.`, { hint: 'Jobs are kept for 30 days; start the work again.' });
  const report = job.state === 'done' ? await loadReport(jobs.store, id) : undefined;
  if (report?.patch && cancel && !running) return putAside(job, context);
  if (report) {
    onceSent((perhaps) => jobs.fetched(id, perhaps && isAsked(report)));
    return reportResult(report, shape);
  }
  if (job.state === 'running') return pending(job, context.draining.aborted);
  const summary =
    job.state === 'cancelled' && job.message === aside
      ? aside
      : job.error
        ? `${job.error.message}${job.error.hint ? ` ${job.error.hint}` : ''}`
        : `${job.state} at stage ${job.stage}`;
  const next = job.state === 'interrupted' ? ['Make the same call again: it resumes and pays for nothing twice.'] : [];
  return {
    structured: { status: job.state, job: id, root: job.root, summary, ...(job.error && { code: job.error.code }), next },
    text: `Job \`${id}\` (${job.state}) · root \`${job.root}\`: ${summary}\n${next.join('\n')}`,
  };
}

const aside = 'Its patch was put aside: apply_patch leaves it out. What was applied before stays.';

/** A result that was turned down is no result any more: none that apply takes by itself, and none that an equal call is answered with. */
async function putAside(job: Job, { wiring }: ToolContext): Promise<ToolResult> {
  await wiring.jobs.store.save({ ...job, state: 'cancelled', message: aside });
  return {
    structured: { status: 'cancelled', job: job.id, root: job.root, summary: aside },
    text: `Job \`${job.id}\` · root \`${job.root}\`: ${aside}`,
  };
}
