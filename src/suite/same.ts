import type { Failure } from '../schema/run.ts';

/**
 * Is this the same failure? The kind, the message, and the values in it: `NaN == 90` is not `100 == 90`. Places, times and ids that
 * change from run to run do not count; by `shape`, no value does.
 */
export function isSameFailure(here: Failure, there: Failure, roots: readonly string[], by: 'value' | 'shape' = 'value'): boolean {
  if ((here.kind === 'load') !== (there.kind === 'load')) return false;
  const left = plainMessage(here.message, roots);
  const right = plainMessage(there.message, roots);
  if (left === right) return true;
  if (here.kind !== there.kind) return false;
  if (by === 'value' && valuesOf(left) !== valuesOf(right) && !comparesSame(here, there)) return false;
  const a = new Set(left.replace(value, '#').split(' '));
  const b = new Set(right.replace(value, '#').split(' '));
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared >= 0.6 * Math.min(a.size, b.size);
}

/** A reporter may leave the values of a comparison out of the message, where they were read from what stands below it. */
const comparesSame = (here: Failure, there: Failure) =>
  here.expected !== undefined && here.actual !== undefined && here.expected === there.expected && here.actual === there.actual;

const value = /(?<![\w.])-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|Infinity|undefined|null|None|nil|true|false|True|False)(?![\w])/g;

function valuesOf(message: string): string {
  return (message.match(value) ?? []).join(' ');
}

/** What is another in each run: folders, addresses, hashes, times, ports, places in a file. */
const passing: readonly (readonly [RegExp, string])[] = [
  [/\/(?:tmp|var|private)\/\S+/g, '<path>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<id>'],
  [/0x[0-9a-f]+|\b(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?Z?\b|\b\d\d:\d\d:\d\d(?:\.\d+)?\b/g, '<time>'],
  [/\b\d{10,}\b/g, '<time>'],
  [/\b\d+(?:\.\d+)? ?(?:ms|s|sec|seconds|milliseconds|µs|us|ns)\b/g, '<time>'],
  [/\b(?:line|pid|process|port) \d+\b/gi, '<place>'],
  [/:\d+(?::\d+)?\b/g, '<place>'],
];

/** A message without what is another in each run, on one line. */
export function plainMessage(message: string, roots: readonly string[]): string {
  let text = message.slice(0, 2_000);
  for (const root of roots) text = text.replaceAll(root, '<root>');
  for (const [pattern, name] of passing) text = text.replace(pattern, name);
  return text.replace(/\s+/g, ' ').trim();
}

/** The test of that id; where the id holds a place or a folder that differs from run to run, the only one that is the same without it. */
export function findSame<T extends { readonly id: string }>(all: readonly T[], wanted: { readonly id: string }): T | undefined {
  const exact = all.find(({ id }) => id === wanted.id);
  if (exact) return exact;
  const without = (id: string) => id.replace(/\/(?:tmp|var|private)\/\S+/g, '<path>').replace(/:\d+(?::\d+)?\b|\bline \d+\b/g, '<place>');
  const alike = all.filter(({ id }) => without(id) === without(wanted.id));
  return without(wanted.id) !== wanted.id && alike.length === 1 ? alike[0] : undefined;
}
