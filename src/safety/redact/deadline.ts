import { createContext, Script } from 'node:vm';

/** Below this many characters no search takes long; to start a watch costs more than most of them. */
const shortText = 2_000;
/** A loaded machine may need that many times as long as the processor time it gives us. */
const patience = [1, 4, 16] as const;

/**
 * What `search` finds in a text of `chars` characters, or undefined where it takes more than `mostCpuMs` of processor time: also in the
 * middle of one expression, which nothing inside this program could end. `search` may be begun anew; it must change nothing outside.
 */
export function searchWithin<T>(chars: number, mostCpuMs: number, search: (overdue: () => boolean) => T): T | undefined {
  const overdue = startClock(mostCpuMs);
  if (chars < shortText || !Number.isFinite(mostCpuMs)) {
    const found = search(overdue);
    return overdue() ? undefined : found;
  }
  for (const times of patience) {
    const found = watched(Math.max(1, mostCpuMs * times), () => search(overdue));
    if (overdue()) return undefined;
    if (found) return found.value;
  }
  return undefined;
}

/** True once we have worked for that long: waiting for others does not count. */
function startClock(mostCpuMs: number): () => boolean {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return user + system > mostCpuMs * 1_000;
  };
}

type Room = { run: () => void };
let room: Room | undefined;
const script = new Script('run()');

/** Runs `work` and ends it after that many milliseconds: undefined then. */
function watched<T>(timeout: number, work: () => T): { readonly value: T } | undefined {
  const here = room ?? { run: () => undefined };
  if (!room) createContext(here);
  room = here;
  let value: { readonly value: T } | undefined;
  here.run = () => {
    value = { value: work() };
  };
  try {
    script.runInContext(here, { timeout });
  } catch (error) {
    // Made in the other context, so no instance of the Error of this one.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
  return value;
}
