/** Gives work to a worker when one is free, in the order in which it was asked for. After an error nothing more is begun. */
export type Pool<W> = <R>(one: (worker: W) => Promise<R>) => Promise<R>;

/** Several kinds of work may share one pool: none waits for the last piece of another. */
export function makePool<W>(workers: readonly W[]): Pool<W> {
  const free = [...workers];
  const waiting: ((worker: W) => void)[] = [];
  const broken: unknown[] = [];
  return async (one) => {
    const worker = free.shift() ?? (await new Promise<W>((resolve) => waiting.push(resolve)));
    try {
      if (broken.length > 0) throw broken[0];
      return await one(worker);
    } catch (error) {
      broken.push(error);
      throw error;
    } finally {
      const next = waiting.shift();
      if (next) next(worker);
      else free.push(worker);
    }
  };
}

/** Every worker takes the next piece of work when it is free. The order of the results is that of the work. */
export function shareOut<W, T, R>(workers: readonly W[], work: readonly T[], one: (worker: W, work: T) => Promise<R>): Promise<R[]> {
  const pool = makePool(workers);
  return Promise.all(work.map((task) => pool((worker) => one(worker, task))));
}
