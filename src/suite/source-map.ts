import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { MapFrame } from './failure.ts';

/** Maps frames of compiled files to the sources that their maps name, where those lie in the repository. Each map is read once. */
export function makeMapFrame(root: string): MapFrame {
  const maps = new Map<string, TraceMap | undefined>();
  return (frame) => {
    if (!/\.[cm]?jsx?$/.test(frame.file)) return frame;
    const path = join(root, frame.file);
    if (!maps.has(path)) maps.set(path, readMap(path));
    const map = maps.get(path);
    if (!map) return frame;
    const place = originalPositionFor(map, { line: frame.line, column: Math.max((frame.column ?? 1) - 1, 0) });
    if (place.source === null) return frame;
    const source = resolve(dirname(path), place.source);
    const inside = relative(root, source);
    if (inside.startsWith('..') || !existsSync(source)) return frame;
    return { ...frame, file: inside.split(sep).join('/'), line: place.line, column: place.column + 1 };
  };
}

function readMap(path: string): TraceMap | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const url = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/m.exec(text.slice(-4_000_000))?.[1];
    if (!url) return undefined;
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url);
    if (inline?.[2]) return new TraceMap(inline[1] ? Buffer.from(inline[2], 'base64').toString() : decodeURIComponent(inline[2]));
    return new TraceMap(readFileSync(resolve(dirname(path), decodeURIComponent(url)), 'utf8'));
  } catch {
    return undefined;
  }
}
