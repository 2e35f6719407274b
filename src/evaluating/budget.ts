/** Money under a cap that several hands spend from. What may be spent at most is put aside before anything is asked. */
export type Purse = {
  /** Waits where others may give something back. False: there is not enough left. */
  readonly reserve: (usd: number) => Promise<boolean>;
  /** What was put aside comes back; what was paid is gone. */
  readonly settle: (reserved: number, paid: number) => void;
  readonly spent: () => number;
};

export function openPurse(capUsd: number): Purse {
  let spent = 0;
  let reserved = 0;
  let waiting: (() => void)[] = [];
  return {
    reserve: async (usd) => {
      while (spent + reserved + usd > capUsd) {
        if (reserved === 0) return false;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      reserved += usd;
      return true;
    },
    settle: (put, paid) => {
      reserved = Math.max(0, reserved - put);
      if (reserved < 1e-9) reserved = 0;
      spent += paid;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    spent: () => spent,
  };
}
