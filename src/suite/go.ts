import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  dropFlags,
  escapePattern,
  plainName,
  programOf,
  type RawTest,
  type Reading,
  type Runner,
  type Start,
  wholeFile,
} from './runner.ts';

const Event = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
  Elapsed: z.number().optional(),
  Output: z.string().optional(),
});

/** `go test`, read from its own `-json` stream. A failing parent whose subtest fails is left out. */
export const goTest: Runner = {
  name: 'go test',
  owns: (argv) => programOf(argv[0]) === 'go' && argv[1] === 'test',
  async start(start) {
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
    return { argv: ['go', 'test', ...flags, ...kept, ...(packages ?? [])] };
  },
  read: ({ stdout, stderr, folder }) => readGo(stdout, stderr, (name) => folderOf(name, folder), folder),
};

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

/** Reads the events of `go test -json`; text that is not an event is the compiler's. `folderOf` finds a package's folder. */
export function readGo(stdout: string, stderr: string, folderOf: (importPath: string) => string | undefined, folder = '.'): Reading {
  const tests = new Map<string, { package: string; name: string; output: string; status?: RawTest['status']; ms?: number }>();
  const packages = new Map<string, { output: string; done: boolean; failed: boolean; began: boolean }>();
  let builds = stderr;
  let broken = false;
  for (const line of stdout.split('\n')) {
    if (!line.trim()) continue;
    const event = parse(line);
    if (!event) {
      if (line.startsWith('{')) broken = true;
      builds += `${line}\n`;
      continue;
    }
    if (event.Action === 'build-output') builds += event.Output ?? '';
    const name = event.Package;
    if (name === undefined) continue;
    const home = packages.get(name) ?? { output: '', done: false, failed: false, began: false };
    packages.set(name, home);
    if (event.Test === undefined) {
      if (event.Action === 'output') home.output = (home.output + (event.Output ?? '')).slice(-20_000);
      if (['pass', 'fail', 'skip'].includes(event.Action)) Object.assign(home, { done: true, failed: event.Action === 'fail' });
      continue;
    }
    home.began = true;
    const key = `${name}\n${event.Test}`;
    const test = tests.get(key) ?? { package: name, name: event.Test, output: '' };
    tests.set(key, test);
    if (event.Action === 'output') test.output = (test.output + (event.Output ?? '')).slice(-20_000);
    if (event.Action === 'pass' || event.Action === 'fail' || event.Action === 'skip') {
      test.status = event.Action === 'pass' ? 'passed' : event.Action === 'fail' ? 'failed' : 'skipped';
      test.ms = (event.Elapsed ?? 0) * 1000;
    }
  }
  const failing = new Set([...tests.values()].filter((test) => test.status === 'failed').map((test) => `${test.package}\n${test.name}`));
  const isParent = (key: string) => [...failing].some((other) => other.startsWith(`${key}/`));
  const lines = makeLookup(folderOf);
  const read: RawTest[] = [];
  const running: string[] = [];
  for (const [key, test] of tests) {
    const place = lines(test.package, test.name);
    const home = packages.get(test.package);
    if (test.status === undefined) running.push(test.name);
    const status = test.status ?? (home?.done ? 'failed' : undefined);
    if (status === undefined || (status === 'failed' && isParent(key))) continue;
    const died = test.status === undefined;
    read.push({
      ...place,
      names: [test.name],
      status,
      durationMs: test.ms,
      ...(died && { kind: /test timed out after/.test(home?.output ?? '') ? 'timeout' : 'crash' }),
      errors: status === 'failed' ? [errorOf(died ? test.output + (home?.output ?? '') : test.output, folderOf(test.package))] : [],
      output: status === 'failed' ? test.output : undefined,
    });
  }
  for (const [name, home] of packages) {
    const blamed =
      [...failing].some((key) => key.startsWith(`${name}\n`)) ||
      [...tests.values()].some((test) => test.package === name && test.status === undefined);
    if (home.failed && !blamed) read.push(packageFailure(name, home.output, builds, folderOf(name), folder));
  }
  const complete = !broken && packages.size > 0 && [...packages.values()].every((home) => home.done);
  if (packages.size === 0 && /^#|\.go:\d+:\d+:|^go: /m.test(builds)) {
    return { tests: [], complete: false, note: builds.trim().split('\n').slice(0, 5).join('\n') };
  }
  return { tests: read, complete, running };
}

function parse(line: string): z.infer<typeof Event> | undefined {
  try {
    return Event.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** A package that failed though none of its tests did: it does not compile, or it died outside a test. */
function packageFailure(name: string, output: string, builds: string, home: string | undefined, folder: string): RawTest {
  const broken = /\[(?:build|setup) failed\]/.test(output);
  const own = builds.split(/^(?=# )/m).find((part) => part.startsWith(`# ${name}\n`) || part.startsWith(`# ${name} [`));
  const text = broken ? (own ?? builds) : output;
  const first = /^(\S+\.go):(\d+):\d+: (.*)$/m.exec(text);
  return {
    file: first?.[1] ? join(folder, first[1]) : home,
    names: [wholeFile],
    status: 'failed',
    kind: broken ? 'load' : 'crash',
    errors: [{ message: broken ? text.replace(/^# .*\n/, '').trim() : text.trim(), stack: text }],
  };
}

const noise = /^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)\b|--- (?:FAIL|PASS|SKIP):|PASS$|FAIL(?:\s|$)|ok\s)/;

function errorOf(output: string, home: string | undefined): RawTest['errors'][number] {
  const lines = output.split('\n').filter((line) => !noise.test(line));
  const text = lines.join('\n').trim();
  // Frames in the output of a test are named relative to its package.
  const stack = lines.map((line) =>
    line.replace(/^(\s*)([\w-]+\.go:\d+)/, (_all, blank: string, place: string) => `${blank}${home ? `${home}/` : ''}${place}`),
  );
  const got = /\b(?:got|actual|have)[:= ]+(.+?)[,;\n]\s*(?:want|expected|wanted)[:= ]+(.+)/i.exec(text);
  return {
    name: /^panic:/m.test(text) ? 'panic' : 'FAIL',
    message: text,
    stack: stack.join('\n'),
    ...(got && { actual: got[1], expected: got[2] }),
  };
}

/** The folder of an import path, from go.mod of the module it belongs to. */
function folderOf(importPath: string, folder: string): string | undefined {
  try {
    const name = /^module\s+(\S+)/m.exec(readFileSync(join(folder, 'go.mod'), 'utf8'))?.[1]?.replace(/^"|"$/g, '');
    if (name === undefined) return undefined;
    if (importPath === name) return folder;
    return importPath.startsWith(`${name}/`) ? join(folder, importPath.slice(name.length + 1)) : undefined;
  } catch {
    return undefined;
  }
}

/** File and line of a test's function, by reading the package's test files once. */
function makeLookup(folderOf: (importPath: string) => string | undefined) {
  const known = new Map<string, Map<string, { file: string; line: number }>>();
  return (importPath: string, test: string): { file?: string; line?: number } => {
    let functions = known.get(importPath);
    if (!functions) {
      functions = new Map();
      known.set(importPath, functions);
      const home = folderOf(importPath);
      for (const file of home ? testFiles(home) : []) {
        const lines = readFileSync(file, 'utf8').split('\n');
        for (const [index, line] of lines.entries()) {
          const name = /^func (?:\([^)]*\) )?((?:Test|Example|Fuzz|Benchmark)\w*)\(/.exec(line)?.[1];
          if (name) functions.set(name, { file, line: index + 1 });
        }
      }
    }
    return functions.get(test.split('/')[0] ?? '') ?? {};
  };
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
