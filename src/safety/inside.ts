import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Says why a repo-relative POSIX path must not be opened below `root` (an absolute path with links resolved), or undefined. Every folder
 * on the way has to be a real one, the end a regular file with one name: no links, hard links, pipes, devices, sockets.
 */
export function makeInside(root: string): (path: string) => string | undefined {
  const real = new Set<string>();
  return (path) => {
    const problem = badPath(path);
    if (problem) return problem;
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      folder = join(folder, part);
      if (real.has(folder)) continue;
      const found = lstatSync(folder, { throwIfNoEntry: false });
      if (!found) return 'does not exist';
      if (found.isSymbolicLink()) return 'behind a link';
      if (!found.isDirectory()) return 'not a file';
      real.add(folder);
    }
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (!found) return 'does not exist';
    if (found.isSymbolicLink()) return 'a link';
    if (!found.isFile()) return 'not a regular file';
    return found.nlink > 1 ? 'a hard link: it has other names' : undefined;
  };
}

/** Why a path is no plain repo-relative POSIX path, whatever stands on disk. */
export function badPath(path: string): string | undefined {
  if (path === '' || path.length > 4096) return 'an empty or endless path';
  if (/^(?:\/|~|[A-Za-z]:)|\\/.test(path)) return 'not relative to the repository';
  if (/[\p{Cc}\p{Cf}]/u.test(path)) return 'invisible characters in the path';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) return 'leads out of the repository';
  return undefined;
}
