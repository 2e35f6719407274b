import type { Failure } from '../schema/run.ts';

/** Is this the same failure? The kind, and the message as far as it does not name places, times or numbers. */
export function isSameFailure(here: Failure, there: Failure, roots: readonly string[]): boolean {
  if ((here.kind === 'load') !== (there.kind === 'load')) return false;
  const left = signature(here.message, roots);
  const right = signature(there.message, roots);
  if (left === right) return true;
  const a = new Set(left.split(' '));
  const b = new Set(right.split(' '));
  const shared = [...a].filter((word) => b.has(word)).length;
  return here.kind === there.kind && shared >= 0.6 * Math.min(a.size, b.size);
}

function signature(message: string, roots: readonly string[]): string {
  let text = message.slice(0, 2_000);
  for (const root of roots) text = text.replaceAll(root, '<root>');
  return text
    .replace(/\/(?:tmp|var|private)\/\S+/g, '<path>')
    .replace(/0x[0-9a-f]+|\b[0-9a-f]{8,}\b/gi, '#')
    .replace(/\d+(?:\.\d+)?/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}
