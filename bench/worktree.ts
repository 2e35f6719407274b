/**
 * How long a worktree takes: `node bench/run.mjs worktree REPOSITORY [ROUNDS]`. Prints milliseconds for opening, making, resetting and removing,
 * each with those of our own CPU time, which a busy machine disturbs less.
 */
import { folders, readEnvironment } from '../src/config.ts';
import { openGit } from '../src/repo/git.ts';
import { makeWorktree } from '../src/repo/worktree.ts';

export async function main([root = '.', rounds = '3']: readonly string[]): Promise<void> {
  const env = readEnvironment();
  for (let round = 0; round < Number(rounds); round++) {
    const times: string[] = [];
    let since = performance.now();
    let used = process.cpuUsage();
    const lap = (name: string) => {
      const { user, system } = process.cpuUsage(used);
      times.push(`${name} ${Math.round(performance.now() - since)} (${Math.round((user + system) / 1000)})`);
      since = performance.now();
      used = process.cpuUsage();
    };
    const git = await openGit(root, { env });
    if (!git) throw new Error(`${root} is no work tree`);
    lap('open');
    const worktree = await makeWorktree({ git, folders: folders(env), tell: () => {} });
    lap('make');
    await worktree.reset();
    lap('reset');
    await worktree.remove();
    lap('remove');
    console.log(`${worktree.paths.length} files: ${times.join(', ')} ms`);
  }
}
