import type { Slots } from '../../process/slots.ts';

/** What several machines that use one gateway key hold to together. Names tell nothing of the key. */
export type Shared = {
  readonly slots: (name: string, count: number) => Slots;
  /** Enters what a request may cost at most, unless the sum would be more than the cap. Gives the sum without it. */
  readonly reserve: (
    name: string,
    entry: string,
    amountUsd: number,
    capUsd: number,
  ) => Promise<{ readonly fits: boolean; readonly sum: number }>;
  /** What it has cost in the end. */
  readonly settle: (name: string, entry: string, amountUsd: number) => Promise<void>;
};
