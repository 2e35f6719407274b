/** How long a run of tests may take, in ms: less once it is known how long runs take here, since one that hangs holds up the others. */
export type RunLimit = {
  readonly ms: () => number;
  /** A bug was found, in so many seconds. */
  readonly learn: (seconds: number) => void;
};

const leastMs = 20_000;
const fromBugs = 3;
/** Four runs make a bug, so this is some twelve times as long as one of them. */
const times = 3;

export function makeRunLimit(mostMs: number): RunLimit {
  let longestMs = 0;
  let bugs = 0;
  return {
    ms: () => (bugs < fromBugs ? mostMs : Math.min(mostMs, Math.max(leastMs, longestMs * times))),
    learn: (seconds) => {
      bugs++;
      longestMs = Math.max(longestMs, seconds * 1_000);
    },
  };
}
