import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const mostFiles = 400;
/** An import of a folder that is there says more than those of all others. */
const ownFolder = 1_000;
const skipped = /^(?:\.|vendor$|node_modules$|testdata$)/;
/** `github.com/owner/name`, or two parts at a place that has no owners. */
const importPath = /"((?:[\w-]+\.)+[a-z]+\/[\w.~-]+(?:\/[\w.~-]+)?)(\/[\w./~-]*)?"/g;

/**
 * Gives a tree of Go from before modules the go.mod that it would have had: today's Go runs nothing without one. Its path is the one by
 * which the tree's own files import each other. True where one was written.
 */
export function nameGoModule(root: string): boolean {
  if (existsSync(join(root, 'go.mod')) || existsSync(join(root, 'go.work'))) return false;
  const files = goFiles(root);
  if (files.length === 0) return false;
  const own = new Map<string, number>();
  for (const file of files)
    for (const [, path = '', rest = ''] of importsOf(readFileSync(file, 'utf8')).matchAll(importPath))
      if (rest === '' || isFolder(join(root, rest))) own.set(path, (own.get(path) ?? 0) + (rest === '' ? 1 : ownFolder));
  // Where no file imports another, any path does.
  const [path = 'example.com/module'] = [...own].sort(([, a], [, b]) => b - a)[0] ?? [];
  writeFileSync(join(root, 'go.mod'), `module ${path}\n`);
  return true;
}

function importsOf(text: string): string {
  const end = text.search(/^(?:func|type|var|const)\b/m);
  return end < 0 ? text : text.slice(0, end);
}

function goFiles(root: string): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (found.length >= mostFiles) return;
      if (entry.isDirectory() && !skipped.test(entry.name)) walk(join(folder, entry.name));
      else if (entry.isFile() && entry.name.endsWith('.go')) found.push(join(folder, entry.name));
    }
  };
  walk(root);
  return found;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
