import { posix } from 'node:path';
import { z } from 'zod';
import { listImports } from '../../context/rank/imports.ts';
import type { Resolve } from '../../context/rank/resolve.ts';
import type { Suite } from '../../schema/run.ts';
import { isSettingsName, runners } from '../../suite/runners/runners.ts';

type Tree = { readonly paths: readonly string[]; readonly read: (path: string) => string | undefined };

const Package = z.record(z.string(), z.unknown());

/**
 * Is a file reached from what its package offers (main, module, exports, bin)? Undefined where nothing that it offers lies in the
 * repository, because it is built first: then nothing is known.
 */
export function entryClosure({ paths, read }: Tree, resolve: Resolve): (path: string) => boolean | undefined {
  const known = new Set(paths);
  const closures = new Map<string, ReadonlySet<string>>();
  const closureOf = (folder: string) => {
    const made = closures.get(folder) ?? reachedFrom(entriesOf(folder, known, read), read, resolve);
    closures.set(folder, made);
    return made;
  };
  return (path) => {
    for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
      const at = folder === '.' ? '' : folder;
      if (known.has(posix.join(at, 'package.json'))) {
        const closure = closureOf(at);
        return closure.size === 0 ? undefined : closure.has(path);
      }
      if (at === '') return undefined;
    }
  };
}

function entriesOf(folder: string, known: ReadonlySet<string>, read: Tree['read']): string[] {
  const manifest = Package.safeParse(parse(read(posix.join(folder, 'package.json')))).data ?? {};
  const named = ['main', 'module', 'browser', 'exports', 'bin'].flatMap((key) => stringsIn(manifest[key]));
  return named
    .flatMap((name) => [name, `${name}.js`, `${name}/index.js`])
    .map((name) => posix.join(folder, name))
    .filter((path) => known.has(path));
}

function reachedFrom(entries: readonly string[], read: Tree['read'], resolve: Resolve): ReadonlySet<string> {
  const reached = new Set(entries);
  for (const path of reached)
    for (const specifier of listImports(path, read(path) ?? '')) for (const target of resolve(path, specifier)) reached.add(target);
  return reached;
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** Beside the runners' own: package.json, and the settings of what starts tests without being a runner of ours. */
const others = /^(?:package\.json|(?:cypress|karma|wdio|cucumber)\.(?:config|workspace)\.\w+)$/;
const isSettings = (path: string) => isSettingsName(posix.basename(path)) || others.test(posix.basename(path));
/** In files that say more than how tests run, only such lines name what the runner loads. */
const loads = /setup|require|plugin|preload|--import|--loader|transform|environment|reporter|resolver|-p\s/i;

/** Files that a runner loads by itself: those that its settings or the command of a suite name. */
export function namedByRunner({ paths, read, suites }: Tree & { readonly suites: readonly Suite[] }): ReadonlySet<string> {
  const known = new Set(paths);
  const words = [
    ...suites.flatMap(({ cwd, argv }) => argv.slice(1).map((word) => ({ cwd, word }))),
    ...paths
      .filter(isSettings)
      .flatMap((path) =>
        linesOf(path, read(path) ?? '').flatMap((line) =>
          [...line.matchAll(/[\w@./-]{3,}/g)].map(([word]) => ({ cwd: dirOf(path), word })),
        ),
      ),
  ];
  const found = words.flatMap(({ cwd, word }) => {
    const dotted = /^\w+(?:\.\w+)+$/.test(word) ? [`${word.replaceAll('.', '/')}.py`] : [];
    return [word, ...['.js', '.ts', '.mjs', '.cjs', '.py'].map((end) => word + end), ...dotted].map((name) => posix.join(cwd, name));
  });
  return new Set(found.filter((path) => known.has(path) && !isSettings(path)));
}

/** Of a package.json the scripts that test, and the settings of runners. */
function linesOf(path: string, text: string): string[] {
  if (!path.endsWith('package.json')) return text.split('\n').filter((line) => loads.test(line));
  const manifest = Package.safeParse(parse(text)).data ?? {};
  const named = Package.safeParse(manifest.scripts).data ?? {};
  const tests = Object.entries(named).flatMap(([name, line]) => (/test|spec|check/i.test(name) && typeof line === 'string' ? [line] : []));
  return [...tests, ...runners.flatMap(({ name }) => stringsIn(manifest[name]))];
}

function dirOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
