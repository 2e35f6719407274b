import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../list-files.ts';
import { readPackageJson } from '../package-json.ts';
import type { Relate } from '../paths.ts';

/**
 * Paths as one program of a log gives them: relative to its package where its label names one by folder or by name
 * (`packages/cart test`, `@acme/cart:test`), else to the only place in the repository that ends so.
 */
export function relateIn(label: string | undefined, { root, relate }: { readonly root: string; readonly relate: Relate }): Relate {
  const home = label === undefined ? undefined : homeOf(label, root);
  let files: readonly string[] | undefined;
  return (path) => {
    const known = relate(path);
    if (known !== undefined && existsSync(join(root, known))) return known;
    const inside = path.replace(/^\.\//, '');
    if (!inside || inside.startsWith('..') || inside.startsWith('/') || /^\w+:/.test(inside)) return known;
    if (home !== undefined && existsSync(join(root, home, inside))) return `${home}/${inside}`;
    files ??= listFiles(root);
    const same = files.filter((file) => file.endsWith(`/${inside}`));
    return same.length === 1 ? same[0] : known;
  };
}

function homeOf(label: string, root: string): string | undefined {
  const words = label.split(/[ :#]/).filter((word) => word && !word.includes('..'));
  const folder = words.find((word) => existsSync(join(root, word, 'package.json')));
  if (folder !== undefined) return folder;
  return listFiles(root)
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => file.slice(0, -'/package.json'.length))
    .find((path) => words.includes(readPackageJson(join(root, path))?.name ?? '\0'));
}
