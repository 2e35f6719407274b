import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import type { Folders } from '../config.ts';
import { isAlive, startOf } from '../process/alive.ts';
import { runProcess } from '../process/run.ts';
import { privateFolder, writeAtomic } from '../store.ts';
import { recover } from './replace.ts';

/** A private folder that belongs to one running process. What a killed process left is found by its record and removed. */
export type Lease = { readonly folder: string; readonly release: () => Promise<void> };

const Record = z.object({ pid: z.number().int(), started: z.string(), folder: z.string() });

/** Takes a new folder. The record is written first, so that a kill at any moment leaves nothing unknown. */
export async function takeLease(folders: Folders): Promise<Lease> {
  const records = await privateFolder(join(folders.cache, 'worktrees'));
  await sweep(records);
  const id = randomBytes(8).toString('hex');
  const record = join(records, `${id}.json`);
  const folder = join(await parentFolder(folders, records), id);
  await writeAtomic(record, JSON.stringify({ pid: process.pid, started: startOf(process.pid), folder }));
  await mkdir(folder, { mode: 0o700 });
  return {
    folder,
    release: async () => {
      await removeTree(folder);
      await rm(record, { force: true });
    },
  };
}

/**
 * A folder below a lease for thousands of files. ext4 without a journal looks at every inode that was freed nearby in the last minutes
 * before it makes a file, so that the worktree after a removed one took seconds; below a folder marked as a top one (T), a new name starts
 * in another part of the disk. Where there is no such mark, nothing is lost.
 */
export async function makeRoom(lease: Lease): Promise<string> {
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };
  if (process.platform === 'linux') await runProcess({ argv: ['chattr', '+T', lease.folder], cwd: '/', env, alone: true });
  const room = join(lease.folder, randomBytes(2).toString('hex'));
  await mkdir(room, { mode: 0o700 });
  return room;
}

/**
 * Programs treat a path with a hidden part as hidden: express and send answer 404 for a file below `~/.cache`. Then the folder lies in
 * the temporary folder instead, as where our own name is in the path: tested code must not know by its folder that it is being proven.
 */
async function parentFolder(folders: Folders, records: string): Promise<string> {
  const cache = await realpath(records);
  const hidden = cache.split(sep).some((part) => part.startsWith('.') || part === 'node_modules' || part.includes('glm'));
  return hidden ? await realpath(folders.temp) : cache;
}

/** How many folders are in use, and how many a killed process left for the next lease to remove. Writes nothing. */
export async function countLeases(folders: Folders): Promise<{ readonly used: number; readonly left: number }> {
  const records = join(folders.cache, 'worktrees');
  const names = await readdir(records).catch(() => []);
  const held = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readLease(join(records, name))));
  const used = held.filter(({ alive }) => alive).length;
  return { used, left: held.length - used };
}

async function readLease(path: string) {
  const record = Record.safeParse(await readJson(path)).data;
  return { record, alive: record !== undefined && isAlive(record) };
}

async function sweep(records: string): Promise<void> {
  for (const name of await readdir(records)) {
    if (!name.endsWith('.json')) continue;
    const path = join(records, name);
    const { record, alive } = await readLease(path);
    if (alive) continue;
    const id = name.slice(0, -'.json'.length);
    if (record?.folder.endsWith(`${sep}${id}`)) {
      await recover(record.folder);
      await removeTree(record.folder);
    }
    await rm(path, { force: true });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Removes a folder and never follows a link. Folders that were made read-only (Go does that) are opened first. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
}
