import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';

/** A link beside the worktree to what lies beside the user's repository; both absolute, links resolved in the target. */
export type Neighbour = { readonly path: string; readonly target: string };

export type Outside = { readonly links: readonly Neighbour[]; readonly files: readonly string[]; readonly notes: readonly string[] };

type Manifest = { readonly name: string; readonly holds: string; readonly paths: (text: string) => string[] };

/** Manifests that name folders by relative paths, and what such a folder has to hold: no other folder of the machine becomes readable. */
const manifests: readonly Manifest[] = [
  { name: 'go.mod', holds: 'go.mod', paths: replacedModules },
  { name: 'go.work', holds: 'go.mod', paths: (text) => [...usedModules(text), ...replacedModules(text)] },
  { name: 'Cargo.toml', holds: 'Cargo.toml', paths: (text) => found(/\bpath\s*=\s*"([^"\n]+)"/g, text) },
  { name: 'package.json', holds: 'package.json', paths: linkedPackages },
];

/** Configuration that runners and compilers look for in the folders above, the nearest first. None of these names stands for keys. */
const configuration =
  /^(?:\.(?:mocha|babel|swc|tap|nyc|c8|postcss|browserslist)rc(?:\.\w+)?|[\w.-]+\.config\.(?:[cm]?[jt]s|json)|[jt]sconfig(?:\.[\w-]+)?\.json|pytest\.(?:ini|toml)|tox\.ini|setup\.cfg|pyproject\.toml|conftest\.py)$/;
const mostBytes = 1 << 20;

/** Names beside the worktree that are ours. */
const taken = /^(?:trees|scratch|replaced)$/;

/**
 * What a repository uses of the folders above and beside it: packages installed above, modules that its manifests name by paths that lead
 * out, a Go workspace above that it is a member of, and configuration that runners find above. Each comes to stand at the same place
 * relative to the worktree, configuration from further up beside it.
 */
export function bringOutside(root: string, worktree: string, tracked: readonly string[]): Outside {
  const links: Neighbour[] = [];
  const missing: string[] = [];
  const room = dirname(worktree);
  const link = (target: string, path: string) => {
    if (links.some((one) => one.path === path)) return;
    const top = relative(room, path).split(sep)[0] ?? '';
    if (top === '..' || taken.test(top) || lstatSync(path, { throwIfNoEntry: false })) missing.push(target);
    else {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(realpathSync(target), path);
      links.push({ path, target: realpathSync(target) });
    }
  };
  const modules = above(root).find((folder) => existsSync(join(folder, 'node_modules')));
  if (modules !== undefined) link(join(modules, 'node_modules'), join(room, 'node_modules'));
  const { files, members } = bringWorkspace(root, room, tracked);
  const named = tracked.flatMap((path) => namedBy(join(root, path)));
  for (const target of new Set([...named, ...members])) {
    const inside = target === root || target.startsWith(root + sep) || root.startsWith(target + sep);
    if (!inside) link(target, resolve(worktree, relative(root, target)));
  }
  const configured = configurationAbove(root).flatMap((file) => {
    const path = join(room, basename(file));
    if (lstatSync(path, { throwIfNoEntry: false })) return [];
    copyFileSync(file, path);
    return [path];
  });
  const notes = missing.map((target) => `${target} is named by a manifest and is not there for the worktree: it lies too far away.`);
  return { links, files: [...files, ...configured], notes };
}

/** The nearest file of each name, not as far up as a home folder, a folder for temporary files, or the top. */
function configurationAbove(root: string): string[] {
  const folders = above(root);
  const end = folders.findIndex((folder) => [homedir(), tmpdir(), resolve('/')].includes(folder));
  const found = folders.slice(0, end < 0 ? undefined : end).flatMap((folder) => filesIn(folder).map((name) => join(folder, name)));
  return [...new Map(found.toReversed().map((file) => [basename(file), file])).values()];
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && configuration.test(entry.name) && isAtHand(join(folder, entry.name)))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A workspace file in the folder above counts when it names the repository. */
function bringWorkspace(root: string, room: string, tracked: readonly string[]): { files: string[]; members: string[] } {
  const from = dirname(root);
  const file = join(from, 'go.work');
  const none = { files: [], members: [] };
  if (!tracked.includes('go.mod') || tracked.includes('go.work') || !existsSync(file)) return none;
  const members = namedBy(file);
  if (!members.includes(root)) return none;
  const files = ['go.work', 'go.work.sum'].filter((name) => existsSync(join(from, name)));
  for (const name of files) copyFileSync(join(from, name), join(room, name));
  return { files: files.map((name) => join(room, name)), members };
}

/** What we must not read the runner does not read either. */
function isAtHand(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return lstatSync(path).size <= mostBytes;
  } catch {
    return false;
  }
}

function above(root: string): string[] {
  const up = dirname(root);
  return up === root ? [] : [up, ...above(up)];
}

/** Folders that a manifest names, as far as they hold a manifest of the kind themselves. */
function namedBy(path: string): string[] {
  const manifest = manifests.find(({ name }) => name === basename(path));
  if (!manifest || !lstatSync(path, { throwIfNoEntry: false })?.isFile()) return [];
  const text = readFileSync(path, 'utf8');
  const folders = manifest.paths(text).map((to) => resolve(dirname(path), to));
  return folders.filter((folder) => existsSync(join(folder, manifest.holds)));
}

function replacedModules(text: string): string[] {
  return found(/=>\s*("?)(\.{1,2}\/[^\s"]*|\.\.)\1/g, text, 2);
}

function usedModules(text: string): string[] {
  const blocks = found(/^\s*use\s*\(([^)]*)\)/gm, text).join('\n');
  return [...found(/^\s*use\s+"?([^\s"(]+)"?/gm, text), ...found(/^\s*"?([^\s"/][^\s"]*)"?/gm, blocks)];
}

const Dependencies = z.record(z.string(), z.unknown()).catch({});
const Package = z.object({ dependencies: Dependencies, devDependencies: Dependencies, optionalDependencies: Dependencies }).partial();

function linkedPackages(text: string): string[] {
  if (!/"(?:file|link|portal):\.\./.test(text)) return [];
  const read = Package.safeParse(parse(text)).data;
  const specs = Object.values({ ...read?.dependencies, ...read?.devDependencies, ...read?.optionalDependencies });
  return specs.flatMap((spec) => (typeof spec === 'string' ? found(/^(?:file|link|portal):(\.\..*)$/g, spec) : []));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function found(pattern: RegExp, text: string, group = 1): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[group] ?? []);
}
