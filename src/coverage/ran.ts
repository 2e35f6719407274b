import type { RanFile, RanFiles } from '../schema/context.ts';
import type { Trace } from './trace.ts';

const mostFiles = 200;

/** What the failing tests ran, as a report says it: first what no passing test of their files ran, as far as that is known. */
export function ranFiles({ coverage, passing }: Trace): RanFiles {
  const all = [...coverage].map(([path, lines]): RanFile => {
    const shared = new Set(passing?.get(path));
    return { path, places: lines.length, ...(passing && { alone: lines.filter((line) => !shared.has(line)).length }) };
  });
  const files = all.sort((a, b) => (b.alone ?? 0) - (a.alone ?? 0) || b.places - a.places || (a.path < b.path ? -1 : 1));
  return { files: files.slice(0, mostFiles), count: all.length };
}
