import { GlmError } from '../errors.ts';
import { loadReport } from '../jobs/store.ts';
import { toMarkdown } from '../report/markdown.ts';
import type { Wiring } from '../wiring.ts';

type Shown = { readonly exitCode: number; readonly text: string; readonly json: unknown };

/** Past and present jobs, newest first. */
export async function listJobs(wiring: Wiring): Promise<Shown> {
  const jobs = await wiring.jobs.store.list();
  const lines = jobs.map(
    (job) =>
      `${job.id}  ${job.created.slice(0, 19)}Z  ${job.verb} ${job.status ?? job.state}  ${job.root}\n    ${job.summary ?? job.message}`,
  );
  return { exitCode: 0, json: { jobs }, text: lines.length > 0 ? `${lines.join('\n')}\n` : 'No jobs yet.\n' };
}

/** One job: its report when it has one, else where it stands. */
export async function showJob(wiring: Wiring, id: string): Promise<Shown> {
  const { store } = wiring.jobs;
  const job = await store.load(id);
  if (!job) throw new GlmError('no_job', `There is no job ${id}.`, { hint: 'glm-skill jobs lists them.' });
  const report = await loadReport(store, id);
  const error = job.error ? `${job.error.code}: ${job.error.message}\n${job.error.hint ?? ''}` : job.message;
  return {
    exitCode: 0,
    json: { job, ...(report && { report }) },
    text: report ? toMarkdown(report) : `${job.verb} ${job.state} at ${job.stage}: ${error}\n`,
  };
}
