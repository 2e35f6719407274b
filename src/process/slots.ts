import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startOf } from './alive.ts';

const beatMs = 5_000;
const staleMs = 60_000;
const sweepStaleMs = 10_000;
const pollMs = 60;
const quietMs = 1_000;
const longestHoldMs = 10 * 60_000;

/** How many may do the same at a time, over all processes of a user. */
export type Slots = {
  /**
   * Waits for a slot. Call what it gives to free it; a process that dies frees its own. `onWait` is called once when it takes a while.
   * Rejects once the signal is aborted.
   */
  readonly acquire: (signal: AbortSignal, onWait?: () => void) => Promise<() => void>;
  /** Asks every process to begin nothing before this time (ms since the epoch). */
  readonly hold: (untilMs: number) => void;
};

/** Opens the slots kept in `folder`: at most `count` holders at a time, each a file that exists as long as it is held. */
export function openSlots(folder: string, count: number): Slots {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const holdPath = join(folder, 'hold');

  async function acquire(signal: AbortSignal, onWait?: () => void): Promise<() => void> {
    const tellAt = Date.now() + quietMs;
    let told = false;
    for (;;) {
      signal.throwIfAborted();
      if (Date.now() >= heldUntil(holdPath)) {
        for (let number = 1; number <= count; number++) {
          const free = take(join(folder, `slot-${number}`));
          if (free) return free;
        }
        sweep(folder, count);
      }
      if (!told && Date.now() > tellAt) {
        told = true;
        onWait?.();
      }
      await sleep(pollMs * (0.5 + Math.random()), undefined, { signal });
    }
  }

  return { acquire, hold: (untilMs) => writeFileSync(holdPath, String(Math.round(untilMs)), { mode: 0o600 }) };
}

/** A hold far in the future is a clock that was set back, not a wish. */
function heldUntil(path: string): number {
  const until = Number(readOrNothing(path) || 0);
  return Number.isFinite(until) && until < Date.now() + longestHoldMs ? until : 0;
}

function take(path: string): (() => void) | undefined {
  const mine = `${process.pid} ${startOf(process.pid)} ${randomBytes(8).toString('hex')} ${hostname()}`;
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
  try {
    writeSync(file, mine);
  } catch (error) {
    // One without a name would be taken for a holder that was born a moment ago.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  const beat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Swept by another after a long sleep of this machine: nothing to keep alive.
    }
  }, beatMs);
  beat.unref();
  return () => {
    clearInterval(beat);
    if (readOrNothing(path) === mine) rmSync(path, { force: true });
  };
}

/** Removes slots whose holder is gone. One process at a time, or a slot that was just taken anew could be removed. */
function sweep(folder: string, count: number): void {
  const broom = join(folder, 'sweep');
  try {
    mkdirSync(broom);
  } catch {
    if (ageMs(broom) > sweepStaleMs) rmdirQuietly(broom);
    return;
  }
  try {
    for (let number = 1; number <= count; number++) {
      const path = join(folder, `slot-${number}`);
      if (isGone(path)) rmSync(path, { force: true });
    }
  } finally {
    rmdirQuietly(broom);
  }
}

function isGone(path: string): boolean {
  const age = ageMs(path);
  if (age > staleMs) return true;
  const [pid, started = '', , host] = readOrNothing(path).split(' ');
  // A holder that has not written its name yet was born a moment ago.
  if (!pid || host !== hostname()) return false;
  return !isAlive({ pid: Number(pid), started });
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function rmdirQuietly(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Another was faster.
  }
}
