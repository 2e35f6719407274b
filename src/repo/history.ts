import type { History } from '../schema/context.ts';
import type { Git } from './git.ts';

const mostCommits = 3_000;
const mostFiles = 60;

/** The paths of the last commits, newest first. Without commits or in a shallow clone there is little or nothing. */
export async function readHistory(git: Git | undefined): Promise<History> {
  if (!git?.head) return { commits: [] };
  const log = await git.run([
    'log',
    '-z',
    '--format=%x01',
    '--name-only',
    '--no-renames',
    '--no-merges',
    `--max-count=${mostCommits}`,
    git.head,
  ]);
  return { commits: splitLog(log.toString()) };
}

/** Splits `git log -z --format=%x01 --name-only`. */
export function splitLog(log: string): string[][] {
  return log
    .split('\x01')
    .slice(1)
    .map((part) => part.split(/[\0\n]+/).filter((path) => path !== ''))
    .map((paths) => (paths.length > mostFiles ? [] : paths));
}
