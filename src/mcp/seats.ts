import type { Session } from './sessions.ts';

/** A session as the table of sessions holds it: whose it is, and what of it is going on. */
export type Seat<User> = Session & { readonly user: User; last: number; calls: number; streams: number };

/** A bounded table of sessions. Clients leave without a word, so a new one takes the seat that has been idle for longest. */
export type Seats<User> = {
  readonly get: (id: string) => Seat<User> | undefined;
  readonly add: (id: string, seat: Seat<User>) => void;
  readonly remove: (id: string) => void;
  /** Makes room for one more. False: all are at work. */
  readonly makeRoom: () => boolean;
  /** Closes what has not been heard of for that long. */
  readonly sweep: (idleMs: number) => void;
  readonly all: () => readonly Seat<User>[];
};

/** Who has just said hello has not opened its stream yet. */
const freshMs = 10_000;

export function makeSeats<User>(most: number, evicted: () => void): Seats<User> {
  const seats = new Map<string, Seat<User>>();
  const close = (id: string) => {
    const seat = seats.get(id);
    seats.delete(id);
    seat?.close().catch(() => {});
  };
  /** Ids from the one to go first: those that no stream is open for, unless they have just come; else the longest idle. */
  const idle = () => {
    const stays = ({ streams, last }: Seat<User>) => Number(streams > 0 || performance.now() - last < freshMs);
    return [...seats]
      .filter(([, { calls }]) => calls === 0)
      .sort(([, a], [, b]) => stays(a) - stays(b) || a.last - b.last)
      .map(([id]) => id);
  };
  return {
    get: (id) => seats.get(id),
    add: (id, seat) => seats.set(id, seat),
    remove: (id) => seats.delete(id),
    makeRoom: () => {
      if (seats.size < most) return true;
      const [first] = idle();
      if (first === undefined) return false;
      close(first);
      evicted();
      return true;
    },
    sweep: (idleMs) => {
      for (const id of idle()) if (performance.now() - (seats.get(id)?.last ?? 0) > idleMs) close(id);
    },
    all: () => [...seats.values()],
  };
}
