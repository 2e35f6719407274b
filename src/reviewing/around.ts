import type { Ranking } from '../context/rank/rank.ts';
import { kindOf } from '../context/scan/kinds.ts';

/** Which lines of which files count as changed. */
export type Touched = ReadonlyMap<string, ReadonlySet<number>>;

const bonus = { touched: 4, firstCaller: 3.5, called: 3, caller: 2 } as const;
const mostOwners = 4;

/**
 * Puts first what a change touches: the definitions that it stands in, those that its lines name, and those that name what it changed.
 * Of each changed name one use leads. A name with many owners says nothing. With `only`, nothing else is left.
 */
export function around(ranking: Ranking, touched: Touched, only = false): Ranking {
  const split = new Map([...ranking.sources].map(([path, { text }]) => [path, text.split('\n')]));
  const linesOf = (path: string) => split.get(path) ?? [];
  const named = new Set<string>();
  for (const [path, changed] of touched) {
    const lines = linesOf(path);
    for (const line of changed) for (const [name] of (lines[line - 1] ?? '').matchAll(/[A-Za-z_$][\w$]{2,}/g)) named.add(name);
  }
  const owners = new Map<string, number>();
  for (const { segment } of ranking.segments) if (segment.kind !== 'glue') owners.set(segment.name, (owners.get(segment.name) ?? 0) + 1);
  const isTouched = ({ source, segment }: Ranking['segments'][number]) =>
    [...(touched.get(source.path) ?? [])].some((line) => line >= segment.startLine && line <= segment.endLine);
  const changedNames = new Set(
    ranking.segments.flatMap((one) => (one.segment.kind !== 'glue' && isTouched(one) ? [one.segment.name] : [])),
  );
  const calls = new RegExp(`(?<![\\w$])(?:${[...changedNames].map((name) => name.replace(/\W/g, '\\$&')).join('|') || '(?!)'})(?![\\w$])`);
  const reasons = new Map<string, string>();
  const led = new Set<string>();
  const isFirst = (name: string) => !led.has(name) && led.add(name).has(name);
  const segments = ranking.segments.map((one) => {
    const { source, segment } = one;
    const say = (gain: number, reason: string) => {
      if (!reasons.has(source.path)) reasons.set(source.path, reason);
      return { ...one, total: one.total + gain };
    };
    if (isTouched(one)) return say(bonus.touched, 'changed');
    if (segment.kind !== 'glue' && named.has(segment.name) && (owners.get(segment.name) ?? 0) <= mostOwners)
      return say(bonus.called, `${segment.name} is named by the change`);
    const caller = calls.exec(
      linesOf(source.path)
        .slice(segment.startLine - 1, segment.endLine)
        .join('\n'),
    );
    return caller ? say(isFirst(caller[0]) ? bonus.firstCaller : bonus.caller, `uses ${caller[0]}, which changed`) : one;
  });
  const files = ranking.files.map((file) => {
    const reason = reasons.get(file.path);
    return reason === undefined ? file : { ...file, score: file.score + 1, evidence: [reason, ...file.evidence] };
  });
  return {
    ...ranking,
    files: files.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1)),
    segments: segments.filter((one, at) => !only || one !== ranking.segments[at]).sort((a, b) => b.total - a.total),
  };
}

/** Code first: where there is no room for all, data is what is missed least. */
export function weightOf(path: string): number {
  const at = ['source', 'test', 'config', 'aside', 'docs', 'data'].indexOf(kindOf(path));
  return at < 0 ? 6 : at;
}

/** Why nobody reads a file line by line; undefined: somebody does. */
export function noiseOf(path: string): string | undefined {
  const kind = kindOf(path);
  return kind === 'lock' || kind === 'generated' ? `${kind} file` : undefined;
}
