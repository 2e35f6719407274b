import { Stopped } from '../errors.ts';

/** A time by which work ends, whatever is under way. */
export type Limit = {
  /** Ends with the time, and with the caller's own signal. */
  readonly signal: AbortSignal;
  /** Waits for work that is under the signal. Undefined: the time was up. The caller's own stop is thrown. */
  readonly within: <Result>(work: Promise<Result>) => Promise<Result | undefined>;
  readonly clear: () => void;
};

/** Begins a time of so many milliseconds. */
export function startLimit(ms: number, signal: AbortSignal | undefined): Limit {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  return {
    signal: AbortSignal.any([over.signal, ...(signal ? [signal] : [])]),
    within: async (work) => {
      try {
        return await work;
      } catch (error) {
        if (error instanceof Stopped && over.signal.aborted && !signal?.aborted) return undefined;
        throw error;
      }
    },
    clear: () => clearTimeout(timer),
  };
}
