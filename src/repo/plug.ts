import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type Copied, type CopyJob, copyOne, writeNew } from './copy.ts';

const isMap = (path: string) => /^\.pnp\.(?:cjs|js|data\.json)$/.test(basename(path));

/** `"packageLocation": "PATH"`, where a virtual package is `./.yarn/__virtual__/NAME/STEPS UP/PATH`. */
const locations = /("packageLocation": ")((?:\.\.\/)[^"]+|\.\/[^"]*\/(?:__virtual__|\$\$virtual)\/[^/"]+\/\d+\/[^"]*)(")/g;
const virtual = /^(.*)\/((?:__virtual__|\$\$virtual)\/[^/]+)\/(\d+)\/(.*)$/;

/**
 * Copies a git-ignored file. Yarn's Plug'n'Play map names packages in the cache of the user's home by the way up from the repository, so
 * it is rewritten for the place of the worktree.
 */
export function copyLocal(job: CopyJob, path: string): Copied | undefined {
  const copied = copyOne(job, path);
  if (!copied || copied.mode === '120000' || !isMap(path)) return copied;
  const target = join(job.to, path);
  const from = dirname(join(job.from, path));
  const to = dirname(target);
  const text = readFileSync(target, 'utf8').replace(locations, (_all, before: string, place: string, after: string) => {
    const parts = virtual.exec(place);
    if (!parts) return `${before}${moved(place, from, to, job.from)}${after}`;
    const [, base = '', name = '', steps = '0', rest = ''] = parts;
    const way = moved('../'.repeat(Number(steps)) + rest, join(from, base), join(to, base), job.from);
    const up = /^(?:\.\.\/)*/.exec(way)?.[0] ?? '';
    return `${before}${base}/${name}/${up.length / 3}/${way.slice(up.length)}${after}`;
  });
  rmSync(target);
  return { ...copied, ctimeMs: writeNew(target, text, copied.mode === '100755' ? 0o755 : 0o644) };
}

/** The way to a place outside the repository, from another folder. */
function moved(place: string, from: string, to: string, root: string): string {
  const target = resolve(from, place);
  if (target === root || target.startsWith(root + sep)) return place;
  return relative(to, target).split(sep).join('/') + (place.endsWith('/') ? '/' : '');
}

/** The folders outside the repository that its Plug'n'Play map takes packages from. */
export function plugFolders(root: string, paths: readonly string[]): string[] {
  const folders = paths.filter(isMap).flatMap((path) => {
    if (!lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile()) return [];
    const from = dirname(join(root, path));
    return [...readFileSync(join(root, path), 'utf8').matchAll(locations)].flatMap(([, , place = '']) => {
      const parts = virtual.exec(place);
      const target = parts ? resolve(from, parts[1] ?? '', '../'.repeat(Number(parts[3])) + parts[4]) : resolve(from, place);
      const archive = /^.*?\.zip(?=[\\/])/.exec(target)?.[0];
      return archive === undefined || archive.startsWith(root + sep) ? [] : [dirname(archive)];
    });
  });
  return [...new Set(folders)];
}
