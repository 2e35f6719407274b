import type { RankedSegment, Ranking } from './rank.ts';

/** A place that running has shown, what it has shown there, and how likely, 0 to 1, a repair changes a line of it. */
export type Shown = {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly why: string;
  readonly chance: number;
};

/**
 * Puts what running has shown before what words, imports and history say, in its order. The more of all chance the shown places hold, the less
 * is left for the others: a pack ends sooner.
 */
export function lift(ranking: Ranking, shown: readonly Shown[]): Ranking {
  const lifted = new Map<RankedSegment, Shown>();
  for (const place of shown) for (const one of segmentsAt(ranking.segments, place)) if (!lifted.has(one)) lifted.set(one, place);
  if (lifted.size === 0) return ranking;
  const left = [...new Set(lifted.values())].reduce((rest, { chance }) => rest * (1 - chance), 1);
  const top = ranking.segments[0]?.total ?? 0;
  const first = [...lifted].map(([one, { why, chance }], at) => ({
    ...one,
    signs: [why, ...one.signs],
    chance: Math.max(chance, one.chance * left),
    total: top + (lifted.size - at) / 1_000,
  }));
  const rest = ranking.segments.filter((one) => !lifted.has(one)).map((one) => ({ ...one, chance: one.chance * left }));
  const reasons = new Map<string, string>();
  for (const [{ source }, { why }] of lifted) if (!reasons.has(source.path)) reasons.set(source.path, why);
  const best = ranking.files[0]?.score ?? 0;
  const files = [...reasons].flatMap(([path, why], at) => {
    const known = ranking.files.find((file) => file.path === path);
    return known ? [{ ...known, score: best + (reasons.size - at) / 1_000, evidence: [why, ...known.evidence] }] : [];
  });
  return { ...ranking, files: [...files, ...ranking.files.filter(({ path }) => !reasons.has(path))], segments: [...first, ...rest] };
}

/** The innermost definitions that a place lies in. Python counts a decorated function from its decorator, so the next line counts too. */
function segmentsAt(segments: readonly RankedSegment[], { path, line, endLine }: Shown): RankedSegment[] {
  const around = segments.filter(
    ({ source, segment }) => source.path === path && segment.startLine <= endLine + 1 && segment.endLine >= line && segment.kind !== 'glue',
  );
  const exact = around.filter(({ segment }) => segment.startLine <= endLine);
  const own = exact.length > 0 ? exact : around;
  return own.filter(
    (one) =>
      !own.some(
        ({ segment }) =>
          segment !== one.segment &&
          segment.startLine >= one.segment.startLine &&
          segment.endLine <= one.segment.endLine &&
          segment.startLine <= line,
      ),
  );
}
