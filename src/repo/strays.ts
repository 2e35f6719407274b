import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { privateNames } from './dependencies.ts';

const mostEntries = 300_000;

/** What was made, changed or removed below some folders since a time: files, and folders of which something was removed. Follows no link. */
export async function findStrays(folders: readonly string[], sinceMs: number): Promise<string[]> {
  const strays: string[] = [];
  const left = [...folders];
  let seen = 0;
  for (let folder = left.pop(); folder !== undefined && seen < mostEntries; folder = left.pop()) {
    const entries = list(folder);
    const before = strays.length;
    for (const entry of entries) {
      if (privateNames.test(entry.name) || entry.name === '__pycache__') continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) left.push(path);
      else if ((lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) > sinceMs) strays.push(path);
    }
    const own = strays.length > before;
    if (!own && (lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) > sinceMs) strays.push(folder);
    if (seen >>> 12 !== (seen + entries.length) >>> 12) await breathe();
    seen += entries.length;
  }
  return strays.sort();
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
