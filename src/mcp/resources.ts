import { GlmError } from '../errors.ts';
import type { World } from '../world.ts';

/** Something a client may read by its address; with {braces} it is a template. Never the only place of anything: some clients drop links. */
export type Resource = {
  readonly name: string;
  readonly uri: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
};

const files: Readonly<Record<string, string>> = { report: 'report.md', patch: 'patch.diff', manifest: 'manifest.json' };

export const resources: readonly Resource[] = [
  {
    name: 'job-report',
    uri: 'glm-skill://jobs/{job}/report',
    title: 'Report of a job',
    description: 'The whole report as Markdown.',
    mimeType: 'text/markdown',
  },
  {
    name: 'job-patch',
    uri: 'glm-skill://jobs/{job}/patch',
    title: 'Patch of a job',
    description: 'The patch as a unified diff.',
    mimeType: 'text/x-diff',
  },
  {
    name: 'job-manifest',
    uri: 'glm-skill://jobs/{job}/manifest',
    title: 'Manifest of a job',
    description: 'What was sent and what was left out.',
    mimeType: 'application/json',
  },
];

export async function readResource(uri: URL, world: World): Promise<string> {
  const [, job = '', name = ''] = uri.pathname.split('/');
  const file = uri.protocol === 'glm-skill:' && uri.host === 'jobs' && Object.hasOwn(files, name) ? files[name] : undefined;
  const text = file === undefined ? undefined : await world.jobs.store.read(job, file);
  if (text === undefined) throw new GlmError('no_job', `There is no ${uri.href}.`, { hint: 'glm-skill jobs lists the jobs.' });
  return text;
}
