import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodedMappings, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { MapFrame } from './failure.ts';

/** Maps frames of compiled files to the sources that their maps name, where those lie in the repository. Each map is read once. */
export function makeMapFrame(root: string): MapFrame {
  const maps = new Map<string, Locate | undefined>();
  return (frame) => {
    if (!/\.[cm]?jsx?$/.test(frame.file)) return frame;
    const path = join(root, frame.file);
    if (!maps.has(path)) maps.set(path, openMap(path, urlIn(path)));
    const place = maps.get(path)?.(frame.line, Math.max((frame.column ?? 1) - 1, 0));
    if (!place) return frame;
    const inside = relative(root, place.path);
    if (inside.startsWith('..') || !existsSync(place.path)) return frame;
    return { ...frame, file: inside.split(sep).join('/'), line: place.line, column: place.column + 1 };
  };
}

/**
 * From a line (from 1) and a column (from 0) of what runs to those of what was written, and where that lies. With a length, to the first that
 * was written inside it: what a compiler adds is nobody's.
 */
type Locate = (
  line: number,
  column: number,
  length?: number,
) => { readonly path: string; readonly line: number; readonly column: number } | undefined;

/** Reads the source map of a script at `path`: a data URL, or a file named relative to the script. */
export function openMap(path: string, url: string | undefined): Locate | undefined {
  if (!url) return undefined;
  try {
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url);
    const text = inline?.[2]
      ? inline[1]
        ? Buffer.from(inline[2], 'base64').toString()
        : decodeURIComponent(inline[2])
      : readFileSync(resolve(dirname(path), decodeURIComponent(url)), 'utf8');
    const map = new TraceMap(text);
    const sourceOf = (name: string) => resolve(dirname(path), name.startsWith('file://') ? fileURLToPath(name) : name);
    return (line, column, length) => {
      if (length === undefined) {
        const place = originalPositionFor(map, { line, column });
        return place.source === null ? undefined : { path: sourceOf(place.source), line: place.line, column: place.column };
      }
      const [, source, row = 0, at = 0] =
        decodedMappings(map)[line - 1]?.find((one) => one.length > 1 && one[0] >= column && one[0] < column + length) ?? [];
      const name = source === undefined ? undefined : map.sources[source];
      return name ? { path: sourceOf(name), line: row + 1, column: at } : undefined;
    };
  } catch {
    return undefined;
  }
}

function urlIn(path: string): string | undefined {
  try {
    return /^\/\/[#@] sourceMappingURL=(\S+)\s*$/m.exec(readFileSync(path, 'utf8').slice(-4_000_000))?.[1];
  } catch {
    return undefined;
  }
}
