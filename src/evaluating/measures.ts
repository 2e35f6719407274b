import { z } from 'zod';
import type { Manifest, Suspect } from '../schema/context.ts';

/** How well a pack shows the known fix. Shares from 0 to 1; `lines` of those that the fix changes, of new files none. */
export const Measures = z.object({
  /** Share of the fix's files among the first five files that are suspected, and among all that are packed. */
  inFive: z.number(),
  files: z.number(),
  lines: z.number(),
  tokens: z.number(),
});
export type Measures = z.infer<typeof Measures>;

/** `gold`: the lines that the fix changes, by file; a file that it brings has none and cannot be shown. */
export function measurePack(gold: ReadonlyMap<string, readonly number[]>, manifest: Manifest, suspects: readonly Suspect[]): Measures {
  const files = [...gold.keys()];
  const first = [...new Set(suspects.map(({ file }) => file))].slice(0, 5);
  const shown = manifest.entries.filter(({ form }) => form === 'whole' || form === 'part');
  const lines = files.flatMap((path) => (gold.get(path) ?? []).map((line) => ({ path, line })));
  const holds = ({ path, line }: { readonly path: string; readonly line: number }) =>
    shown.some((entry) => entry.path === path && entry.startLine <= line && line <= entry.endLine);
  return {
    inFive: share(files, (path) => first.includes(path)),
    files: share(files, (path) => shown.some((entry) => entry.path === path)),
    lines: share(lines, holds),
    tokens: manifest.tokens,
  };
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? 1 : items.filter(holds).length / items.length;
}
