import { setTimeout as sleep } from 'node:timers/promises';

/** How a server goes down: calls that wait are answered with where their job stands, and only then is anything closed. */
export type Drain = {
  /** Aborted once no further call is taken. */
  readonly signal: AbortSignal;
  /** A call begins; what it gives is called when its answer is on its way. */
  readonly call: () => () => void;
  /** Asks all calls to answer, and waits for that, so long at most. */
  readonly start: (mostMs: number) => Promise<void>;
};

/** For the answers to be written, once they have been made. */
const writeMs = 100;

export function makeDrain(): Drain {
  const control = new AbortController();
  let calls = 0;
  return {
    signal: control.signal,
    call: () => {
      calls++;
      let open = true;
      return () => {
        if (open) calls--;
        open = false;
      };
    },
    start: async (mostMs) => {
      control.abort();
      const until = performance.now() + mostMs;
      while (calls > 0 && performance.now() < until) await sleep(20);
      await sleep(writeMs);
    },
  };
}
