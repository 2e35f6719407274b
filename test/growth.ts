/** Below this a processor's clock and the collector of garbage say more than the work does. */
const floorMicros = 5_000;
/** What is clearly linear needs no further round. */
const linear = 16;
const rounds = 8;

/**
 * How much more processor time `work` takes for eight times as many characters: 8 where it is linear, 64 where it is square.
 * A test asks for less than 32. The smallest of several rounds counts, so that the load of the machine says little.
 */
export function growth(work: (chars: number) => void, chars: number): number {
  const cost = (amount: number) => {
    const begun = process.cpuUsage();
    work(amount);
    const { user, system } = process.cpuUsage(begun);
    return user + system;
  };
  let one = Number.POSITIVE_INFINITY;
  let eight = Number.POSITIVE_INFINITY;
  const ratio = () => eight / Math.max(one, floorMicros);
  for (let round = 0; round < rounds && !(ratio() < linear); round++) {
    one = Math.min(one, cost(chars));
    eight = Math.min(eight, cost(8 * chars));
  }
  return ratio();
}

/** `unit` over and over, `chars` characters of it. */
export const many = (unit: string, chars: number) => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars);
