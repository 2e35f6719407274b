import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Environment } from '../../config.ts';
import { GlmError } from '../../errors.ts';

/** Where a command may write and what it may read beside the system; absolute paths. `links` are there too, as links; `set` are variables of the environment. */
export type Reach = {
  readonly cwd: string;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  readonly links?: readonly { readonly path: string; readonly target: string }[] | undefined;
  readonly set?: Environment | undefined;
};

/** One folder or file of the host inside the sandbox, under its own path. `hide`: an empty folder or file is put over it. */
export type Mount = { readonly path: string; readonly access: 'read' | 'write' | 'hide' };

/** What no test has a use for, below the home folder. */
const secretPlaces = [
  '.ssh .aws .gnupg .kube .docker .azure .password-store .mozilla .thunderbird .config/gh .config/gcloud .config/rclone .config/op .config/google-chrome .config/chromium',
  '.local/share/keyrings .npmrc .yarnrc.yml .netrc .pgpass .git-credentials .pypirc .bash_history .zsh_history .vault-token .cargo/credentials.toml .cargo/credentials .gem/credentials .m2/settings.xml .m2/settings-security.xml .gradle/gradle.properties .nuget/NuGet/NuGet.Config .composer/auth.json .config/composer/auth.json .bundle/config',
]
  .join(' ')
  .split(' ');

/**
 * The mounts of a reach, outer ones first. A folder that holds the home folder is not mounted at all; credentials below the home folder are
 * hidden. A mount below another one must be reached through real folders only: a link on the way would let the sandbox's own set-up write to
 * the host (CVE-2026-87766), so that is refused.
 */
export function planMounts(reach: Reach, home: string): Mount[] {
  const mounts: Mount[] = [];
  for (const [access, paths] of [
    ['read', reach.readable],
    ['write', reach.writable],
  ] as const) {
    for (const path of paths) {
      const real = realPathOf(path);
      if (real === undefined || (access === 'read' && holds(real, home))) continue;
      mounts.push({ path: real, access });
    }
  }
  mounts.push(...gitFolders(reach), ...hidden(mounts, home));
  const sorted = [...mounts].sort((a, b) => a.path.length - b.path.length);
  for (const inner of sorted) {
    if (sorted.some((outer) => outer !== inner && inner.path.startsWith(outer.path + sep)) && !isReal(inner.path)) {
      throw new GlmError('forbidden_path', `The sandbox cannot mount ${inner.path}: a link stands on the way.`, {
        hint: 'Remove the link, or pass --sandbox off.',
      });
    }
  }
  return sorted;
}

/** A repository that a command may change keeps its `.git`: hooks and config written there would run later, outside. */
function gitFolders({ cwd, writable }: Reach): Mount[] {
  const roots = writable.flatMap((path) => realPathOf(path) ?? []);
  const found = new Set(roots);
  for (let at = realPathOf(cwd) ?? cwd; roots.some((root) => at.startsWith(root + sep)); at = dirname(at)) found.add(at);
  return [...found].flatMap((folder): Mount[] => {
    const git = join(folder, '.git');
    const entry = lstatSync(git, { throwIfNoEntry: false });
    return entry?.isDirectory() || entry?.isFile() ? [{ path: git, access: 'read' }] : [];
  });
}

function hidden(mounts: readonly Mount[], home: string): Mount[] {
  return secretPlaces.flatMap((place): Mount[] => {
    const path = realPathOf(join(home, place));
    if (path === undefined || !mounts.some((mount) => path === mount.path || path.startsWith(mount.path + sep))) return [];
    return [{ path, access: 'hide' }];
  });
}

function holds(folder: string, inner: string): boolean {
  const real = realPathOf(inner) ?? inner;
  return folder === real || folder === '/' || real.startsWith(folder + sep);
}

/** True when every part of an absolute path is what it says: no links. */
function isReal(path: string): boolean {
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (!found || found.isSymbolicLink()) return false;
  }
  return true;
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
