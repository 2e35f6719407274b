import { readFileSync } from 'node:fs';

/** Text of a file of the system, empty where there is none. */
export type ReadSystem = (path: string) => string;

const installers: readonly (readonly [RegExp, string])[] = [
  [/debian|ubuntu/, 'sudo apt install bubblewrap'],
  [/fedora|rhel|centos/, 'sudo dnf install bubblewrap'],
  [/suse/, 'sudo zypper install bubblewrap'],
  [/arch/, 'sudo pacman -S bubblewrap'],
  [/alpine/, 'apk add bubblewrap'],
];
const profile = 'bwrap-userns-restrict';

/** What would make bubblewrap work here, as one sentence: the package to install, or the setting that stands in its way. */
export function remedy(installed: boolean, read: ReadSystem = readSystem): string {
  const release = [...read('/etc/os-release').matchAll(/^ID(?:_LIKE)?="?([^"\n]*)/gm)].map(([, id = '']) => id).join(' ');
  const restricted = read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1';
  const allow = `sudo apt install apparmor-profiles && sudo install -m644 /usr/share/apparmor/extra-profiles/${profile} /etc/apparmor.d/ && sudo apparmor_parser -r /etc/apparmor.d/${profile}`;
  if (!installed) {
    const install = installers.find(([form]) => form.test(release))?.[1] ?? 'install the package bubblewrap';
    return restricted ? `${install}, and let it make user namespaces: ${allow}` : install;
  }
  if (restricted) return `this system restricts user namespaces; let bubblewrap make them: ${allow}`;
  if (read('/proc/sys/kernel/unprivileged_userns_clone').trim() === '0')
    return 'allow user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if (read('/proc/sys/user/max_user_namespaces').trim() === '0')
    return 'allow user namespaces: sudo sysctl -w user.max_user_namespaces=15000';
  return 'a container forbids user namespaces unless it is started with --security-opt seccomp=unconfined --security-opt systempaths=unconfined';
}

function readSystem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
