import type { Queue, Shelf } from '../../jobs/queue.ts';

/**
 * What all machines share besides the queue: texts by name, leases that end with their holder, and sums with a limit. Each call is one
 * step on the server, so that two machines never both find room for one.
 */
export type Store = {
  readonly get: (name: string) => Promise<string | undefined>;
  readonly set: (name: string, text: string, ttlMs: number) => Promise<void>;
  readonly drop: (names: readonly string[]) => Promise<void>;
  /** Takes one of `count` places, or renews it. False where all are taken by others. */
  readonly lease: (name: string, holder: string, count: number, ttlMs: number) => Promise<boolean>;
  readonly leave: (name: string, holder: string) => Promise<void>;
  /** Who has a place, the latest first. */
  readonly holders: (name: string) => Promise<readonly string[]>;
  /** Puts `amount` on the account of `entry`, unless the sum of all entries would be more than `cap`. Gives the sum without it. */
  readonly reserve: (name: string, entry: string, amount: number, cap: number) => Promise<{ readonly fits: boolean; readonly sum: number }>;
  readonly settle: (name: string, entry: string, amount: number) => Promise<void>;
  /** What the durability of the server is worth, one sentence for each weakness. */
  readonly weaknesses: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

/** A queue by its URL, with the shelf beside it; `store` is what machines share besides, where there is a server. */
export type Opened = {
  readonly queue: Queue;
  readonly shelf: Shelf;
  readonly store: Store | undefined;
  readonly close: () => Promise<void>;
};
