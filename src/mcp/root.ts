import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config.ts';
import { GlmError } from '../errors.ts';

/** The repository of a call: the argument, else the client's only root, else CLAUDE_PROJECT_DIR, else the work tree we were started in. */
export async function findRoot(
  given: string | undefined,
  env: Environment,
  clientRoots: () => Promise<readonly string[]>,
): Promise<string> {
  if (given !== undefined) return given;
  const roots = (await clientRoots()).flatMap(toPath);
  if (roots.length > 1) {
    throw new GlmError('no_root', `The client works on ${roots.length} folders; root must name one.`, {
      hint: `Give root, for example ${roots[0]}.`,
    });
  }
  if (roots[0] !== undefined) return roots[0];
  if (env.CLAUDE_PROJECT_DIR) return env.CLAUDE_PROJECT_DIR;
  if (await inWorkTree(process.cwd())) return process.cwd();
  throw new GlmError('no_root', 'No repository was named and none was found.', { hint: 'Give root: the absolute path of the repository.' });
}

function toPath(uri: string): string[] {
  try {
    return uri.startsWith('file:') ? [fileURLToPath(uri)] : [];
  } catch {
    return [];
  }
}

async function inWorkTree(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(join(at, '.git')).catch(() => undefined)) return true;
    if (at === dirname(at)) return false;
  }
}
