/** Below this a processor's clock and the collector of garbage say more than the work does. */
const floorMicros = 5_000;

/**
 * How much more processor time `work` takes for eight times as many characters: 8 where it is linear, 64 where it is square.
 * A test asks for less than 32. The smallest of two rounds counts, so that the load of the machine says little.
 */
export function growth(work: (chars: number) => void, chars: number): number {
  const costs = (amount: number) =>
    Math.min(
      ...[1, 2].map(() => {
        const begun = process.cpuUsage();
        work(amount);
        const { user, system } = process.cpuUsage(begun);
        return user + system;
      }),
    );
  return costs(8 * chars) / Math.max(costs(chars), floorMicros);
}

/** `unit` over and over, `chars` characters of it. */
export const many = (unit: string, chars: number) => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars);
