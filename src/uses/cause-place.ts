import { openKnown } from '../patch/read/known-paths.ts';
import type { Manifest } from '../schema/context.ts';
import type { RootCause } from '../schema/model.ts';

/**
 * The place that a root cause names, by its own name in the repository, and what speaks against it: that there is no such file, that it was
 * not sent, or that the lines which were sent do not reach so far.
 */
export function checkPlace(
  cause: RootCause,
  { entries }: Pick<Manifest, 'entries'>,
): { readonly cause: RootCause; readonly problem?: string } {
  const { file, startLine } = cause;
  if (file === undefined) return { cause };
  const known = openKnown(entries.map(({ path }) => path));
  const path = known.named(file) ?? known.alike(file);
  if (path === undefined) return { cause, problem: `the root cause names ${file}, which was not sent: the model cannot know it` };
  const own = entries.filter((entry) => entry.path === path);
  const placed = { ...cause, file: path };
  if (startLine === undefined || own.some((entry) => startLine >= entry.startLine && startLine <= entry.endLine)) return { cause: placed };
  const last = own.reduce((most, { endLine }) => Math.max(most, endLine), 0);
  const why = own.some(({ form }) => form === 'whole') ? `the file has ${last} lines` : 'that line was not sent';
  return { cause: placed, problem: `the root cause names ${path}:${startLine}, and ${why}` };
}
