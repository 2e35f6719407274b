import { basename, dirname, extname, join, normalize } from 'node:path/posix';
import { parse as parseJsonc } from 'jsonc-parser';
import { z } from 'zod';
import type { ReadText } from '../../schema/context.ts';

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
type Alias = { readonly pattern: string; readonly target: string };
const mostPackages = 3_000;

/**
 * Resolves specifiers of JavaScript and TypeScript over the list of files alone: relative paths, workspaces by package name, tsconfig
 * paths, package `imports` and `exports`, and built output back to its source.
 */
export function makeScriptResolve(known: ReadonlySet<string>, read: ReadText): (from: string, specifier: string) => string[] {
  const manifests = new Map<string, z.infer<typeof Package> | undefined>();
  const aliasCache = new Map<string, readonly Alias[]>();
  let packages: Map<string, string> | undefined;

  function packageOf(folder: string): z.infer<typeof Package> | undefined {
    if (manifests.has(folder)) return manifests.get(folder);
    const text = read(join(folder, 'package.json'));
    const manifest = text === undefined ? undefined : Package.safeParse(readJson(text)).data;
    manifests.set(folder, manifest);
    return manifest;
  }

  /** Folders of the repository's own packages by name; read when the first bare specifier comes. */
  function workspaces(): Map<string, string> {
    if (packages) return packages;
    packages = new Map();
    for (const path of known) {
      if (manifests.size > mostPackages) break;
      const name = path.endsWith('package.json') && basename(path) === 'package.json' ? packageOf(dirname(path))?.name : undefined;
      if (name && !packages.has(name)) packages.set(name, dirname(path));
    }
    return packages;
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

  function aliases(folder: string): readonly Alias[] {
    const cached = aliasCache.get(folder);
    if (cached) return cached;
    const own = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json'].flatMap((name) => readPaths(join(folder, name), 0));
    const all = folder === '.' ? own : [...own, ...aliases(dirname(folder))];
    aliasCache.set(folder, all);
    return all;
  }
  function readPaths(path: string, depth: number): readonly Alias[] {
    const text = known.has(path) ? read(path) : undefined;
    const config = text === undefined ? undefined : TsConfig.safeParse(readJson(text)).data;
    if (!config || depth > 4) return [];
    const base = join(dirname(path), config.compilerOptions?.baseUrl ?? '.');
    const own = Object.entries(config.compilerOptions?.paths ?? {}).flatMap(([pattern, targets]) =>
      targets.map((target) => ({ pattern, target: join(base, target) })),
    );
    const parents = typeof config.extends === 'string' ? [config.extends] : (config.extends ?? []);
    return [
      ...own,
      ...parents.flatMap((parent) => readPaths(join(dirname(path), parent.endsWith('.json') ? parent : `${parent}.json`), depth + 1)),
    ];
  }

  return (from, specifier) => {
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
    if (plain.startsWith('node:')) return [];
    const [scope = '', name = ''] = plain.split('/');
    const packageName = plain.startsWith('@') ? `${scope}/${name}` : scope;
    const home = workspaces().get(packageName);
    return home === undefined ? [] : packageEntry(home, plain.slice(packageName.length + 1));
  };
}

function fill(pattern: string, target: string, specifier: string): string | undefined {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return pattern === specifier ? target : undefined;
  if (!specifier.startsWith(head) || !specifier.endsWith(tail) || specifier.length < head.length + tail.length) return undefined;
  return target.replace('*', specifier.slice(head.length, specifier.length - tail.length));
}

/** The entry of a package's `exports` for a subpath, `*` patterns included. */

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

/** Plain JSON as most of it is; with comments and trailing commas by the parser for those, which takes ten times as long. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseJsonc(text);
  }
}
