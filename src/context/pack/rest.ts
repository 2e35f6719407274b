import type { Ranking } from '../rank/rank.ts';
import type { Block, Count } from './blocks.ts';
import { renderFile } from './render.ts';

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
  for (let most = files.length; most > 0; most = Math.floor(most * 0.7)) {
    const lines = files.slice(0, most).map(({ path }) => `${path}: ${(names.get(path) ?? []).join(', ')}`);
    const text = renderFile('outline (not shown; NEED path or NEED path:from-to brings it)', [], lines.join('\n'));
    const tokens = count(text) + 2;
    if (tokens > budget) continue;
    return {
      path: 'outline',
      text,
      tokens,
      entries: [{ startLine: 1, endLine: most, form: 'outline', reason: 'names of what ranks next and is not shown' }],
    };
  }
  return undefined;
}
