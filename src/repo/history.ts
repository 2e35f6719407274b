import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from '../config.ts';
import type { Cache, History } from '../schema/context.ts';
import { makeScratch } from '../store.ts';
import type { Git } from './git.ts';

const mostCommits = 3_000;
const mostFiles = 60;

/**
 * The paths of the last commits, newest first, cached by the commit. Without commits or in a shallow clone there is little or nothing.
 * git writes to a file, so that it is never kept waiting by whoever asks and reads files meanwhile.
 */
export async function readHistory(git: Git | undefined, cache: Cache, folders: Folders): Promise<History> {
  if (!git?.head) return { commits: [] };
  const key = `history 1 ${git.head}`;
  const known = cache.get(key);
  if (known) return { commits: splitLog(Buffer.from(known.buffer, known.byteOffset, known.length).toString()) };
  const scratch = await makeScratch(folders.temp);
  const file = join(scratch, 'log');
  try {
    const simple = await git.simple();
    await simple.raw([
      'log',
      '-z',
      '--format=%x01',
      '--name-only',
      '--no-renames',
      '--no-merges',
      `--max-count=${mostCommits}`,
      `--output=${file}`,
      git.head,
    ]);
    const commits = splitLog(await readFile(file, 'utf8'));
    cache.set(key, Buffer.from(commits.map((paths) => `\x01${paths.join('\0')}`).join('')));
    return { commits };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Splits `git log -z --format=%x01 --name-only`. Commits that touch very many files are left empty. */
export function splitLog(log: string): string[][] {
  return log
    .split('\x01')
    .slice(1)
    .map((part) => part.split(/[\0\n]+/).filter((path) => path !== ''))
    .map((paths) => (paths.length > mostFiles ? [] : paths));
}
