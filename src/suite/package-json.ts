import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { GlmError, messageOf } from '../errors.ts';

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
  engines: z.looseObject({ node: z.string().optional() }).optional().catch(undefined),
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

/** Where the package asks for a newer Node than this one, a sentence that says so. */
export function tooOld({ engines }: PackageJson): string | undefined {
  const asked = engines?.node;
  if (!asked) return undefined;
  const least = Math.min(...asked.split('||').map((range) => Number(/^\s*(?:>=|\^|~|=|v)*\s*(\d+)/.exec(range)?.[1] ?? 0)));
  return least > Number.parseInt(process.versions.node, 10)
    ? `package.json asks for Node ${asked} and this is ${process.version}`
    : undefined;
}

export function dependsOn(json: PackageJson, name: string): boolean {
  return name in json.devDependencies || name in json.dependencies || name in json.peerDependencies;
}

const Installed = z.object({ version: z.string() });

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
