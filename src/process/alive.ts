import { readFileSync } from 'node:fs';

/** A process as it is kept on disk. `started` is empty where the system does not tell. */
export type Owner = { readonly pid: number; readonly started: string };

/** When a process started: clock ticks since boot, with the boot's id. Empty where there is no /proc. */
export function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}

/** A process id is used again after a while; together with the start it names one process. One that is not ours to signal lives. */
export function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return started === '' || started === startOf(pid);
}
