import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Folders } from '../config.ts';
import type { Cache } from '../schema/context.ts';

const most = 512 << 20;
const digestBytes = 20;

/**
 * A cache of derived data below the cache folder, shared by all processes: whole files, renamed into place, each with its digest. What
 * does not add up is undefined and gets written anew; a cache that cannot be written is no cache. The oldest entries go beyond 512 MiB.
 */
export function openCache(folders: Folders, maxBytes = most): Cache {
  const folder = join(folders.cache, 'derived');
  const place = (key: string) => join(folder, createHash('sha1').update(key).digest('hex'));
  return {
    get: (key) => {
      try {
        const path = place(key);
        const bytes = readFileSync(path);
        const value = bytes.subarray(0, Math.max(0, bytes.length - digestBytes));
        if (bytes.length < digestBytes || !createHash('sha1').update(value).digest().equals(bytes.subarray(value.length))) return undefined;
        const now = new Date();
        utimesSync(path, now, now);
        return value;
      } catch {
        return undefined;
      }
    },
    set: (key, value) => {
      const path = place(key);
      const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(temporary, value, { mode: 0o600 });
        appendFileSync(temporary, createHash('sha1').update(value).digest());
        renameSync(temporary, path);
        evict(folder, maxBytes);
      } catch {
        discard(temporary);
      }
    },
  };
}

/** Removes a file of the cache; where that cannot be, it stays. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The cache folder is no folder, or is not ours to write.
  }
}

/** Removes the oldest files of a folder until the rest fits. */
export function evict(folder: string, maxBytes: number): void {
  const entries = readdirSync(folder).flatMap((name) => {
    try {
      const { size, mtimeMs } = statSync(join(folder, name));
      return [{ name, size, mtimeMs }];
    } catch {
      return [];
    }
  });
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  for (const { name, size } of entries.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= maxBytes) return;
    rmSync(join(folder, name), { force: true });
    total -= size;
  }
}
