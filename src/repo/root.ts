import { realpath, stat } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import { GlmError } from '../errors.ts';

/** The repository that is worked on. `within` is the folder below it that was asked for ('' = all of it), POSIX. */
export type Root = { readonly root: string; readonly within: string };

/**
 * Resolves what a caller named: links followed, the work tree's top folder taken where there is one. Refuses a missing folder, the file
 * system's root and the user's home.
 */
export async function openRoot(given: string, home: string): Promise<Root> {
  if (given.includes('\0')) throw new GlmError('bad_input', 'The root holds a NUL character.');
  const absolute = resolve(given);
  const folder = await realpath(absolute).catch(() => undefined);
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
