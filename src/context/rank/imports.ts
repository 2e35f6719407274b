import { languageOf } from '../scan/languages.ts';
import type { Resolve } from './resolve.ts';

/** The specifiers that a file imports, in order, without doubles. For Python also `package.name`, which may be a module. */
export function listImports(path: string, text: string): string[] {
  const language = languageOf(path);
  if (!language?.imports) return [];
  const found = new Set<string>();
  for (const match of text.matchAll(language.imports)) {
    if (language.name === 'python') {
      for (const one of match[3]?.split(',') ?? []) found.add(one.trim().split(/\s/)[0] ?? '');
      const base = match[1];
      if (base === undefined) continue;
      found.add(base);
      for (const one of (match[2] ?? '').replace(/[()]|#.*/g, '').split(',')) {
        const name = one.trim().split(/\s/)[0];
        if (name && name !== '*') found.add(base.endsWith('.') ? base + name : `${base}.${name}`);
      }
    } else if (language.name === 'go' || language.name === 'rust') found.add(match[1] ?? match[2] ?? '');
    else found.add(match.slice(1).findLast((part) => part !== undefined && part.length > 1) ?? match[2] ?? match[1] ?? '');
  }
  found.delete('');
  // These see the files beside them without an import.
  if (['go', 'java', 'c-sharp', 'kotlin'].includes(language.name)) found.add('./');
  return [...found];
}

const mostReached = 2_000;

/**
 * The import closure of some files: distance by path, 0 for the files themselves. Go and Java see the files beside them without an import.
 * At most 2,000 files are looked into; `complete` says whether that was all.
 */
export function closeImports(
  from: readonly string[],
  resolve: Resolve,
  importsOf: (path: string) => readonly string[],
): { distances: Map<string, number>; complete: boolean } {
  const distances = new Map(from.map((path) => [path, 0]));
  const queue = [...from];
  for (let next = 0; next < queue.length; next++) {
    if (next >= mostReached) return { distances, complete: false };
    const path = queue[next] ?? '';
    const distance = (distances.get(path) ?? 0) + 1;
    for (const specifier of importsOf(path)) {
      for (const target of resolve(path, specifier)) {
        if (distances.has(target)) continue;
        distances.set(target, distance);
        queue.push(target);
      }
    }
  }
  return { distances, complete: true };
}
