import type { LeftOut } from '../../schema/context.ts';

const mostOfOneReason = 5;

/** Some files of each reason, by path; the last of a reason says how many more there are. */
export function fewOfEach(leftOut: readonly LeftOut[]): LeftOut[] {
  const byReason = new Map<string, LeftOut[]>();
  const sorted = [...new Map(leftOut.map((one) => [one.path, one])).values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const one of sorted) byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one]);
  return [...byReason.values()].flatMap((all) =>
    all.slice(0, mostOfOneReason).map((one, at) => {
      const more = at === mostOfOneReason - 1 ? all.length - mostOfOneReason : 0;
      return more > 0 ? { ...one, reason: `${one.reason}, like ${more} more` } : one;
    }),
  );
}
