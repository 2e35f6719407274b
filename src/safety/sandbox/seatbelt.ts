import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Reach } from './mounts.ts';

const secretPlaces =
  '.ssh .aws .gnupg .kube .docker .azure .netrc .npmrc .pypirc .git-credentials .config/gh .config/gcloud .config/op Library/Keychains Library/Cookies Library/Mobile\\ Documents Library/Application\\ Support/Google Library/Application\\ Support/Firefox';

/**
 * A command line for macOS's sandbox-exec: everything denied, then reading (credentials excepted), writing below the given folders, and
 * loopback. Paths are parameters of the profile, never part of its text.
 */
export function seatbelt(argv: readonly string[], reach: Reach, home: string): string[] {
  const writable = reach.writable.map(realPathOf);
  const secret = secretPlaces.split(/(?<!\\) /).map((place) => join(home, place.replaceAll('\\ ', ' ')));
  const named = (prefix: string, paths: readonly string[]) => paths.flatMap((path, at) => ['-D', `${prefix}${at}=${path}`]);
  const paths = (prefix: string, list: readonly string[]) => list.map((_path, at) => `(subpath (param "${prefix}${at}"))`).join(' ');
  const profile = [
    '(version 1)',
    '(deny default)',
    '(allow process-exec) (allow process-fork) (allow signal (target same-sandbox))',
    '(allow sysctl-read) (allow mach-lookup) (allow ipc-posix-shm) (allow ipc-posix-sem) (allow pseudo-tty)',
    '(allow file-read*) (allow file-ioctl)',
    `(deny file-read* ${paths('SECRET', secret)})`,
    `(allow file-write* ${paths('WRITE', writable)} (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (regex #"^/dev/ttys[0-9]+$"))`,
    `(deny file-write* ${paths('GIT', writable)})`,
    '(allow network* (local ip "localhost:*")) (allow network-outbound (remote ip "localhost:*"))',
  ].join('\n');
  const git = writable.map((path) => join(path, '.git'));
  return ['/usr/bin/sandbox-exec', '-p', profile, ...named('SECRET', secret), ...named('WRITE', writable), ...named('GIT', git), ...argv];
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
