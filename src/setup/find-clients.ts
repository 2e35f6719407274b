import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { GlmError } from '../errors.ts';
import { type Client, clients as table } from './clients.ts';
import { callIt, type Ground, resolvePlace } from './place.ts';

/** A client that seems to be in use, and what shows it. */
export type Found = { readonly id: string; readonly name: string; readonly where: 'workspace' | 'user'; readonly why: string };

/** Looks for traces of clients: first in the workspace, then with the user and on PATH. */
export async function findClients(ground: Ground): Promise<readonly Found[]> {
  return table.flatMap((client) => traceOf(client, ground) ?? []);
}

function traceOf({ id, name, marks }: Client, ground: Ground): Found | undefined {
  const inside = marks.workspace.find((mark) => existsSync(join(ground.root, mark)));
  if (inside) return { id, name, where: 'workspace', why: `${inside} is in the workspace` };
  const own = marks.user.find((mark) => existsSync(resolvePlace(mark, ground)));
  if (own) return { id, name, where: 'user', why: `${callIt(resolvePlace(own, ground), ground)} exists` };
  const program = marks.programs.find((program) => onPath(program, ground));
  return program ? { id, name, where: 'user', why: `${program} is on the PATH` } : undefined;
}

function onPath(program: string, { env, platform }: Ground): boolean {
  const endings = platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, program + ending))));
}

/** The clients that are meant: those named, else those found in this scope, and always Claude Code. Throws `bad_input` for an unknown name. */
export function chooseClients(
  { clients, scope }: { readonly clients?: readonly string[] | undefined; readonly scope: 'workspace' | 'user' },
  found: readonly Found[],
): readonly Client[] {
  if (!clients) {
    const ids = new Set(found.filter(({ where }) => scope === 'user' || where === 'workspace').map(({ id }) => id));
    return table.filter(({ id }) => id === 'claude' || ids.has(id));
  }
  if (clients.includes('all')) return table;
  const chosen = new Set(clients.map((name) => clientNamed(name)));
  return table.filter((client) => chosen.has(client));
}

export function clientNamed(name: string): Client {
  const wanted = name.trim().toLowerCase();
  const client = table.find(({ id, aliases }) => id === wanted || aliases?.includes(wanted));
  if (client) return client;
  throw new GlmError('bad_input', `There is no client "${name}".`, { hint: `Use one of: ${table.map(({ id }) => id).join(', ')}, all.` });
}
