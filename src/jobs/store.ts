import { randomBytes } from 'node:crypto';
import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GlmError } from '../errors.ts';
import { isAlive, startOf } from '../process/alive.ts';
import { openSlots } from '../process/slots.ts';
import { Job } from '../schema/job.ts';
import type { Report } from '../schema/report.ts';
import { appendLine, privateFolder, writeAtomic } from '../store.ts';

const keepDays = 30;
const keepJobs = 200;
const keepBytes = 512 << 20;
const longestLockMs = 30_000;
/** A file that is being written may be empty for a moment. */
const youngMs = 5_000;
const idPattern = /^[0-9a-z]{26}$/;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Where jobs live. The files below one folder are the embedded default; a queue for many machines would implement the same type. */
export type JobStore = {
  readonly create: (job: Job) => Promise<void>;
  readonly save: (job: Job) => Promise<void>;
  /** Undefined when there is no such job or its record cannot be read. A running job whose process is gone is `interrupted`. */
  readonly load: (id: string) => Promise<Job | undefined>;
  /** Newest first. */
  readonly list: () => Promise<readonly Job[]>;
  /** True for one caller of all processes that want to resume this job as it was interrupted. */
  readonly claim: (job: Job) => Promise<boolean>;
  /** Waits until no other process looks for an equal job or begins one. Where nothing can be written, nobody is waited for. */
  readonly lock: () => Promise<() => void>;
  readonly journal: (id: string, line: object) => Promise<void>;
  readonly keep: (id: string, name: string, content: string) => Promise<string>;
  readonly read: (id: string, name: string) => Promise<string | undefined>;
  /** Forgets ended jobs that are old, too many, or together too large; the newest stay. */
  readonly prune: (now: number) => Promise<void>;
};

/** An unguessable job id: 128 random bits in Crockford's base 32. */
export function newJobId(): string {
  let bits = BigInt(`0x${randomBytes(17).toString('hex')}`);
  let id = '';
  for (let at = 0; at < 26; at++) {
    id += alphabet[Number(bits & 31n)];
    bits >>= 5n;
  }
  return id;
}

export const isJobId = (text: string) => new RegExp(`^[${alphabet}]{26}$`).test(text);

export function openJobs(stateFolder: string): JobStore {
  const folder = join(stateFolder, 'jobs');
  const at = (id: string, name: string) => {
    if (!idPattern.test(id))
      throw new GlmError('no_job', `${JSON.stringify(id.slice(0, 40))} is not a job id.`, { hint: 'glm-skill jobs lists them.' });
    return join(folder, id, name);
  };

  async function load(id: string): Promise<Job | undefined> {
    const text = await readFile(at(id, 'job.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const parsed = Job.safeParse(parseJson(text));
    if (!parsed.success) return undefined;
    const job = parsed.data;
    return job.state === 'running' && !isAlive({ pid: job.pid, started: job.owner }) ? { ...job, state: 'interrupted' } : job;
  }

  async function list(): Promise<readonly Job[]> {
    const names = await readdir(folder).catch(() => []);
    const jobs = await Promise.all(names.filter((name) => idPattern.test(name)).map(load));
    return jobs.filter((job) => job !== undefined).sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id));
  }

  return {
    load,
    list,
    create: async (job) => {
      await privateFolder(join(folder, job.id));
      await writeAtomic(at(job.id, 'job.json'), JSON.stringify(job));
    },
    save: (job) => writeAtomic(at(job.id, 'job.json'), JSON.stringify(job)),
    claim: async ({ id, updated }) => {
      const path = at(id, `claim-${Date.parse(updated)}`);
      const take = async () => {
        try {
          await writeFile(path, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx', mode: 0o600 });
          return true;
        } catch (error) {
          const theirs = error instanceof Error && 'code' in error && error.code === 'EEXIST';
          if (!theirs) await rm(path, { force: true });
          return false;
        }
      };
      if (await take()) return true;
      // Whoever claimed it has died before it could write down that it goes on.
      const [pid, started = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
      const age = Date.now() - ((await lstat(path).catch(() => undefined))?.mtimeMs ?? 0);
      if (pid === '' ? age < youngMs : isAlive({ pid: Number(pid), started })) return false;
      await rm(path, { force: true });
      return take();
    },
    lock: async () => {
      try {
        return await openSlots(join(stateFolder, 'slots', 'start'), 1).acquire(AbortSignal.timeout(longestLockMs));
      } catch {
        return () => {};
      }
    },
    journal: (id, line) => appendLine(at(id, 'journal.jsonl'), JSON.stringify(line)),
    keep: async (id, name, content) => {
      const path = at(id, name);
      await writeAtomic(path, content);
      return path;
    },
    read: (id, name) => readFile(at(id, name), 'utf8').catch(() => undefined),
    prune: async (now) => {
      const jobs = (await list()).filter((job) => job.state !== 'running');
      const sizes = await Promise.all(jobs.map(({ id }) => sizeOf(join(folder, id))));
      let bytes = 0;
      const old = jobs.filter((job, index) => {
        bytes += sizes[index] ?? 0;
        return index >= keepJobs || (index > 0 && bytes > keepBytes) || now - Date.parse(job.updated) > keepDays * 86_400_000;
      });
      await Promise.all(old.map((job) => rm(join(folder, job.id), { recursive: true, force: true })));
    },
  };
}

/** The stored report of a finished job. */
export async function loadReport(store: JobStore, id: string): Promise<Report | undefined> {
  const text = await store.read(id, 'report.json');
  if (text === undefined) return undefined;
  const schema = (await import('../schema/report.ts')).Report;
  return schema.safeParse(parseJson(text)).data;
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await lstat(join(folder, name)).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
