import type { Manifest, ManifestEntry } from '../schema/context.ts';

const mostTimes = 3;
/** What is hardly smaller will hardly fit. */
const smallEnough = 0.9;

/** A pack that may turn out to be too long for the model. */
export type Shrinking<Pack> = {
  /** Packs again, within half of what was sent last. Undefined: it gets no smaller, or was made smaller often enough. */
  readonly smaller: () => Promise<Pack | undefined>;
  /** What was sent last. */
  readonly sent: () => Pack;
  /** All that was sent, the later packs marked with the request they went with. */
  readonly manifest: () => Manifest;
  /** What a reader has to know of an answer that was made from less than was packed at first. */
  readonly warnings: () => readonly string[];
};

type Listed = { readonly manifest: Manifest };

const wholeSize = ({ manifest }: Listed) => manifest.tokens;

/**
 * `again` packs the same within so many tokens; `sizeOf` says how long one request of a pack is. A pack may be far below its budget, so what
 * counts is how long it was.
 */
export function shrinking<Pack extends Listed>(
  first: Pack,
  again: (budgetTokens: number) => Promise<Pack>,
  sizeOf: (pack: Pack) => number = wholeSize,
): Shrinking<Pack> {
  const later: ManifestEntry[] = [];
  let sent = first;
  let times = 0;
  return {
    smaller: async () => {
      if (times >= mostTimes) return undefined;
      const next = await again(Math.floor(sizeOf(sent) / 2));
      if (sizeOf(next) > sizeOf(sent) * smallEnough) return undefined;
      times++;
      later.push(...next.manifest.entries.map((entry) => ({ ...entry, round: times + 1 })));
      sent = next;
      return next;
    },
    sent: () => sent,
    manifest: () => ({ ...first.manifest, entries: [...first.manifest.entries, ...later] }),
    warnings: () =>
      times === 0
        ? []
        : [`the request was too long for the model: what was sent in the end holds ${sizeOf(sent)} tokens instead of ${sizeOf(first)}`],
  };
}
