import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { listFiles } from '../../suite/list-files.ts';
import { packageManager } from '../../suite/package-json.ts';

const names =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|\.npmrc|\.yarnrc(?:\.yml)?)$|^(?:\.yarn\/(?:releases|patches|plugins)|patches)\//;

/** The part of a package.json that decides what is installed: a release that only counts up the version installs the same. */
const Manifest = z.object({
  packageManager: z.string().optional().catch(undefined),
  dependencies: z.unknown(),
  devDependencies: z.unknown(),
  optionalDependencies: z.unknown(),
  peerDependencies: z.unknown(),
  overrides: z.unknown(),
  resolutions: z.unknown(),
  workspaces: z.unknown(),
});

/** What has to stand in a folder for the packages of a repository to be installed there. */
export function listManifests(folder: string): string[] {
  return listFiles(folder).filter((file) => names.test(file));
}

/** The same for two states that install the same. Without a lockfile the month decides what the ranges mean. */
export async function keyOf(folder: string, files: readonly string[], date: string): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  let locked = false;
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    const lock = /lock|shrinkwrap/.test(file);
    locked ||= lock;
    // npm writes the version of the package itself into its lockfile.
    const said = file.endsWith('package.json')
      ? JSON.stringify(readManifest(text))
      : lock
        ? text.replace(/^ {2,6}"version": "[^"]*",\n/m, '')
        : text;
    hash.update(`${file}\0${said}\0`);
  }
  return hash
    .update(locked ? '' : date.slice(0, 7))
    .digest('hex')
    .slice(0, 16);
}

function readManifest(text: string): z.infer<typeof Manifest> | undefined {
  try {
    return Manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data;
  } catch {
    return undefined;
  }
}

/**
 * What installs the packages, best first: the manager's own clean install, then what the ranges meant on the day of the fix, then what they
 * mean today: a mirror may date every version by the day of its own copy. Scripts of packages do not run.
 */
export async function installCommands(folder: string, date: string): Promise<string[][]> {
  const has = (name: string) => existsSync(join(folder, name));
  const { name } = packageManager(folder, folder);
  const day = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const byRange = ['npm', 'install', ...quiet, '--no-package-lock', '--legacy-peer-deps'];
  const byRanges = [[...byRange.slice(0, 2), `--before=${day}`, ...byRange.slice(2)], byRange];
  switch (name) {
    case 'pnpm':
      return [[...(await program(folder, name)), 'install', '--frozen-lockfile', '--ignore-scripts']];
    case 'yarn':
      return has('.yarnrc.yml')
        ? [[...(await program(folder, name)), 'install', '--immutable', '--mode=skip-build']]
        : [[...(await program(folder, name)), 'install', '--frozen-lockfile', '--ignore-scripts', '--ignore-engines'], ...byRanges];
    case 'bun':
      return [['bun', 'install', '--frozen-lockfile', '--ignore-scripts'], ...byRanges];
    case 'npm':
      return [...(has('package-lock.json') || has('npm-shrinkwrap.json') ? [['npm', 'ci', ...quiet]] : []), ...byRanges];
  }
}

/** A manager in the version that the repository names; npm brings it, so that the machine need not have it. */
async function program(folder: string, name: 'pnpm' | 'yarn'): Promise<string[]> {
  const named = readManifest(await readFile(join(folder, 'package.json'), 'utf8'))?.packageManager;
  const version = /^(?:pnpm|yarn)@(\d[\w.-]*)/.exec(named ?? '')?.[1] ?? (name === 'pnpm' ? '9' : '1');
  const from = name === 'yarn' && Number.parseInt(version, 10) > 1 ? '@yarnpkg/cli-dist' : name;
  return ['npx', '--yes', '--package', `${from}@${version}`, '--', name];
}
