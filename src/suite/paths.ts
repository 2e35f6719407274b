import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Turns a path as a runner prints it into one relative to the repository, POSIX; undefined when it lies outside. */
export type Relate = (path: string) => string | undefined;

/** `folder` is where relative paths begin. Both the root as given and its real path are known (temporary folders are often links). */
export function makeRelate(root: string, folder: string): Relate {
  const roots = [...new Set([root, realOf(root)])];
  return (given) => {
    const path = plainPath(given);
    if (!path) return undefined;
    const absolute = isAbsolute(path) ? path : resolve(folder, path);
    for (const base of roots) {
      const inside = relative(base, absolute);
      if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return inside.split(sep).join('/');
    }
    return undefined;
  };
}

/** True for what the user did not write: installed packages, a runtime's own files, virtual environments. */
export function isForeign(path: string): boolean {
  return (
    /(?:^|\/)(?:node_modules|site-packages|dist-packages|\.venv|venv|\.tox|\.nox|\.yarn|\.pnpm)\//.test(path) ||
    /^(?:node|internal|bun|ext):|^<.*>$/.test(path)
  );
}

function plainPath(given: string): string | undefined {
  const path = given.trim().replace(/[?#][^/]*$/, '');
  if (/^file:\/\//.test(path)) {
    try {
      return fileURLToPath(path);
    } catch {
      return undefined;
    }
  }
  return /^[a-z][a-z\d+.-]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path) ? undefined : path;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
