import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Launch } from './entries.ts';

/** Where this package lies and which version it is. */
export type Package = { readonly root: string; readonly version: string };

const name = 'glm-skill';
const inWorkspace = `node_modules/${name}/dist/cli.mjs`;

/** Finds our own package upwards from a file of it, in the source tree as well as in the bundle. */
export function findPackage(from: string = import.meta.dirname): Package {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'));
    if (manifest?.name === name) return { root: folder, version: manifest.version };
    if (folder === dirname(folder)) throw new Error(`no package.json of ${name} above ${from}`);
  }
}

/** The installed entry when the workspace has the package in `node_modules`, else npx with the version pinned. */
export function launchFor(workspace: string | undefined, version: string, platform: NodeJS.Platform): Launch {
  if (workspace !== undefined && existsSync(join(workspace, inWorkspace))) return installed;
  return platform === 'win32' ? npxOnWindows(version) : npx(version);
}

/** Every launch that setup may have written, with the version that a text names. Tells our own entries from edited ones. */
export function knownLaunches(text: string): readonly Launch[] {
  const version = /glm-skill@([\w.+-]+)/.exec(text)?.[1];
  return [installed, ...(version === undefined ? [] : [npx(version), npxOnWindows(version)])];
}

const installed: Launch = { command: 'node', args: [inWorkspace, 'serve'] };
export const npx = (version: string): Launch => ({ command: 'npx', args: ['-y', `${name}@${version}`, 'serve'] });
/** npx is a script there, which only a shell can start. */
const npxOnWindows = (version: string): Launch => ({ command: 'cmd', args: ['/c', 'npx', ...npx(version).args] });

function readManifest(path: string): { readonly name: string; readonly version: string } | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('name' in value) || !('version' in value)) return undefined;
    return typeof value.name === 'string' && typeof value.version === 'string' ? { name: value.name, version: value.version } : undefined;
  } catch {
    return undefined;
  }
}
