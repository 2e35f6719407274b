import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { delimiter, join, sep } from 'node:path';
import type { Environment, Folders } from '../config.ts';
import type { Launch } from './entries.ts';
import type { Package } from './launch.ts';
import type { Ground } from './place.ts';

/** How entries start the server, always by absolute paths. `copy`: what has to be copied first, from a package to a folder of ours. */
export type Program = { readonly launch: Launch; readonly copy: Copy | undefined };
export type Copy = { readonly from: string; readonly to: string };

/** Folders from which npx and its like run a package, and which they empty at any time. */
const passing = /[\\/](?:_npx|dlx|bunx|xfs)(?:-[^\\/]*)?[\\/]/;

/**
 * Where the program lies that entries start. A repository never chooses it: what lies inside of the workspace (its `node_modules`) or in a
 * cache is copied beside our state, and a node that the workspace brings is not the one that is started.
 */
export function placeProgram({ root, version }: Package, ground: Ground): Program {
  const isOwnTree = root === ground.root;
  const moves = !isOwnTree && (isInside(root, ground.root) || passing.test(`${root}${sep}`));
  const to = moves ? join(programs(ground.folders), `${version}-${hashOf(root)}`) : root;
  const launch = { command: nodeOutside(ground), args: [join(to, 'dist', 'cli.mjs'), 'serve'] };
  return { launch, copy: moves ? { from: root, to } : undefined };
}

/** Copies what npm would publish, whole or not at all. A copy is named by its content, so one that exists is the same. */
export async function copyProgram({ from, to }: Copy): Promise<void> {
  if (existsSync(to)) return;
  const { files }: { files: readonly string[] } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
  const fresh = `${to}.${process.pid}.new`;
  await mkdir(fresh, { recursive: true });
  for (const name of ['package.json', ...files]) {
    if (existsSync(join(from, name))) await cp(join(from, name), join(fresh, name), { recursive: true });
  }
  await rename(fresh, to).catch(() => rm(fresh, { recursive: true, force: true }));
}

/** Removes the copies that no record of setup names any more, but for `kept`. */
export async function dropPrograms(folders: Folders, kept: string | undefined): Promise<void> {
  const records = join(folders.state, 'setup');
  const names = (await readdir(records).catch(() => [])).map((name) => join(records, name));
  const texts = await Promise.all(names.map((name) => readFile(name, 'utf8').catch(() => '')));
  for (const name of await readdir(programs(folders)).catch(() => [])) {
    const path = join(programs(folders), name);
    if (path !== kept && !texts.some((text) => text.includes(name))) await rm(path, { recursive: true, force: true });
  }
}

/** The PATH without the folders of a workspace: npx puts its `node_modules/.bin` first. */
export function pathOutside(root: string, env: Environment): readonly string[] {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter);
  return folders.filter((folder) => folder !== '' && folder !== '.' && !isInside(folder, root));
}

function nodeOutside({ root, env, platform }: Ground): string {
  if (!isInside(process.execPath, root)) return process.execPath;
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const found = pathOutside(root, env).find((folder) => existsSync(join(folder, name)));
  return found === undefined ? process.execPath : join(found, name);
}

const programs = ({ state }: Folders) => join(state, 'program');
const isInside = (path: string, folder: string) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The chunks of a bundle are named by their content, so its entrance stands for all of it. */
function hashOf(root: string): string {
  return createHash('sha256')
    .update(readFileSync(join(root, 'dist', 'cli.mjs')))
    .digest('hex')
    .slice(0, 12);
}
