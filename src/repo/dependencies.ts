import { existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** One link to make: `path` below the worktree, `target` as the link will hold it. */
export type Link = { readonly path: string; readonly target: string };

/** What stands for one folder of dependencies in the worktree: links, and small files to copy. Paths are relative to the root, POSIX. */
export type Dependencies = { readonly links: readonly Link[]; readonly files: readonly string[] };

/** Tools write here while they run; a worktree gets its own, empty. */
export const privateNames = /^\.(?:cache|vite|vite-temp|vitest|vitest-cache|tmp|turbo|nyc_output|parcel-cache|babel-cache|swc)$/;

/** Folders inside which packages are installed and which are used by reference as they are. */
const byReference = /(?:^|\/)(?:\.yarn\/(?:cache|unplugged)|bower_components|jspm_packages|vendor\/bundle)$/;

/** A Python or conda environment, or a package store that nothing writes to: linked as a whole. */
export function isReferenced(root: string, path: string): boolean {
  if (byReference.test(path)) return true;
  return existsSync(join(root, path, 'pyvenv.cfg')) || existsSync(join(root, path, 'conda-meta'));
}

/**
 * `node_modules` as a real folder of links, one per package, so that what tools write beside the packages stays in the worktree. Links
 * to packages of the same repository keep pointing into it: below the worktree, that is the patched package.
 */
export function linkModules(root: string, path: string, worktree: string): Dependencies {
  const links: Link[] = [];
  const files: string[] = [];
  const real = realpathSync(join(root, path));
  const visit = (folder: string, at: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const source = join(folder, entry.name);
      const place = `${at}/${entry.name}`;
      if (privateNames.test(entry.name)) continue;
      if (entry.isSymbolicLink()) links.push({ path: place, target: retarget(root, source, worktree) });
      else if (entry.isFile()) files.push(place);
      else if (entry.name === '.bin' || (entry.name.startsWith('@') && at === path)) visit(source, place);
      else links.push({ path: place, target: source });
    }
  };
  visit(real, path);
  return { links, files };
}

/** Links that are opened in one worktree at the most. */
const mostOpened = 8_000;

/**
 * The entries of linked packages, each to be linked by itself into a real folder, by the package's path. What is made, replaced or removed
 * in such a folder stays in the worktree, while code, which is found by its real path, runs where it is installed and finds its peers there.
 */
export function openPackages(links: readonly Link[]): Map<string, Link[]> {
  const opened = new Map<string, Link[]>();
  let count = 0;
  for (const { path, target } of links) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (
      !/(?:^|\/)node_modules\//.test(path) ||
      (name.startsWith('.') && name !== '.pnpm') ||
      !/[\\/]node_modules[\\/]/.test(target) ||
      !isFolder(target)
    )
      continue;
    const entries = linkEntries(path, target);
    count += entries.length;
    if (count > mostOpened) break;
    if (entries.length > 0) opened.set(path, entries);
  }
  return opened;
}

function linkEntries(path: string, folder: string): Link[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Link[] => {
    const at = { path: `${path}/${entry.name}`, target: join(folder, entry.name) };
    if (privateNames.test(entry.name)) return [];
    return entry.name === 'node_modules' && entry.isDirectory() ? linkNested(at.path, at.target) : [at];
  });
}

function linkNested(path: string, folder: string): Link[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Link[] => {
    const at = { path: `${path}/${entry.name}`, target: join(folder, entry.name) };
    if (privateNames.test(entry.name)) return [];
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [at];
    return (entry.name.startsWith('@') ? linkNested : linkEntries)(at.path, at.target);
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Where a link inside `node_modules` has to point from the worktree. */
function retarget(root: string, source: string, worktree: string): string {
  const target = realPathOf(source);
  if (target === undefined) return readlinkSync(source);
  const parts = relative(root, target).split(sep);
  const own = injected(root, parts) ?? parts;
  return own[0] === '..' || own.includes('node_modules') ? target : join(worktree, ...own);
}

/** A package of the repository that pnpm has copied into its store, as `b@file+packages+b`: the worktree's own is to run, not the copy. */
function injected(root: string, parts: readonly string[]): string[] | undefined {
  const stored = parts[parts.indexOf('.pnpm') + 1] ?? '';
  const path = /@file\+([^_(]+)/.exec(stored)?.[1]?.split('+');
  return path && existsSync(join(root, ...path, 'package.json')) ? path : undefined;
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** Does a folder hold only what can be made again? Named caches, and whatever carries the cache directory tag. */
export function isCache(root: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return cacheNames.test(name) || existsSync(join(root, path, 'CACHEDIR.TAG'));
}

const cacheNames =
  /^(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.cache|\.parcel-cache|\.turbo|\.nx|coverage|\.nyc_output|htmlcov|\.hypothesis|\.gradle|\.idea|\.git|\.hg|\.svn|\.vite|\.vitest|\.DS_Store|\.eslintcache|\.jest-cache)$/;
