import { basename, dirname, extname, join, normalize } from 'node:path/posix';
import { parse as parseJsonc } from 'jsonc-parser';
import { z } from 'zod';
import type { ReadText } from '../schema/context.ts';
import { languageOf } from './languages.ts';

/** Finds the files of the repository that a specifier in a file means. Outside packages give none. */
export type Resolve = (from: string, specifier: string) => readonly string[];

const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.vue', '.svelte', '.d.ts', '.json'];
const builtFolders = /(^|\/)(?:dist|build|out|lib|esm|cjs|es|umd|compiled)(?=\/|$)/;
const sourceFolders = ['src', 'source', 'lib', ''];
const Package = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  module: z.string().optional(),
  types: z.string().optional(),
  exports: z.unknown().optional(),
  imports: z.record(z.string(), z.unknown()).optional(),
});
const TsConfig = z.object({
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  compilerOptions: z.object({ baseUrl: z.string().optional(), paths: z.record(z.string(), z.array(z.string())).optional() }).optional(),
});

/**
 * Resolves over the list of files alone: relative paths, workspaces by package name, tsconfig paths, package `imports`, built output
 * back to its source, Python packages, Go modules, and for the rest the file whose path ends like the specifier.
 */
export function makeResolve(paths: readonly string[], read: ReadText): Resolve {
  const known = new Set(paths);
  const packages = new Map<string, string>();
  const goModules = new Map<string, string>();
  const folders = new Map<string, string[]>();
  const byStem = new Map<string, string[]>();
  for (const path of paths) {
    const folder = dirname(path);
    push(folders, folder, path);
    push(byStem, stemOf(path), path);
    if (basename(path) === 'package.json') {
      const name = packageOf(folder)?.name;
      if (name) packages.set(name, folder);
    } else if (basename(path) === 'go.mod') {
      const name = /^module\s+(\S+)/m.exec(read(path) ?? '')?.[1];
      if (name) goModules.set(name, folder);
    }
  }

  function packageOf(folder: string): z.infer<typeof Package> | undefined {
    const text = read(join(folder, 'package.json'));
    return text === undefined ? undefined : Package.safeParse(parseJsonc(text)).data;
  }

  function file(path: string): string[] {
    const plain = normalize(path).replace(/\/$/, '');
    if (known.has(plain) && extname(plain)) return [plain];
    const bare = plain.replace(/\.(?:js|jsx|mjs|cjs)$/, '');
    for (const ending of endings) if (known.has(bare + ending)) return [bare + ending];
    for (const ending of endings) if (known.has(plain + ending)) return [plain + ending];
    for (const ending of endings) if (known.has(`${plain}/index${ending}`)) return [`${plain}/index${ending}`];
    return known.has(plain) ? [plain] : [];
  }

  /** A path that may be built output: the file itself, else the same below a source folder. */
  function fileOrSource(path: string): string[] {
    const direct = file(path);
    if (direct.length > 0 || !builtFolders.test(path)) return direct;
    for (const folder of sourceFolders) {
      const mapped = file(path.replace(builtFolders, `$1${folder}`).replace(/\/\/+/g, '/').replace(/^\//, ''));
      if (mapped.length > 0) return mapped;
    }
    return [];
  }

  function packageEntry(folder: string, sub: string): string[] {
    const manifest = packageOf(folder);
    const targets = [...stringsIn(pick(manifest?.exports, sub === '' ? '.' : `./${sub}`))];
    if (sub === '') targets.push(...[manifest?.module, manifest?.main, manifest?.types].filter((target) => target !== undefined));
    for (const target of targets) {
      const found = fileOrSource(join(folder, target));
      if (found.length > 0) return found;
    }
    for (const base of sub === ''
      ? ['src/index', 'index', 'lib/index', 'source/index']
      : [sub, `src/${sub}`, `lib/${sub}`, `source/${sub}`]) {
      const found = file(join(folder, base));
      if (found.length > 0) return found;
    }
    return [];
  }

  const aliasCache = new Map<string, { from: string; pattern: string; target: string }[]>();
  function aliases(folder: string): { from: string; pattern: string; target: string }[] {
    const cached = aliasCache.get(folder);
    if (cached) return cached;
    const own = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json'].flatMap((name) => readPaths(join(folder, name), 0));
    const all = folder === '.' ? own : [...own, ...aliases(dirname(folder))];
    aliasCache.set(folder, all);
    return all;
  }
  function readPaths(path: string, depth: number): { from: string; pattern: string; target: string }[] {
    const text = known.has(path) ? read(path) : undefined;
    const config = text === undefined ? undefined : TsConfig.safeParse(parseJsonc(text)).data;
    if (!config || depth > 4) return [];
    const base = join(dirname(path), config.compilerOptions?.baseUrl ?? '.');
    const own = Object.entries(config.compilerOptions?.paths ?? {}).flatMap(([pattern, targets]) =>
      targets.map((target) => ({ from: path, pattern, target: join(base, target) })),
    );
    const parents = typeof config.extends === 'string' ? [config.extends] : (config.extends ?? []);
    return [
      ...own,
      ...parents.flatMap((parent) => readPaths(join(dirname(path), parent.endsWith('.json') ? parent : `${parent}.json`), depth + 1)),
    ];
  }

  function script(from: string, specifier: string): string[] {
    const folder = dirname(from);
    const plain = specifier.replace(/[?#].*$/, (rest) => (specifier.startsWith('#') ? rest : ''));
    if (plain.startsWith('.')) {
      const target = join(folder, plain);
      const found = fileOrSource(target);
      return found.length > 0 || target.startsWith('..') ? found : packageEntry(target, '');
    }
    for (const { pattern, target } of aliases(folder)) {
      const filled = fill(pattern, target, plain);
      const found = filled === undefined ? [] : fileOrSource(filled);
      if (found.length > 0) return found;
    }
    if (plain.startsWith('#')) {
      for (let at = folder; ; at = dirname(at)) {
        for (const [pattern, target] of Object.entries(packageOf(at)?.imports ?? {})) {
          for (const one of stringsIn(target)) {
            const filled = fill(pattern, join(at, one), plain);
            const found = filled === undefined ? [] : fileOrSource(filled);
            if (found.length > 0) return found;
          }
        }
        if (at === '.') return [];
      }
    }
    const [scope = '', name = ''] = plain.split('/');
    const packageName = plain.startsWith('@') ? `${scope}/${name}` : scope;
    const home = packages.get(packageName);
    return home === undefined ? [] : packageEntry(home, plain.slice(packageName.length + 1));
  }

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

  function goPackage(specifier: string): string[] {
    for (const [name, folder] of goModules) {
      if (specifier !== name && !specifier.startsWith(`${name}/`)) continue;
      const files = folders.get(normalize(join(folder, specifier.slice(name.length)))) ?? [];
      return files.filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
    }
    return [];
  }

  /** The file whose path ends like the specifier, the longest match first: Java, Rust, Ruby, PHP, C. */
  function byEnding(from: string, specifier: string): string[] {
    const segments = specifier
      .replace(/\.(?:h|hpp|hh|rb|php)$/, '')
      .split(/::|[./\\]/)
      .filter((segment) => segment && !['crate', 'self', 'super', '*'].includes(segment));
    for (let last = segments.length - 1; last >= Math.max(0, segments.length - 2); last--) {
      const stem = segments[last] ?? '';
      const candidates = (byStem.get(stem) ?? []).filter((path) => languageOf(path) === languageOf(from) && path !== from);
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
    const key = `${specifier[0] === '.' || specifier[0] === '#' ? dirname(from) : extname(from)}\0${specifier}\0${languageOf(from)?.name === 'python' ? dirname(from) : ''}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const name = languageOf(from)?.name ?? '';
    const found =
      name === 'python'
        ? python(from, specifier)
        : name === 'go'
          ? goPackage(specifier)
          : name === 'javascript' || name === 'typescript' || name === 'tsx'
            ? script(from, specifier)
            : byEnding(from, specifier);
    cache.set(key, found);
    return found;
  };
}

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
  return [...found];
}

const mostReached = 2_000;

/**
 * The import closure of some files: distance by path, 0 for the files themselves. Go and Java see the files beside them without an import.
 * At most 2,000 files are read; `complete` says whether that was all.
 */
export function closeImports(
  from: readonly string[],
  resolve: Resolve,
  read: ReadText,
): { distances: Map<string, number>; complete: boolean } {
  const distances = new Map(from.map((path) => [path, 0]));
  const queue = [...from];
  for (let next = 0; next < queue.length; next++) {
    if (next >= mostReached) return { distances, complete: false };
    const path = queue[next] ?? '';
    const distance = (distances.get(path) ?? 0) + 1;
    for (const specifier of listImports(path, read(path) ?? '')) {
      for (const target of resolve(path, specifier)) {
        if (distances.has(target)) continue;
        distances.set(target, distance);
        queue.push(target);
      }
    }
  }
  return { distances, complete: true };
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function stemOf(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
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

function fill(pattern: string, target: string, specifier: string): string | undefined {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return pattern === specifier ? target : undefined;
  if (!specifier.startsWith(head) || !specifier.endsWith(tail) || specifier.length < head.length + tail.length) return undefined;
  return target.replace('*', specifier.slice(head.length, specifier.length - tail.length));
}

/** The entry of a package's `exports` for a subpath, `*` patterns included. */
function pick(exports: unknown, sub: string): unknown {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports)) return sub === '.' ? exports : undefined;
  const entries = Object.entries(exports);
  if (!entries.some(([key]) => key.startsWith('.'))) return sub === '.' ? exports : undefined;
  for (const [key, value] of entries) {
    if (key === sub) return value;
    for (const target of key.includes('*') ? stringsIn(value) : []) {
      const filled = fill(key, target, sub);
      if (filled !== undefined) return filled;
    }
  }
  return undefined;
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
