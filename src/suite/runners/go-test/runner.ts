import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../../list-files.ts';
import { type GoPlaces, readGo } from '../../reports/go-events.ts';
import { dropFlags, escapePattern, plainName, programOf, type Runner, type Start } from '../../runner.ts';

/** `go test`, read from its own `-json` stream. A failing parent whose subtest fails is left out. */
export const goTest: Runner = {
  name: 'go test',
  claims: /^[^\n]*_test\.go\n/,
  owns: (argv) => programOf(argv[0]) === 'go' && argv[1] === 'test',
  engine: 'go',
  shuffle: (seed) => [`-shuffle=${seed}`],
  install: 'go mod download',
  find(folder) {
    const tests = existsSync(join(folder, 'go.mod')) && listFiles(folder).some((file) => file.endsWith('_test.go'));
    return tests ? { argv: ['go', 'test', './...'], why: 'go.mod' } : undefined;
  },
  start: async (start) => ({ argv: startGo(start) }),
  read: ({ stdout, stderr, folder }) => readGo(stdout.lines(), stderr, goPlaces(folder)),
};

/** `go test -json`, narrowed. */
export function startGo(start: Start): readonly string[] {
  const argv = dropFlags(start.suite.argv, {
    '-json': false,
    '-v': false,
    '-failfast': false,
    '-cover': false,
    '-coverprofile': true,
    '-covermode': true,
    '-coverpkg': true,
    ...(start.only && { '-run': true }),
  });
  const rest = argv.slice(2);
  const flags = ['-json', ...(start.only ? ['-run', runPattern(start.only)] : [])];
  const packages = packagesOf(start);
  const kept = packages ? rest.filter((argument) => !/^\.|\/|^all$/.test(argument) || argument.startsWith('-')) : rest;
  return ['go', 'test', ...flags, ...kept, ...(packages ?? [])];
}

/** `-run` matches each part of a name between slashes by its own expression. */
function runPattern(only: readonly { name: string }[]): string {
  const tops = new Set(only.map(({ name }) => plainName(name).split('/')));
  const names = [...tops];
  if (names.length === 1) return (names[0] ?? []).map((part) => `^${escapeGo(part)}$`).join('/');
  return `^(?:${[...new Set(names.map(([top = '']) => escapeGo(top)))].join('|')})$`;
}

const escapeGo = (text: string) => escapePattern(text).replaceAll('\\/', '/');

function packagesOf({ only, files, root, folder }: Start): string[] | undefined {
  const named = only?.map(({ file }) => file) ?? files?.map((file) => join(folder, file).slice(root.length + 1));
  if (!named?.every((file) => file !== undefined)) return undefined;
  const below = folder.slice(root.length + 1);
  return [
    ...new Set(
      named.map(
        (file) =>
          `./${(file ?? '')
            .split('/')
            .slice(0, -1)
            .join('/')
            .slice(below ? below.length + 1 : 0)}`,
      ),
    ),
  ];
}

/** The folder of an import path, from go.mod of the module it belongs to. */
function folderOf(importPath: string, folder: string): string | undefined {
  try {
    const name = /^module\s+(\S+)/m.exec(readFileSync(join(folder, 'go.mod'), 'utf8'))?.[1]?.replace(/^"|"$/g, '');
    if (name === undefined) return undefined;
    if (importPath === name) return folder;
    if (importPath.startsWith(`${name}/`)) return join(folder, importPath.slice(name.length + 1));
    // gotestsum names a package by its folder.
    return existsSync(join(folder, importPath)) ? join(folder, importPath) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the test files of each package that is asked for, once. */
export function goPlaces(folder: string): GoPlaces {
  const known = new Map<string, Map<string, { file: string; line: number }>>();
  const home = (importPath: string) => folderOf(importPath, folder);
  return {
    folder,
    folderOf: home,
    testAt(importPath, test) {
      const functions = known.get(importPath) ?? readFunctions(home(importPath));
      known.set(importPath, functions);
      return functions.get(test.split('/')[0] ?? '') ?? {};
    },
  };
}

function readFunctions(home: string | undefined): Map<string, { file: string; line: number }> {
  const functions = new Map<string, { file: string; line: number }>();
  for (const file of home ? testFiles(home) : []) {
    for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
      const name = /^func ((?:Test|Example|Fuzz|Benchmark)[^\s(]*)\(/.exec(line)?.[1];
      if (name) functions.set(name, { file, line: index + 1 });
    }
  }
  return functions;
}

function testFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('_test.go'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
