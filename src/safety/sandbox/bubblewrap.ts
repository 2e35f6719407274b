import { existsSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import type { ProcessResult } from '../../process/run.ts';
import { planMounts, type Reach } from './mounts.ts';

const system = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/lib32', '/libx32', '/opt', '/nix/store', '/snap'];
const settings =
  'passwd group ssl ca-certificates pki alternatives nsswitch.conf ld.so.cache ld.so.conf ld.so.conf.d hosts host.conf services protocols localtime timezone mime.types fonts java-11-openjdk java-17-openjdk java-21-openjdk debian_version os-release lsb-release'.split(
    ' ',
  );
const tempBytes = 1 << 30;

/**
 * A command line for bubblewrap with an allow-list root: the system read-only, empty home, temp and run folders in memory, the given folders
 * and nothing else. No network but its own loopback, no capabilities, no view of other processes; everything inside dies with it.
 * The environment is the caller's: what must not be seen may not be in it, since /proc/1/environ shows it.
 */
export function bubblewrap(program: string, argv: readonly string[], reach: Reach, home: string): string[] {
  const flags = ['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--hostname', 'sandbox'];
  for (const path of system) flags.push('--ro-bind-try', path, path);
  for (const name of settings) flags.push('--ro-bind-try', `/etc/${name}`, `/etc/${name}`);
  flags.push('--dev', '/dev', '--proc', '/proc');
  for (const path of ['/tmp', '/var/tmp', '/run']) flags.push('--size', String(tempBytes), '--tmpfs', path);
  if (isAbsolute(home) && !/^\/(?:usr|bin|lib|etc|dev|proc)?$/.test(home)) flags.push('--size', String(tempBytes), '--tmpfs', home);
  const mounts = planMounts(reach, home);
  for (const { path, access } of mounts) {
    if (access === 'read') flags.push('--ro-bind', path, path);
    else if (access === 'write') flags.push('--bind', path, path);
    else if (statSync(path).isDirectory()) flags.push('--tmpfs', path);
    else flags.push('--ro-bind', '/dev/null', path);
  }
  for (const { path, target } of reach.links ?? []) {
    // Below a mount it is there already, and making it would write to the host.
    if (!mounts.some((mount) => path.startsWith(mount.path + sep))) flags.push('--symlink', target, path);
  }
  for (const [name, value] of Object.entries(reach.set ?? {})) if (value !== undefined) flags.push('--setenv', name, value);
  return [program, ...flags, '--remount-ro', '/', '--chdir', reach.cwd, '--', ...argv];
}

/**
 * A command line that leaves files and network as they are and puts out of sight what no test has a use for: processes other than its own,
 * and the files in `hide`. What lies at `keep` cannot be written. What it starts dies with it.
 */
export function veil(
  program: string,
  argv: readonly string[],
  cwd: string,
  hide: readonly string[],
  keep: readonly string[] = [],
): string[] {
  const flags = ['--dev-bind', '/', '/', '--unshare-pid', '--proc', '/proc', '--die-with-parent'];
  for (const path of hide)
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) flags.push('--ro-bind', '/dev/null', realpathSync(path));
  for (const path of keep.filter(existsSync)) {
    const real = realpathSync(path);
    flags.push('--ro-bind', real, real);
  }
  return [program, ...flags, '--chdir', cwd, '--', ...argv];
}

/** A run whose program bubblewrap could not start has failed to start, as it would have without. */
export function asStarted(run: ProcessResult): ProcessResult {
  const [, program, why] = /^bwrap: execvp (.+): (No such file or directory|Permission denied)$/m.exec(run.stderr.toString()) ?? [];
  if (run.exitCode !== 1 || program === undefined) return run;
  return { ...run, end: 'failed_to_start', startError: `spawn ${program} ${why === 'Permission denied' ? 'EACCES' : 'ENOENT'}` };
}

/** Where bubblewrap is: the system's own first, then PATH without folders that a repository fills. */
export function findBwrap(searchPath = ''): string | undefined {
  const folders = searchPath.split(':').filter((folder) => isAbsolute(folder) && !folder.includes('node_modules'));
  return ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin', ...folders]
    .map((folder) => join(folder, 'bwrap'))
    .find(existsSync);
}
