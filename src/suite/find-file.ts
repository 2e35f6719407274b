import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './list-files.ts';
import type { Read } from './manifests.ts';
import type { Relate } from './paths.ts';
import type { FindFile } from './reports/junit.ts';

/** A test's file by its path, or by a class or module name that a file of this repository has. */
export function findFileIn(root: string, relate: Relate): FindFile {
  let files: readonly string[] | undefined;
  const known = new Map<string, string | undefined>();
  const byClass = (className: string) => {
    files ??= listFiles(root);
    if (!known.has(className)) known.set(className, findClass(className, files));
    return known.get(className);
  };
  return ({ file, className }) => {
    const given = file !== undefined ? relate(file) : undefined;
    if (given !== undefined && existsSync(join(root, given))) return given;
    if (!className) return given;
    if (/\.\w+$/.test(className) && existsSync(join(root, relate(className) ?? '\0'))) return relate(className);
    return byClass(className) ?? given;
  };
}

function findClass(className: string, files: readonly string[]): string | undefined {
  const named = files.find((one) => one === className || one.endsWith(`/${className}`));
  if (named) return named;
  const parts = className.replaceAll('\\', '.').split('.');
  for (let end = parts.length; end > 0; end--) {
    const path = parts.slice(0, end).join('/').replace(/\$.*$/, '');
    const found = files.find(
      (one) =>
        /\.(?:py|java|kt|groovy|scala|php|cs|rb|[cm]?[jt]sx?)$/.test(one) &&
        (one.replace(/\.\w+$/, '') === path || one.replace(/\.\w+$/, '').endsWith(`/${path}`)),
    );
    if (found) return found;
  }
  return undefined;
}

/** Reads text files by their path from the root; a file is read once. */
export function readerOf(root: string): Read {
  const known = new Map<string, string | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, readText(join(root, path)));
    return known.get(path);
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
