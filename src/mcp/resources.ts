import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GlmError } from '../errors.ts';
import { good } from '../report/tone.ts';
import { findPackage } from '../setup/launch.ts';
import type { Wiring } from '../wiring.ts';
import view from './view.html?raw';

/**
 * Something a client may read by its address; with {braces} it is a template, whose names `names` gives. Never the only place of
 * anything: some clients drop links.
 */
export type Resource = {
  readonly name: string;
  readonly uri: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  readonly names?: ((wiring: Wiring) => Promise<readonly string[]>) | undefined;
};

/** A report in the chat of hosts that show views of tools (MCP Apps), with buttons that apply and reject its patch. */
export const viewUri = 'ui://glm-skill/report';

const skill = () => join(findPackage().root, 'skills', 'glm-skill');
const jobFiles: Readonly<Record<string, string>> = { report: 'report.md', patch: 'patch.diff', manifest: 'manifest.json' };
const shownJobs = 100;

export const resources: readonly Resource[] = [
  jobResource('report', 'Report of a job', 'The whole report as Markdown.', 'text/markdown'),
  jobResource('patch', 'Patch of a job', 'The patch as a unified diff.', 'text/x-diff'),
  jobResource('manifest', 'Manifest of a job', 'What was sent and what was left out.', 'application/json'),
  {
    name: 'report-view',
    uri: viewUri,
    title: 'Report in the chat',
    description: 'Shows the report of a call, with buttons to apply or reject its patch.',
    mimeType: 'text/html;profile=mcp-app',
  },
  {
    name: 'skill',
    uri: 'glm-skill://skill',
    title: 'The skill',
    description: 'How to use GLM and these tools.',
    mimeType: 'text/markdown',
  },
  {
    name: 'variants',
    uri: 'glm-skill://variants',
    title: 'GLM variants',
    description: 'Limits and prices as a table.',
    mimeType: 'text/markdown',
  },
  {
    name: 'reference',
    uri: 'glm-skill://references/{page}',
    title: 'A page of the skill',
    description: 'API, errors, reports, configuration, languages, set-up.',
    mimeType: 'text/markdown',
    names: () => listNames(join(skill(), 'references'), '.md'),
  },
  {
    name: 'schema',
    uri: 'glm-skill://schemas/{name}',
    title: 'A JSON Schema',
    description: 'Of reports, manifests, jobs, settings, requests.',
    mimeType: 'application/json',
    names: () => listNames(join(skill(), 'assets', 'schemas'), '.schema.json'),
  },
];

function jobResource(file: string, title: string, description: string, mimeType: string): Resource {
  const names = async ({ jobs }: Wiring) => (await jobs.store.list()).slice(0, shownJobs).map(({ id }) => id);
  return { name: `job-${file}`, uri: `glm-skill://jobs/{job}/${file}`, title, description, mimeType, names };
}

async function listNames(folder: string, ending: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
}

export async function readResource(uri: URL, wiring: Wiring): Promise<string> {
  const text = await find(uri, wiring);
  if (text === undefined) throw new GlmError('no_job', `There is no ${uri.href}.`, { hint: 'glm-skill jobs lists the jobs.' });
  return text;
}

async function find(uri: URL, wiring: Wiring): Promise<string | undefined> {
  const [, first = '', second = ''] = uri.pathname.split('/');
  const page = (name: string, folder: string, ending: string) =>
    /^[\w-]{1,60}$/.test(name) ? read(join(skill(), folder, `${name}${ending}`)) : undefined;
  switch (`${uri.protocol}//${uri.host}`) {
    case 'glm-skill://jobs':
      return Object.hasOwn(jobFiles, second) ? wiring.jobs.store.read(first, jobFiles[second] ?? '') : undefined;
    case 'ui://glm-skill':
      return uri.href === viewUri ? view.replace('/* good statuses */ []', JSON.stringify([...good])) : undefined;
    case 'glm-skill://skill':
      return read(join(skill(), 'SKILL.md'));
    case 'glm-skill://variants':
      return (await import('../uses/variants.ts')).listVariants({}, await wiring.variants(false)).text;
    case 'glm-skill://references':
      return page(first, 'references', '.md');
    case 'glm-skill://schemas':
      return page(first, join('assets', 'schemas'), '.schema.json');
    default:
      return undefined;
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
