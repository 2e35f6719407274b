import { checkStopped } from '../errors.ts';

/**
 * Works through what `next` hands out, so many at a time. The first that throws ends it: no more are begun, those under way are waited
 * for, and it throws the same.
 */
export async function inParallel<Item>(
  hands: number,
  next: () => Promise<Item | undefined> | Item | undefined,
  work: (item: Item) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const thrown: unknown[] = [];
  const one = async () => {
    while (thrown.length === 0) {
      checkStopped(signal);
      const item = await next();
      if (item === undefined) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: hands }, () => one().catch((error: unknown) => thrown.push(error))));
  if (thrown.length > 0) throw thrown[0];
}
