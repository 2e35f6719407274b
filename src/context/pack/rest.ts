import type { Ranking } from '../rank/rank.ts';
import { type Block, type Count, fitOutline } from './blocks.ts';

const mostFiles = 20;
const mostNames = 8;

/** Names what ranks next and is not shown, so that the reader knows what to ask for: files in their order, with their best definitions. */
export function restBlock(
  ranking: Ranking,
  shown: (path: string, startLine: number, endLine: number) => boolean,
  budget: number,
  count: Count,
): Block | undefined {
  const names = new Map<string, string[]>();
  for (const { source, segment } of ranking.segments) {
    const own = names.get(source.path) ?? [];
    if (segment.kind === 'glue' || own.length === mostNames || shown(source.path, segment.startLine, segment.endLine)) continue;
    names.set(source.path, [...own, `${segment.title} ${segment.startLine}-${segment.endLine}`]);
  }
  const files = ranking.files.slice(0, mostFiles).filter(({ path, score }) => score > 0 && names.has(path));
  const lines = files.map(({ path }) => `${path}: ${(names.get(path) ?? []).join(', ')}`);
  const title = 'not shown; NEED path or NEED path:from-to brings it';
  return fitOutline(lines, { title, reason: 'names of what ranks next and is not shown' }, budget, count);
}
