import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Folders } from '../config.ts';
import { privateFolder } from '../store.ts';

const keyBytes = 32;

/**
 * The key of this workspace's placeholders: 32 random bytes in a 0600 file of the state folder, made on first use. Where it cannot be kept,
 * a key for this time: placeholders then differ from run to run, and hide as well.
 */
export async function workspaceKey(folders: Folders, root: string): Promise<Uint8Array> {
  return keptKey(folders, root).catch(() => randomBytes(keyBytes));
}

async function keptKey(folders: Folders, root: string): Promise<Uint8Array> {
  const path = pathOf(folders, await realpath(root).catch(() => root));
  await privateFolder(dirname(path));
  const found = await readKey(path);
  if (found) return found;

  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, randomBytes(keyBytes), { flag: 'wx', mode: 0o600 });
  try {
    // A link fails where another process was first: then its key holds.
    await link(temporary, path).catch(() => {});
  } finally {
    await rm(temporary, { force: true });
  }
  return (await readKey(path)) ?? replaceKey(path);
}

/** Forgets the key of a folder of ours that is gone: nothing with its placeholders will be put back there. */
export async function dropWorkspaceKey(folders: Folders, root: string): Promise<void> {
  await rm(pathOf(folders, root), { force: true });
}

function pathOf(folders: Folders, root: string): string {
  return join(folders.state, 'keys', createHash('sha256').update(root).digest('hex').slice(0, 32));
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes?.length !== keyBytes) return undefined;
  await chmod(path, 0o600).catch(() => {});
  return bytes;
}

/** The file is damaged, or the file system knows no links. */
async function replaceKey(path: string): Promise<Uint8Array> {
  const key = randomBytes(keyBytes);
  await rm(path, { force: true });
  await writeFile(path, key, { mode: 0o600 });
  return key;
}
