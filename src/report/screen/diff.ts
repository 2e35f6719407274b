import type { createColors } from 'picocolors';

/** A unified diff in the colours that people know, cut after so many lines with the number that is left. */
export function paintDiff(diff: string, paint: ReturnType<typeof createColors>, most: number): string {
  // Names of blobs tell a person nothing, and are longer than a line.
  const lines = diff
    .trimEnd()
    .replace(/^index [0-9a-f]+\.\.[0-9a-f]+(?: \d+)?\n/gm, '')
    .split('\n');
  const shown = lines.slice(0, most).map((line) => {
    if (/^(?:diff |index |--- |\+\+\+ )/.test(line)) return paint.dim(line);
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('+')) return paint.green(line);
    return line.startsWith('-') ? paint.red(line) : line;
  });
  const left = lines.length - most;
  return left > 0 ? [...shown, paint.dim(`… ${left} more lines`)].join('\n') : shown.join('\n');
}
