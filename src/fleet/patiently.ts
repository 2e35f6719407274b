import { setTimeout as sleep } from 'node:timers/promises';

type Patience = {
  readonly everyMs: number;
  readonly tries: number;
  /** Whether an error says that the server is away; absent: any does. */
  readonly isAway?: ((error: unknown) => boolean) | undefined;
};

/** Does work again for as long as the server that it asks is away. Throws what it threw last. */
export async function patiently<T>(work: () => Promise<T>, { everyMs, tries, isAway = () => true }: Patience): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left <= 1 || !isAway(error)) throw error;
      await sleep(everyMs);
    }
  }
}
