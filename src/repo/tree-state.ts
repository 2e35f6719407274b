import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';

/** The name of the state of a work tree, and whether nothing differs from its commit. */
export type Fingerprint = { readonly name: string; readonly clean: boolean };

/**
 * Names the state of a work tree: its commit and every file that differs from it, by size and time of change. Undefined without git,
 * where nothing cheap can tell two states apart.
 */
export async function fingerprint(git: Git | undefined): Promise<Fingerprint | undefined> {
  if (!git) return undefined;
  const status = (await git.run(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames'])).toString();
  const dirty = await Promise.all(
    status.split('\0').map(async (entry) => {
      const path = entry.slice(3);
      const stat = path && (await lstat(join(git.root, path)).catch(() => undefined));
      return stat ? `${entry}\t${stat.size}\t${stat.mtimeMs}` : entry;
    }),
  );
  const name = createHash('sha256')
    .update(`${git.head}\0${dirty.join('\0')}`)
    .digest('hex');
  return { name, clean: status === '' };
}
