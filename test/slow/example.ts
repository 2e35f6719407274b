import { execFileSync } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';

export const packageRoot = join(import.meta.dirname, '..', '..');

/** The example with its failing test, committed at `repo`, and a gateway that answers with the demo's reply. */
export async function layExample(repo: string): Promise<Gateway> {
  await cp(join(packageRoot, 'examples', 'checkout'), repo, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: repo });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'red');
  return startGateway({ replies: [await readFile(join(packageRoot, 'scripts', 'demo-reply.md'), 'utf8')] });
}
