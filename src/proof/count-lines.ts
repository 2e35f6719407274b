import type { Patch } from '../schema/patch.ts';

/** Lines added and removed per file, from a diff of our own making. */
export function countLines(diff: string): Patch['files'] {
  return diff.split(/^(?=diff --git )/m).flatMap((section) => {
    const path = /^\+\+\+ "?b\/(.*?)"?$/m.exec(section)?.[1] ?? /^--- "?a\/(.*?)"?$/m.exec(section)?.[1];
    const body = section.slice(Math.max(section.indexOf('\n@@'), 0)).split('\n');
    const count = (mark: string) => body.filter((line) => line.startsWith(mark)).length;
    return path === undefined ? [] : [{ path, added: count('+'), removed: count('-') }];
  });
}
