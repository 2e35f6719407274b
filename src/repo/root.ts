import { realpath, stat } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import type { Environment, Folders } from '../config.ts';
import { GlmError } from '../errors.ts';
import { type Git, openGit, underSignal } from './git.ts';

/** The repository that is worked on. `within` is the folder below it that was asked for ('' = all of it), POSIX. */
export type Root = { readonly root: string; readonly within: string };

/** A root and what git knows of it; undefined where git knows nothing. Asked once for all that is done there. */
export type Place = Root & {
  readonly git: Git | undefined;
  /** Nothing differed from the commit when the work began; undefined: not asked. */
  readonly clean?: boolean | undefined;
};

/** A folder as a caller named it, or a place that has been opened already. */
export type Named = { readonly root: string } | Place;

type Needs = { readonly env: Environment; readonly folders: Folders; readonly signal: AbortSignal | undefined };

export async function openPlace(named: Named, { env, folders, signal }: Needs): Promise<Place> {
  // Who opened it may have gone away meanwhile: what git is asked from now on ends with this work.
  if ('within' in named) return { ...named, git: named.git && underSignal(named.git, signal) };
  const opened = await openRoot(named.root, folders.home);
  return { ...opened, git: await openGit(opened.root, { env, signal }) };
}

/**
 * Resolves what a caller named: links followed, the work tree's top folder taken where there is one. Refuses a missing folder, the file
 * system's root and the user's home.
 */
export async function openRoot(given: string, home: string): Promise<Root> {
  if (given.includes('\0')) throw new GlmError('bad_input', 'The root holds a NUL character.');
  const absolute = resolve(given);
  const folder = await realpath(absolute).catch(() => undefined);
  if (folder !== undefined && (await stat(folder)).isFile())
    throw new GlmError('no_root', `${given} is a file, and a folder is wanted.`, {
      hint: 'Give the path of a repository; --test names a test file.',
    });
  if (folder === undefined || !(await stat(folder)).isDirectory()) {
    throw new GlmError('no_root', `There is no folder ${given}.`, { hint: 'Give the path of a repository.' });
  }
  const realHome = await realpath(home).catch(() => home);
  if (folder === parse(folder).root || folder === realHome) {
    throw new GlmError(
      'no_root',
      `${given} is not a repository: it is the ${folder === realHome ? 'home folder' : 'root of the file system'}.`,
      {
        hint: 'Name the repository itself.',
      },
    );
  }
  const top = await topFolder(folder, realHome);
  return { root: top ?? folder, within: top ? relative(top, folder).split(sep).join('/') : '' };
}

/** The nearest folder upwards that holds `.git`, the home folder and what lies above it excepted. */
async function topFolder(folder: string, home: string): Promise<string | undefined> {
  for (let at = folder; at !== dirname(at) && at !== home; at = dirname(at)) {
    if (await stat(join(at, '.git')).catch(() => undefined)) return at;
  }
  return undefined;
}
