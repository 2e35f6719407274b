import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GlmError, messageOf } from '../errors.ts';
import { type Client, clients as table } from './clients.ts';
import { findClients } from './find-clients.ts';
import { findEntries, type Held, openTrial } from './find-entries.ts';
import { findPackage } from './launch.ts';
import { callIt, resolvePlace } from './place.ts';
import { readRecord } from './record.ts';
import { hashSkills } from './shipped.ts';
import { setupStatus } from './status.ts';
import type { SetupOptions } from './steps.ts';

/** One finding: a sentence, and for `warn` and `fail` what to do about it. */
export type DoctorLine = { readonly level: 'ok' | 'warn' | 'fail'; readonly topic: string; readonly message: string };

/** Checks what the clients of this workspace and user see of skill and server, and starts what setup wrote. Writes nothing. */
export async function doctorClients(options: Omit<SetupOptions, 'scope'>, online: boolean): Promise<readonly DoctorLine[]> {
  const workspace = { ...options, scope: 'workspace' } as const;
  const found = await findClients(workspace);
  const names = found.map(({ name, why }) => `${name} (${why})`);
  return [
    found.length > 0
      ? ok('clients', `Found ${names.join(', ')}.`)
      : warn('clients', 'No client was found; name one with `glm-skill setup --client`.'),
    ...(await guarded('setup', () => setupLines(workspace))),
    ...(await guarded('servers', () => serverLines(workspace, online))),
    ...(await guarded('skills', () => duplicateLines(workspace))),
  ];
}

const ok = (topic: string, message: string): DoctorLine => ({ level: 'ok', topic, message });
const warn = (topic: string, message: string): DoctorLine => ({ level: 'warn', topic, message });
const fail = (topic: string, message: string): DoctorLine => ({ level: 'fail', topic, message });

async function guarded(topic: string, look: () => Promise<readonly DoctorLine[]>): Promise<readonly DoctorLine[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof GlmError) return [fail(topic, [messageOf(error), error.hint].filter(Boolean).join(' '))];
    throw error;
  }
}

async function setupLines(options: SetupOptions): Promise<readonly DoctorLine[]> {
  const scopes = ['workspace', 'user'] as const;
  const records = await Promise.all(scopes.map((scope) => readRecord(options.folders, options.root, scope)));
  const lines = await Promise.all(
    scopes.flatMap((scope, index) => {
      const record = records[index];
      return record ? [statusLine({ ...options, scope })] : [];
    }),
  );
  if (records.every((record) => record !== undefined)) {
    return [
      ...lines,
      warn('setup', 'It is set up for this workspace and for the user: run `glm-skill remove` or `glm-skill remove --user`.'),
    ];
  }
  return lines.length > 0 ? lines : [warn('setup', 'Setup did not run here from this account: run `glm-skill setup`.')];
}

async function statusLine(options: SetupOptions): Promise<DoctorLine> {
  const { items } = await setupStatus(options);
  const user = options.scope === 'user' ? ' --user' : '';
  const bad = items.filter(({ state }) => state !== 'ok');
  if (bad.length === 0) return ok('setup', `All ${items.length} copies and entries for the ${options.scope} are up to date.`);
  const list = bad.map(({ path, state }) => `${path} is ${state}`).join(', ');
  const stuck = bad.some(({ state }) => state === 'edited' || state === 'blocked');
  return warn('setup', `${list}: run \`glm-skill update${user}\`${stuck ? ', with --force to give up local edits' : ''}.`);
}

/** Every file that a client found here reads: broken, without our server, with it twice, or with one that does not start. */
async function serverLines(options: SetupOptions, online: boolean): Promise<readonly DoctorLine[]> {
  const present = (await findClients(options)).map(({ id }) => id);
  const entries = await findEntries(options, new Set(present));
  const start = openTrial(options, online);
  const lines = await Promise.all(
    table
      .filter(({ id }) => present.includes(id))
      .map((client) =>
        clientLines(
          client,
          entries.filter((one) => one.client === client),
          start,
        ),
      ),
  );
  return lines.flat();
}

async function clientLines(client: Client, entries: readonly Held[], start: ReturnType<typeof openTrial>): Promise<readonly DoctorLine[]> {
  const lines: DoctorLine[] = [];
  const held = entries.flatMap((one) => ('broken' in one ? [] : [one]));
  for (const one of entries) if ('broken' in one) lines.push(fail(client.name, one.broken));
  for (const { file, entry } of held) {
    if (holdsKey(entry))
      lines.push(fail(client.name, `${file} seems to hold a key: take it out, and run \`glm-skill login\` or set RUNAPI_API_KEY.`));
  }
  if (held.length > 1) {
    const files = held.map(({ file }) => file).join(' and ');
    lines.push(warn(client.name, `The server is named in ${files}: one of them is enough.`));
  }
  for (const one of held) {
    const trial = await start(one);
    const note = client.note ? ` ${client.note}` : '';
    lines.push(
      trial.started
        ? ok(client.name, `The server in ${one.file} starts: ${trial.tools} tools in ${trial.ms} ms.${note}`)
        : warn(client.name, `The server in ${one.file} does not start: ${trial.why}. Run \`glm-skill update\`, or setup with --force.`),
    );
  }
  if (entries.length === 0)
    lines.push(warn(client.name, `The server is in none of its files: run \`glm-skill setup --client ${client.id}\`.`));
  return lines;
}

/** A value that looks like a key rather than a variable's name. */
function holdsKey(entry: unknown): boolean {
  return /"\w*(?:API_KEY|RUNAPI_KEY|TOKEN)":\s*"(?!\$|<|%|\{)[^"]{8,}"/.test(JSON.stringify(entry) ?? '');
}

/** The same skill for the workspace and for the user: clients list it twice, or prefer the user's, which may be older. */
async function duplicateLines(options: SetupOptions): Promise<readonly DoctorLine[]> {
  const shipped = await hashSkills((options.package ?? findPackage()).root);
  const folders = (scope: 'workspace' | 'user') => [...new Set(table.map(({ skills }) => resolvePlace(skills[scope], options)))];
  const copies = (scope: 'workspace' | 'user', skill: string) =>
    folders(scope).filter((folder) => existsSync(join(folder, skill, 'SKILL.md')));
  const lines = shipped.flatMap(({ skill }) => {
    const [own, users] = [copies('workspace', skill), copies('user', skill)];
    if (own.length === 0 || users.length === 0) return [];
    const places = users.map((folder) => callIt(join(folder, skill), options)).join(' and ');
    return [warn('skills', `${skill} is in the workspace and at ${places}: Claude Code takes the user's, Codex lists both. Delete one.`)];
  });
  return lines.length > 0 ? lines : [ok('skills', 'No skill is installed twice.')];
}
