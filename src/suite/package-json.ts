import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import picomatch from 'picomatch';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { GlmError, messageOf } from '../errors.ts';
import { listFiles } from './globs.ts';

const Names = z.record(z.string(), z.unknown()).catch({});
const PackageJson = z.object({
  name: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).catch({}),
  dependencies: Names,
  devDependencies: Names,
  peerDependencies: Names,
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages)])
    .optional()
    .catch(undefined),
  packageManager: z.string().optional().catch(undefined),
});
export type PackageJson = z.infer<typeof PackageJson>;

/** The package.json of a folder, undefined where there is none. A broken one is the user's to mend. */
export function readPackageJson(folder: string): PackageJson | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    return PackageJson.parse(JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')));
  } catch (error) {
    throw new GlmError('config_invalid', `${path} cannot be read: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Mend the JSON of package.json.',
    });
  }
}

export function dependsOn(json: PackageJson, name: string): boolean {
  return name in json.devDependencies || name in json.dependencies || name in json.peerDependencies;
}

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

const Installed = z.object({ version: z.string() });
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

/** The package manager of a repository, by its own word or its lockfile, and what installs the dependencies. */
export function packageManager(root: string, folder: string): { readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun'; readonly install: string } {
  const has = (file: string) => existsSync(join(root, file)) || existsSync(join(folder, file));
  const named = readPackageJson(root)?.packageManager?.split('@')[0];
  if (named === 'pnpm' || has('pnpm-lock.yaml')) return { name: 'pnpm', install: 'pnpm install --frozen-lockfile' };
  if (named === 'yarn' || has('yarn.lock'))
    return { name: 'yarn', install: has('.yarnrc.yml') ? 'yarn install --immutable' : 'yarn install --frozen-lockfile' };
  if (named === 'bun' || has('bun.lock') || has('bun.lockb')) return { name: 'bun', install: 'bun install --frozen-lockfile' };
  return { name: 'npm', install: has('package-lock.json') || has('npm-shrinkwrap.json') ? 'npm ci' : 'npm install' };
}

/** Major version of a package as it is installed for a folder, for flags that came or went. */
export function majorOf(folder: string, name: string): number | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { version } = Installed.parse(JSON.parse(readFileSync(join(at, 'node_modules', name, 'package.json'), 'utf8')));
      return Number.parseInt(version, 10);
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}
