import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Launch } from './entries.ts';

/** Where this package lies and which version it is. */
export type Package = { readonly root: string; readonly version: string };

const name = 'glm-skill';
const program = /(?:^|[\\/])dist[\\/]cli\.mjs$/;

/** Finds our own package upwards from a file of it, in the source tree as well as in the bundle. */
export function findPackage(from: string = import.meta.dirname): Package {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'));
    if (manifest?.name === name) return { root: folder, version: manifest.version };
    if (folder === dirname(folder)) throw new Error(`no package.json of ${name} above ${from}`);
  }
}

/** Every launch that setup may have written, as an entry holds it. Tells our own entries from edited ones. */
export function launchesIn(entry: unknown): readonly Launch[] {
  const words = wordsOf(entry);
  const at = words.findIndex((word) => program.test(word));
  const [node, file] = [words[at - 1], words[at]];
  const version = words.map((word) => /^glm-skill@([\w.+-]+)$/.exec(word)?.[1]).find((one) => one !== undefined);
  const npx = ['npx', '-y', `${name}@${version}`, 'serve'];
  return [
    ...(node !== undefined && file !== undefined ? [{ command: node, args: [file, 'serve'] }] : []),
    // As the first versions wrote it, on Windows through a shell.
    ...(version === undefined ? [] : [toLaunch(npx), toLaunch(['cmd', '/c', ...npx])]),
  ];
}

/** True for an entry that starts this program, however it was changed since. */
export function startsUs(entry: unknown): boolean {
  const words = wordsOf(entry);
  return words.includes('serve') && words.some((word) => program.test(word) || word.includes(name));
}

/** The version that an entry has npx fetch, if it does. */
export function fetchedVersion(entry: unknown): string | undefined {
  return wordsOf(entry).includes('npx') ? /(?<=glm-skill@)[\w.+-]+/.exec(wordsOf(entry).join(' '))?.[0] : undefined;
}

function toLaunch([command = '', ...args]: readonly string[]): Launch {
  return { command, args };
}

/** Every text in an entry, in its order. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values<unknown>({ ...value }).flatMap(wordsOf) : [];
}

function readManifest(path: string): { readonly name: string; readonly version: string } | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('name' in value) || !('version' in value)) return undefined;
    return typeof value.name === 'string' && typeof value.version === 'string' ? { name: value.name, version: value.version } : undefined;
  } catch {
    return undefined;
  }
}
