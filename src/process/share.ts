/** Every worker takes the next piece of work when it is free. The order of the results is that of the work. */
export async function shareOut<W, T, R>(workers: readonly W[], work: readonly T[], one: (worker: W, work: T) => Promise<R>): Promise<R[]> {
  const results: { readonly at: number; readonly result: R }[] = [];
  const next = work.entries();
  await Promise.all(
    workers.map(async (worker) => {
      for (const [at, task] of next) results.push({ at, result: await one(worker, task) });
    }),
  );
  return results.sort((a, b) => a.at - b.at).map(({ result }) => result);
}
