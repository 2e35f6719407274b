import { lstat, open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Environment, Folders } from '../config.ts';
import { GlmError } from '../errors.ts';

/** The workspace, and what decides where a client's files lie. `root` is a real path. */
export type Ground = {
  readonly root: string;
  readonly env: Environment;
  readonly folders: Folders;
  readonly platform: NodeJS.Platform;
};

/** The absolute path of a pattern of the client table. */
export function resolvePlace(pattern: string, { root, env, folders, platform }: Ground): string {
  const home = folders.home;
  const config = env.XDG_CONFIG_HOME || join(home, '.config');
  const application = platform === 'win32' ? env.APPDATA || join(home, 'AppData', 'Roaming') : join(home, 'Library', 'Application Support');
  const bases: Record<string, string> = {
    home,
    config,
    code: join(platform === 'linux' ? config : application, 'Code', 'User'),
    codex: env.CODEX_HOME || join(home, '.codex'),
    claude: env.CLAUDE_CONFIG_DIR || join(home, '.claude'),
    claudeState: env.CLAUDE_CONFIG_DIR || home,
  };
  const match = /^\{(\w+)\}\/?(.*)$/.exec(pattern);
  return match ? join(bases[match[1] ?? ''] ?? home, match[2] ?? '') : join(root, pattern);
}

/** How a path is called in messages: relative to the workspace, or with `~` for the home folder. */
export function callIt(path: string, { root, folders }: Ground): string {
  const inside = relative(root, path);
  if (!inside.startsWith('..') && !isAbsolute(inside)) return inside.split(sep).join('/');
  return path.startsWith(folders.home + sep) ? `~/${relative(folders.home, path).split(sep).join('/')}` : path;
}

/** Where a path really leads, links above and at it followed, also when it does not exist yet. */
export async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const above = dirname(path);
  return above === path ? path : join(await realPlace(above), path.slice(above.length));
}

/** Refuses a file where a folder is needed. */
export async function checkFolders(path: string, ground: Ground): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const facts = await stat(folder).catch(() => undefined);
    if (facts?.isDirectory() || folder === dirname(folder)) return;
    if (facts)
      throw new GlmError('config_invalid', `${callIt(folder, ground)} is a file, and a folder is needed there. It was left as it is.`);
  }
}

/** Where a path leads. Refuses what links lead out of the workspace. */
export async function insideWorkspace(path: string, root: string, name: string): Promise<string> {
  const real = await realPlace(path);
  if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return real;
  throw new GlmError('forbidden_path', `${name} leads out of the workspace through a link. It was left as it is.`);
}

const maxBytes = 64 << 20;

/** The text of a file, its byte order mark kept. Undefined: no such file. Throws `config_invalid` for what is no UTF-8 text file. */
export async function readConfig(path: string, name: string): Promise<string | undefined> {
  const facts = await lstat(path).catch(() => undefined);
  if (!facts) return undefined;
  if (!facts.isFile()) throw new GlmError('config_invalid', `${name} is no regular file. It was left as it is.`);
  if (facts.size > maxBytes) throw new GlmError('config_invalid', `${name} is larger than 64 MiB. It was left as it is.`);
  const file = await open(path, 'r');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.readFile());
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new GlmError('config_invalid', `${name} is not UTF-8 text. It was left as it is.`, { cause });
  } finally {
    await file.close();
  }
}
