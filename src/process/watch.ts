import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';

const everyMs = 1_000;
const pageBytes = 4096;
const memoryShare = 0.8;
const mostProcesses = 4096;
const diskBytes = 20 * 2 ** 30;
const freeBytes = 256 * 2 ** 20;

/** Processes, ourselves excepted, whose environment holds a variable that ends so. Empty where there is no /proc. */
export function processesWith(ending: string): number[] {
  if (process.platform !== 'linux') return [];
  const wanted = Buffer.from(`${ending}\0`);
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      return readFileSync(`/proc/${name}/environ`).includes(wanted) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Looks every second at what a process and its descendants use, and calls once with a sentence when they hold more than 80 % of the
 * machine's memory, are more than 4,096, have filled 20 GiB of the disk under `folder`, or nearly all of it. Gives the function that ends
 * the watch. Linux only.
 */
export function watchUse(
  pid: number,
  folder: string,
  exceeded: (reason: string) => void,
  mostBytes = memoryBytes(),
  most = mostProcesses,
): () => void {
  if (process.platform !== 'linux') return () => {};
  let freeAtStart: number | undefined;
  let busy = false;
  const look = async () => {
    const free = await statfs(folder).then(
      (disk) => disk.bavail * disk.bsize,
      () => undefined,
    );
    freeAtStart ??= free;
    const filled = free === undefined || freeAtStart === undefined ? 0 : freeAtStart - free;
    if (filled > diskBytes || (filled > freeBytes && (free ?? freeBytes) < freeBytes)) return `they wrote ${gib(filled)} GiB to the disk`;
    const { bytes: used, processes } = await usedBy(pid);
    if (processes > most) return `they were ${processes} processes at once`;
    return used > mostBytes ? `they held ${gib(used)} GiB of memory, more than ${gib(mostBytes)}` : undefined;
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void look()
      .then((reason) => {
        busy = false;
        if (!reason) return;
        clearInterval(timer);
        exceeded(reason);
      })
      .catch(() => {
        busy = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function memoryBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return memoryShare * (limit > 0 ? Math.min(limit, totalmem()) : totalmem());
}

/** How many a process and all below it are, and their resident memory; what they share is counted for each. */
async function usedBy(root: number): Promise<{ readonly bytes: number; readonly processes: number }> {
  const children = new Map<number, number[]>();
  const pages = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    pages.set(Number(name), Number(fields[21]) || 0);
  }
  let sum = 0;
  let processes = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    processes++;
    sum += pages.get(pid) ?? 0;
    waiting.push(...(children.get(pid) ?? []));
  }
  return { bytes: sum * pageBytes, processes };
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
