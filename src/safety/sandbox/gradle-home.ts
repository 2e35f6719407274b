import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../config.ts';
import type { Reach } from './mounts.ts';

/** In the temp folder of the sandbox, which lives in memory and ends with the run. */
const inside = '/tmp/gradle-home';

/**
 * Gradle takes locks and writes down what it did in its own home, whatever it is asked for, so that a home that can only be read stops it at
 * once. It gets an empty one, with the distributions of wrappers as links; the modules that the user has are its read-only cache.
 */
export function gradleHome(env: Environment): Pick<Reach, 'links' | 'set'> {
  const home = env.GRADLE_USER_HOME ?? (env.HOME ? join(env.HOME, '.gradle') : undefined);
  if (!home || !existsSync(home)) return {};
  const modules = join(home, 'caches');
  return {
    set: { GRADLE_USER_HOME: inside, ...(existsSync(join(modules, 'modules-2')) && { GRADLE_RO_DEP_CACHE: modules }) },
    links: distributions(join(home, 'wrapper', 'dists')).map((path) => ({
      path: join(inside, 'wrapper', 'dists', path),
      target: join(home, 'wrapper', 'dists', path),
    })),
  };
}

/** What lies in `NAME/HASH/` but the wrapper's own locks and archives. */
function distributions(folder: string): string[] {
  return foldersOf(folder).flatMap((name) =>
    foldersOf(join(folder, name)).flatMap((hash) =>
      readdirSync(join(folder, name, hash)).flatMap((part) => (/\.(?:lck|part|zip)$/.test(part) ? [] : [join(name, hash, part)])),
    ),
  );
}

function foldersOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
