import { basename, dirname, extname, join, normalize } from 'node:path/posix';
import type { ReadText } from '../../schema/context.ts';
import { languageOf } from '../scan/languages.ts';
import { makeScriptResolve } from './resolve-script.ts';

/** Finds the files of the repository that a specifier in a file means. Outside packages give none. */
export type Resolve = (from: string, specifier: string) => readonly string[];

/** Resolves over the list of files alone: scripts, Python packages, Go modules; for the rest the file whose path ends like the specifier. */
export function makeResolve(paths: readonly string[], read: ReadText): Resolve {
  const known = new Set(paths);
  const script = makeScriptResolve(known, read);
  const folders = once(() => groupBy(paths, dirname));
  const byStem = once(() => groupBy(paths, (path) => basename(path).replace(/\.[^.]*$/, '')));
  const goModules = once(() =>
    paths.flatMap((path) => {
      const name = path.endsWith('go.mod') ? /^module\s+(\S+)/m.exec(read(path) ?? '')?.[1] : undefined;
      return name ? [{ name, folder: dirname(path) }] : [];
    }),
  );

  function python(from: string, specifier: string): string[] {
    const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
    const rest = specifier.slice(dots).split('.').filter(Boolean).join('/');
    let base = dirname(from);
    for (let up = 1; up < dots; up++) base = dirname(base);
    const bases = dots > 0 ? [base] : ['', 'src', 'lib', 'python', ...ancestors(dirname(from))];
    for (const start of bases) {
      const path = normalize(join(start, rest));
      const found = [`${path}.py`, `${path}/__init__.py`, `${path}.pyi`, `${path}.pyx`].filter((one) => known.has(one));
      if (found.length > 0) return found;
    }
    return [];
  }

  function goPackage(from: string, specifier: string): string[] {
    if (specifier === './') return sources(dirname(from));
    for (const { name, folder } of goModules()) {
      if (specifier !== name && !specifier.startsWith(`${name}/`)) continue;
      return sources(normalize(join(folder, specifier.slice(name.length))));
    }
    return [];
  }

  function sources(folder: string): string[] {
    return (folders().get(folder) ?? []).filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
  }

  /** The file whose path ends like the specifier, the longest match first: Java, Rust, Ruby, PHP, C. */
  function byEnding(from: string, specifier: string): string[] {
    if (specifier === './') return (folders().get(dirname(from)) ?? []).filter((path) => languageOf(path) === languageOf(from));
    const segments = specifier
      .replace(/\.(?:h|hpp|hh|rb|php)$/, '')
      .split(/::|[./\\]/)
      .filter((segment) => segment && !['crate', 'self', 'super', '*'].includes(segment));
    for (let last = segments.length - 1; last >= Math.max(0, segments.length - 2); last--) {
      const stem = segments[last] ?? '';
      const candidates = (byStem().get(stem) ?? []).filter((path) => languageOf(path) === languageOf(from) && path !== from);
      const scored = candidates.map((path) => ({ path, score: sharedTail(path, segments.slice(0, last + 1)) }));
      const best = Math.max(0, ...scored.map(({ score }) => score));
      if (best > 0)
        return scored
          .filter(({ score }) => score === best)
          .slice(0, 3)
          .map(({ path }) => path);
    }
    return [];
  }

  const cache = new Map<string, readonly string[]>();
  return (from, specifier) => {
    const key = `${/^[.#]/.test(specifier) ? dirname(from) : extname(from)}\0${specifier}\0${languageOf(from)?.name === 'python' ? dirname(from) : ''}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const name = languageOf(from)?.name ?? '';
    const found =
      name === 'python'
        ? python(from, specifier)
        : name === 'go'
          ? goPackage(from, specifier)
          : name === 'javascript' || name === 'typescript' || name === 'tsx'
            ? script(from, specifier)
            : byEnding(from, specifier);
    cache.set(key, found);
    return found;
  };
}

function groupBy(paths: readonly string[], keyOf: (path: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const key = keyOf(path);
    const group = groups.get(key);
    if (group) group.push(path);
    else groups.set(key, [path]);
  }
  return groups;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function ancestors(folder: string): string[] {
  return folder === '.' || folder === '/' ? [] : [folder, ...ancestors(dirname(folder))];
}

function sharedTail(path: string, segments: readonly string[]): number {
  const own = path.replace(/\.[^.]*$/, '').split('/');
  let shared = 0;
  while (shared < segments.length && own.at(-1 - shared)?.toLowerCase() === segments.at(-1 - shared)?.toLowerCase()) shared++;
  return shared;
}
