import { platform } from 'node:os';
import { dirname } from 'node:path';
import type { Environment } from '../config.ts';
import { GlmError } from '../errors.ts';
import { loadReport } from '../jobs/store.ts';
import { runProcess } from '../process/run.ts';
import { toMarkdown } from '../report/markdown.ts';
import { type Door, withNext } from '../report/next.ts';
import type { Report } from '../schema/report.ts';
import type { Wiring } from '../wiring.ts';

type Shown = {
  readonly exitCode: number;
  readonly text: string;
  readonly json: unknown;
  readonly report?: Report | undefined;
  readonly page?: (() => Promise<string>) | undefined;
};

/** Past and present jobs, newest first. */
export async function listJobs(wiring: Wiring): Promise<Shown> {
  const jobs = await wiring.jobs.store.list();
  const lines = jobs.map((job) => {
    const why = job.error ? `${job.error.code}: ${job.error.message}` : (job.summary ?? job.message);
    return `${job.id}  ${job.created.slice(0, 19)}Z  ${job.verb} ${job.status ?? job.state}  ${job.root}\n    ${why}`;
  });
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
    report,
    text: report ? toMarkdown(report) : `${job.verb} ${job.state} at ${job.stage}: ${error}\n`,
  };
}

/** Makes the page of a job and shows it in the user's browser, where there is a screen to show it on. A file that was named gets it too. */
export async function openJob({ jobs: { store }, env }: Wiring, id: string, door: Door): Promise<Shown> {
  const report = await loadReport(store, id);
  if (!report) throw new GlmError('no_job', `Job ${id} is unknown or has no report yet.`, { hint: 'glm-skill jobs lists them.' });
  const { toHtml } = await import('../report/html/page.ts');
  const page = toHtml(withNext(report, door));
  const path = await store.keep(id, 'report.html', page);
  const opener = openerOf(env);
  const result = opener && (await runProcess({ argv: [...opener, path], cwd: dirname(path), env, timeoutMs: 5_000 }));
  const shown = result?.end === 'exited' && result.exitCode === 0;
  return {
    exitCode: 0,
    json: { job: id, path, shown },
    page: async () => page,
    text: shown ? `Opened ${path}\n` : `Open this page: ${path}\n`,
  };
}

function openerOf(env: Environment): readonly string[] | undefined {
  if (platform() === 'darwin') return ['open'];
  if (platform() === 'win32') return ['explorer.exe'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
