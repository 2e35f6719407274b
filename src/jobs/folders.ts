import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { link, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Stopped } from '../errors.ts';
import { isAlive, startOf } from '../process/alive.ts';
import { privateFolder, writeAtomic } from '../store.ts';
import { type Counts, checkId, mostAttempts, type Queue, type Shelf, type Task, TaskState, type Ticket } from './queue.ts';

const pollMs = 150;
/** On another machine that shares the folder nobody can look whether a process lives. */
const staleMs = 60_000;

const Stored = z.object({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()) });
const Holder = z.object({ pid: z.number().int(), started: z.string(), host: z.string() });

/**
 * The embedded queue: a folder per task below `tasks/`, which any process of this machine may work on. An attempt is a file that only one
 * can make; a later one fences the earlier. `open/` names what has not ended, in order.
 */
export function openFolderQueue(folder: string): Queue {
  const tasks = join(folder, 'tasks');
  const open = join(folder, 'open');
  const at = (id: string, ...name: string[]) => join(tasks, checkId(id), ...name);
  let order = 0;

  async function add(all: readonly Task[]): Promise<void> {
    await privateFolder(tasks);
    await privateFolder(open);
    for (const task of all) {
      const path = at(task.id);
      // The folder appears with its task in it, or not at all.
      const fresh = `${path}.${process.pid}`;
      await privateFolder(fresh);
      await writeFile(join(fresh, 'task.json'), JSON.stringify(task), { mode: 0o600 });
      const isNew = await rename(fresh, path).then(
        () => true,
        () => false,
      );
      if (!isNew) await rm(fresh, { recursive: true, force: true });
      else await writeFile(join(open, `${String(Date.now()).padStart(15, '0')}${String(order++).padStart(9, '0')}-${task.id}`), '');
    }
  }

  /** The number of the last attempt, and whether somebody works on it. */
  function held(id: string): { readonly attempt: number; readonly busy: boolean; readonly worker?: string } {
    const names = namesIn(at(id));
    const attempt = Math.max(0, ...names.map((name) => Number(/^attempt-(\d+)$/.exec(name)?.[1] ?? 0)));
    if (attempt === 0 || names.includes(`released-${attempt}`)) return { attempt, busy: false };
    const path = at(id, `attempt-${attempt}`);
    const holder = Holder.safeParse(jsonOf(readOrNothing(path))).data;
    if (holder?.host === hostname()) return { attempt, busy: isAlive(holder), worker: `${holder.host}:${holder.pid}` };
    return { attempt, busy: ageMs(path) < staleMs, ...(holder && { worker: `${holder.host}:${holder.pid}` }) };
  }

  async function begin(id: string): Promise<Ticket | undefined> {
    const { attempt, busy } = held(id);
    if (busy) return undefined;
    const names = namesIn(at(id));
    const lost = attempt - names.filter((name) => name.startsWith('released-')).length;
    if (names.includes('cancel')) {
      await settle(id, { state: 'cancelled' });
      return undefined;
    }
    if (lost >= mostAttempts) {
      await settle(id, { state: 'failed', error: { code: 'lost', message: `Its worker died ${lost} times.` } });
      return undefined;
    }
    const task = Stored.safeParse(jsonOf(readOrNothing(at(id, 'task.json')))).data;
    if (!task) return undefined;
    const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), host: hostname() });
    const made = await writeFile(at(id, `attempt-${attempt + 1}`), mine, { flag: 'wx', mode: 0o600 }).then(
      () => true,
      () => false,
    );
    return made ? { ...task, attempt: attempt + 1 } : undefined;
  }

  /** The first ending counts: a link is made once. */
  async function settle(id: string, ending: object): Promise<boolean> {
    const temporary = at(id, `end.${process.pid}.${order++}`);
    await writeFile(temporary, JSON.stringify(ending), { mode: 0o600 });
    const first = await link(temporary, at(id, 'end.json')).then(
      () => true,
      () => false,
    );
    await rm(temporary, { force: true });
    for (const name of namesIn(open)) if (name.endsWith(`-${id}`)) await rm(join(open, name), { force: true });
    return first;
  }

  async function take(signal: AbortSignal): Promise<Ticket> {
    for (;;) {
      for (const name of namesIn(open).sort()) {
        if (signal.aborted) throw new Stopped(signal.reason);
        const ticket = await begin(name.slice(name.indexOf('-') + 1));
        if (ticket) return ticket;
      }
      await sleep(pollMs * (0.5 + Math.random()), undefined, { signal }).catch((error: unknown) => {
        throw new Stopped(error);
      });
    }
  }

  async function look(id: string): Promise<TaskState | undefined> {
    if (readOrNothing(at(id, 'task.json')) === '') return undefined;
    const ended = TaskState.partial({ attempt: true }).safeParse(jsonOf(readOrNothing(at(id, 'end.json')))).data;
    const { attempt, busy, worker } = held(id);
    if (ended) return { ...ended, attempt };
    const message = readOrNothing(at(id, 'progress'));
    return { state: busy ? 'running' : 'waiting', attempt, ...(message && { message }), ...(busy && worker && { worker }) };
  }

  const isOurs = ({ id, attempt }: Ticket) => held(id).attempt === attempt;
  return {
    add,
    take,
    look,
    heartbeat: async (ticket) => {
      if (!isOurs(ticket)) return 'lost';
      await utimes(at(ticket.id, `attempt-${ticket.attempt}`), new Date(), new Date()).catch(() => {});
      return namesIn(at(ticket.id)).includes('cancel') ? 'cancelled' : 'ours';
    },
    progress: async (ticket, message) => {
      if (isOurs(ticket)) await writeFile(at(ticket.id, 'progress'), message, { mode: 0o600 });
    },
    finish: async (ticket, ending) => isOurs(ticket) && settle(ticket.id, ending),
    release: async ({ id, attempt }) => writeFile(at(id, `released-${attempt}`), '', { mode: 0o600 }),
    cancel: async (id) => {
      const state = await look(id);
      if (state?.state !== 'waiting' && state?.state !== 'running') return false;
      await writeFile(at(id, 'cancel'), '', { mode: 0o600 });
      if (!held(id).busy) await settle(id, { state: 'cancelled' });
      return true;
    },
    wait: async (id, { signal, tell }) => {
      for (;;) {
        const state = await look(id);
        if (state === undefined || !(state.state === 'waiting' || state.state === 'running')) return state;
        tell?.(state);
        await sleep(pollMs, undefined, { signal }).catch((error: unknown) => {
          throw new Stopped(error);
        });
      }
    },
    counts: async () => {
      const counts = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
      for (const id of namesIn(tasks)) {
        const state = /\./.test(id) ? undefined : await look(id);
        if (state) counts[state.state]++;
      }
      return counts satisfies Counts;
    },
    forget: async (ids) => {
      for (const id of ids) await rm(at(id), { recursive: true, force: true });
    },
    close: async () => {},
  };
}

const shelfDays = 30;
const keepsPerSweep = 64;

/** Texts below one folder, each a file named by a digest of its name. What nobody has kept anew for a month goes. */
export function openFolderShelf(folder: string): Shelf {
  let keeps = 0;
  const path = (name: string) => join(folder, createHash('sha256').update(name).digest('hex').slice(0, 40));
  return {
    keep: async (name, text) => {
      await writeAtomic(path(name), text);
      if (keeps++ % keepsPerSweep > 0) return;
      for (const old of namesIn(folder))
        if (ageMs(join(folder, old)) > shelfDays * 86_400_000) await rm(join(folder, old), { force: true });
    },
    read: (name) => readFile(path(name), 'utf8').catch(() => undefined),
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function ageMs(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
