import { existsSync } from 'node:fs';
import { constants, copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../config.ts';

const usedWithinMs = 14 * 24 * 3_600_000;
const mostBytes = 600 << 20;
const seeded = 'seeded-from-the-users';

/** Where Go keeps what it has built for the user; empty where neither the environment nor a home folder says so. */
export function usersGoCache(env: Environment): string {
  return env.GOCACHE || (env.HOME ? join(env.XDG_CACHE_HOME || join(env.HOME, '.cache'), 'go-build') : '');
}

/**
 * Copies what Go has built lately from the user's cache into ours, once, so that the first proof need not compile the standard library. No
 * links: what runs in a proof may write to our cache. A copy that breaks off is shorter than Go's entry says, and Go builds it anew.
 */
export async function seedGoCache(into: string, env: Environment, nowMs: number): Promise<void> {
  const from = usersGoCache(env);
  const mark = join(into, seeded);
  if (!from || from === into || existsSync(mark) || !existsSync(join(from, '00'))) return;
  await mkdir(into, { recursive: true, mode: 0o700 });
  let left = mostBytes;
  for (const folder of await readdir(from)) {
    if (!/^[\da-f]{2}$/.test(folder)) continue;
    await mkdir(join(into, folder), { recursive: true, mode: 0o700 });
    for (const name of await readdir(join(from, folder)).catch(() => [])) {
      const path = join(from, folder, name);
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile() || nowMs - found.mtimeMs > usedWithinMs || found.size > left) continue;
      left -= found.size;
      await copyFile(path, join(into, folder, name), constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL).catch(() => {});
    }
  }
  await writeFile(mark, '', { mode: 0o600 });
}
