/** Whether a set of parts does what is sought. */
export type Try<Part> = (parts: readonly Part[]) => Promise<boolean>;

export type Reduction<Part> = {
  /** The likeliest first. */
  readonly parts: readonly Part[];
  /** What has to go with a part. */
  readonly closure: (parts: readonly Part[]) => readonly Part[];
  readonly attempt: Try<Part>;
  readonly left: () => boolean;
  /** How many are tried at a time. */
  readonly abreast: number;
};

/** The likeliest parts are tried alone before anything is halved. */
const triedAlone = 4;

/**
 * Delta debugging: a small set of parts that does what all of them do, which the caller has seen. Each part of the result is needed, unless the
 * limits came first.
 */
export async function reduce<Part>(it: Reduction<Part>): Promise<readonly Part[]> {
  const first = it.parts.slice(0, triedAlone).map((part) => it.closure([part]));
  const alone = it.parts.length > 1 ? await firstThatDoes(first, it) : undefined;
  let current = alone ?? it.parts;
  let pieces = 2;
  while (current.length > 1 && it.left()) {
    const size = Math.ceil(current.length / pieces);
    const subsets = Array.from({ length: Math.ceil(current.length / size) }, (_, at) => current.slice(at * size, (at + 1) * size));
    const smaller = subsets.map((subset) => it.closure(subset)).filter((subset) => subset.length < current.length);
    const rests = subsets
      .map((subset) => withoutNeeded(current, subset, it))
      .filter((rest) => rest.length > 0 && rest.length < current.length);
    const subset = pieces === 2 || size === 1 ? await firstThatDoes(smaller, it) : undefined;
    const found = subset ?? (await firstThatDoes(rests, it));
    if (found) {
      current = found;
      pieces = subset ? 2 : Math.max(pieces - 1, 2);
    } else if (size === 1) break;
    else pieces = Math.min(pieces * 2, current.length);
  }
  return current;
}

/** The rest after some are left out, and what of it cannot stand without those. */
function withoutNeeded<Part>(current: readonly Part[], out: readonly Part[], { closure }: Reduction<Part>): readonly Part[] {
  const gone = new Set(out);
  return current.filter((part) => !closure([part]).some((one) => gone.has(one)));
}

async function firstThatDoes<Part>(sets: readonly (readonly Part[])[], it: Reduction<Part>): Promise<readonly Part[] | undefined> {
  for (let at = 0; at < sets.length && it.left(); at += it.abreast) {
    const some = sets.slice(at, at + it.abreast);
    const did = await Promise.all(some.map(it.attempt));
    const found = some.find((_, index) => did[index]);
    if (found) return found;
  }
  return undefined;
}
