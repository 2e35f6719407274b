import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config.ts';
import { GlmError } from '../errors.ts';
import { openRoot } from '../repo/root.ts';

export type RootSources = {
  readonly env: Environment;
  readonly home: string;
  readonly clientRoots: () => Promise<readonly string[]>;
  /** Folders that may be named, with all below them; empty: any. */
  readonly allowed: readonly string[];
};

/** The repository of a call: the argument, else the client's only root, else CLAUDE_PROJECT_DIR, else the work tree we were started in. */
export async function findRoot(given: string | undefined, sources: RootSources): Promise<string> {
  const root = given ?? (await guessRoot(sources));
  if (sources.allowed.length === 0) return root;
  const refuse = (what: string) => new GlmError('no_root', what, { hint: 'The server serves what its --allow-root names.' });
  if (!(await isAllowed(root, sources.allowed))) throw refuse('That folder is not served here.');
  const { root: top } = await openRoot(root, sources.home);
  if (!(await isAllowed(top, sources.allowed))) throw refuse('That folder is part of a repository that is not served here.');
  return root;
}

/** Files that a call names beside its root have to lie below a served folder as well. */
export async function checkGiven(input: object, root: string, allowed: readonly string[]): Promise<void> {
  if (allowed.length === 0) return;
  for (const [name, path] of Object.entries(input)) {
    if ((name !== 'report' && name !== 'log') || typeof path !== 'string') continue;
    for (const place of [resolve(root, path), resolve(path)]) {
      const there = await stat(place).catch(() => undefined);
      if (there && !(await isAllowed(place, allowed))) throw new GlmError('no_root', `The ${name} lies in no folder that is served here.`);
      if (there) break;
    }
  }
}

async function guessRoot({ env, clientRoots }: RootSources): Promise<string> {
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

/** Compared after resolving links and by path segments: /srv/app-2 is not below /srv/app. */
export async function isAllowed(root: string, allowed: readonly string[]): Promise<boolean> {
  const real = await realpath(root).catch(() => undefined);
  if (real === undefined) return false;
  for (const folder of allowed) {
    const way = relative(await realpath(folder).catch(() => folder), real);
    if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return true;
  }
  return false;
}

async function inWorkTree(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(join(at, '.git')).catch(() => undefined)) return true;
    if (at === dirname(at)) return false;
  }
}
