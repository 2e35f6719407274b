import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { GlmError, messageOf } from '../../errors.ts';
import { listFiles } from '../list-files.ts';
import type { PackageJson } from '../package-json.ts';

/** Folders of the workspace packages of a repository, relative and sorted: npm, yarn, bun, pnpm, lerna. */
export function workspaceFolders(root: string, json: PackageJson | undefined): string[] {
  const patterns = json?.workspaces ?? pnpmPatterns(root) ?? lernaPatterns(root);
  if (!patterns?.length) return [];
  const clean = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\/+$/, ''));
  const wanted = picomatch(clean.filter((pattern) => !pattern.startsWith('!')));
  const refused = picomatch(clean.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)));
  return listFiles(root)
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => file.slice(0, -'/package.json'.length))
    .filter((folder) => wanted(folder) && !refused(folder));
}

const Packages = z.object({ packages: z.array(z.string()) });

function pnpmPatterns(root: string): string[] | undefined {
  return readPatterns(join(root, 'pnpm-workspace.yaml'), parseYaml);
}

function lernaPatterns(root: string): string[] | undefined {
  return readPatterns(join(root, 'lerna.json'), JSON.parse);
}

function readPatterns(path: string, read: (text: string) => unknown): string[] | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return Packages.safeParse(read(readFileSync(path, 'utf8'))).data?.packages;
  } catch (error) {
    throw new GlmError('config_invalid', `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}
