import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Shared } from '../../glm/money/shared-limits.ts';
import type { Alone, Guard } from '../ask-once.ts';
import type { Store } from './store.ts';

const leaseMs = 30_000;
const renewMs = 5_000;
const pollMs = 150;
const quietMs = 1_000;
const longestHoldMs = 10 * 60_000;
const noteMs = 86_400_000;
const lookMs = 1_000;
/** A request whose asker has missed three beats is lost. */
const silenceMs = 3 * renewMs + 1_000;

/** Places and money that hold over all machines which use the same store. */
export function sharedMoney(store: Store): Shared {
  return {
    slots: (name, count) => ({
      acquire: async (signal, onWait) => {
        const tellAt = Date.now() + quietMs;
        let told = false;
        for (;;) {
          signal.throwIfAborted();
          const free = Date.now() >= (await heldUntil(store, name)) ? await leaseOf(store, `slot:${name}`, count) : undefined;
          if (free) return free;
          if (!told && Date.now() > tellAt) {
            told = true;
            onWait?.();
          }
          await sleep(pollMs * (0.5 + Math.random()), undefined, { signal });
        }
      },
      hold: (untilMs) => void store.set(`hold:${name}`, String(Math.round(untilMs)), longestHoldMs).catch(() => {}),
    }),
    reserve: (name, entry, amountUsd, capUsd) => store.reserve(name, entry, amountUsd, capUsd),
    settle: (name, entry, amountUsd) => store.settle(name, entry, amountUsd),
  };
}

/** A hold far in the future is a clock that stands wrong, not a wish. */
async function heldUntil(store: Store, name: string): Promise<number> {
  const until = Number((await store.get(`hold:${name}`)) ?? 0);
  return until < Date.now() + longestHoldMs ? until : 0;
}

/** One of `count` places, renewed until it is left; where its holder dies it is free after half a minute. */
async function leaseOf(store: Store, name: string, count: number): Promise<(() => void) | undefined> {
  const holder = randomBytes(12).toString('hex');
  if (!(await store.lease(name, holder, count, leaseMs))) return undefined;
  const renew = setInterval(() => void store.lease(name, holder, count, leaseMs).catch(() => {}), renewMs);
  return () => {
    clearInterval(renew);
    void store.leave(name, holder).catch(() => {});
  };
}

/** The one place of a name, once it is free; what is given leaves it. */
export async function waitFor(store: Store, name: string, signal?: AbortSignal): Promise<() => void> {
  for (;;) {
    signal?.throwIfAborted();
    const leave = await leaseOf(store, name, 1);
    if (leave) return leave;
    await sleep(pollMs * (0.5 + Math.random()), undefined, { signal });
  }
}

/** Keeps the askers of one request apart over all machines. */
export function guardOn(store: Store): Guard {
  const note = (name: string) => `asking:${name}`;
  const begin: Guard['begin'] = async (names) => {
    const me = randomBytes(8).toString('hex');
    let beats = 0;
    const beat = async () => {
      beats++;
      for (const name of names) await store.set(note(name), `${me} ${beats}`, noteMs);
    };
    await beat();
    const timer = setInterval(() => void beat().catch(() => {}), renewMs);
    return async () => {
      clearInterval(timer);
      await store.drop(names.map(note));
    };
  };
  // By what is seen from here: while the server itself is away, nobody can say that they live.
  const isLost: Guard['isLost'] = async (name, signal) => {
    let last = await store.get(note(name));
    let silentMs = 0;
    while (last !== undefined && silentMs < silenceMs) {
      await sleep(lookMs, undefined, { signal });
      const now = await store.get(note(name));
      silentMs = now === last ? silentMs + lookMs : 0;
      last = now;
    }
    return last !== undefined;
  };
  return { alone: aloneOn(store), begin, isLost };
}

/** Does work that only one of all machines may do at a time. */
function aloneOn(store: Store): Alone {
  return async (name, signal, work) => {
    const leave = await waitFor(store, `alone:${name}`, signal);
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
