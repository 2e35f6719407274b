import type { RankedSegment, Ranking } from './rank.ts';

/**
 * A place that running has shown, what it has shown there, and how likely, 0 to 1, a repair changes a line of it. `first`: it stands before what
 * words, imports and history say; else it counts where it stands among the foremost of them, and keeps its place.
 */
export type Shown = {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly why: string;
  readonly chance: number;
  readonly first: boolean;
};

/** Two that say the same are worth more than either: of so many definitions that rank first. */
const agreeing = 3;

/** Lets what running has shown lead or weigh more. The more of all chance the shown places hold, the less is left for the others: a pack ends sooner. */
export function lift(ranking: Ranking, shown: readonly Shown[]): Ranking {
  const seen = new Map<RankedSegment, Shown>();
  const foremost = new Set(ranking.segments.slice(0, agreeing));
  for (const place of shown)
    for (const one of segmentsAt(ranking.segments, place)) if (!seen.has(one) && (place.first || foremost.has(one))) seen.set(one, place);
  if (seen.size === 0) return ranking;
  const left = [...new Set(seen.values())].reduce((rest, { chance }) => rest * (1 - chance), 1);
  const weigh = (one: RankedSegment): RankedSegment => {
    const place = seen.get(one);
    if (!place) return { ...one, chance: one.chance * left };
    return { ...one, signs: [place.why, ...one.signs], chance: 1 - (1 - one.chance) * (1 - place.chance) };
  };
  const leading = [...seen].filter(([, { first }]) => first);
  const top = ranking.segments[0]?.total ?? 0;
  const lead = leading.map(([one], at) => ({ ...weigh(one), total: top + (leading.length - at) / 1_000 }));
  const rest = ranking.segments.filter((one) => !seen.get(one)?.first).map(weigh);
  return { ...ranking, files: liftFiles(ranking.files, leading), segments: [...lead, ...rest] };
}

function liftFiles(files: Ranking['files'], leading: readonly (readonly [RankedSegment, Shown])[]): Ranking['files'] {
  const reasons = new Map<string, string>();
  for (const [{ source }, { why }] of leading) if (!reasons.has(source.path)) reasons.set(source.path, why);
  const best = files[0]?.score ?? 0;
  const lead = [...reasons].flatMap(([path, why], at) => {
    const known = files.find((file) => file.path === path);
    return known ? [{ ...known, score: best + (reasons.size - at) / 1_000, evidence: [why, ...known.evidence] }] : [];
  });
  return [...lead, ...files.filter(({ path }) => !reasons.has(path))];
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
