import { join } from 'node:path';
import { z } from 'zod';
import { type RawError, type RawTest, type Reading, wholeFile } from '../runner.ts';

const Event = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Elapsed: z.number().optional(),
  Output: z.string().optional(),
});
type Event = z.infer<typeof Event>;

/** Where a package lies and where its test functions are written, as far as that is known; paths absolute. */
export type GoPlaces = {
  readonly folder: string;
  readonly folderOf: (importPath: string) => string | undefined;
  readonly testAt: (importPath: string, test: string) => { readonly file?: string; readonly line?: number };
};

type Test = { readonly home: string; readonly name: string; output: string; status?: RawTest['status']; durationMs?: number };
type Home = { output: string; done: boolean; failed: boolean };
type Events = {
  readonly tests: Map<string, Test>;
  readonly homes: Map<string, Home>;
  readonly builds: string;
  readonly broken: boolean;
};

const ends: Readonly<Record<string, RawTest['status']>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };
const maxOutput = 20_000;
const maxBuilds = 500_000;

/** Reads the stream of `go test -json`; lines that are no events are the compiler's. A parent whose subtest fails is left out. */
export function readGo(stdout: Iterable<string>, stderr: string, places: GoPlaces): Reading {
  const events = gather(stdout, stderr);
  const { tests, homes, builds } = events;
  if (homes.size === 0) return { tests: [], complete: false, note: builds.trim().split('\n').slice(0, 3).join(' ') || undefined };
  const parents = new Set([...tests.values()].filter((test) => test.status !== 'passed' && test.status !== 'skipped').flatMap(ancestors));
  const read: RawTest[] = [];
  const blamed = new Set<string>();
  for (const [key, test] of tests) {
    const home = homes.get(test.home);
    // With thousands of parallel tests an end event gets lost now and then; where the package passed, so did the test.
    const status = test.status ?? (home?.done ? (home.failed ? 'failed' : 'passed') : undefined);
    if (status === 'failed') blamed.add(test.home);
    if (status === undefined || (status === 'failed' && parents.has(key))) continue;
    read.push(toTest(test, status, home, places));
  }
  for (const [name, home] of homes) if (home.failed && !blamed.has(name)) read.push(packageFailure(name, home.output, builds, places));
  const running = [...tests.values()].filter((test) => test.status === undefined && !homes.get(test.home)?.done).map((test) => test.name);
  return { tests: read, complete: !events.broken && [...homes.values()].every((home) => home.done), running };
}

function gather(stdout: Iterable<string>, stderr: string): Events {
  const tests = new Map<string, Test>();
  const homes = new Map<string, Home>();
  let builds = stderr;
  let broken = false;
  for (const line of stdout) {
    if (!line.trim()) continue;
    const event = parse(line);
    if (!event) {
      // Before Go 1.24 a package that does not compile is a line of text.
      const unbuilt = /^FAIL\s+(\S+) \[(?:build|setup) failed\]/.exec(line)?.[1];
      if (unbuilt) homes.set(unbuilt, { output: line, done: true, failed: true });
      broken ||= line.startsWith('{');
      builds = tail(`${builds}${line}\n`, maxBuilds);
    } else if (event.Package === undefined) builds = tail(builds + (event.Output ?? ''), maxBuilds);
    else if (event.Test === undefined) addToHome(homes, event.Package, event);
    else {
      if (!homes.has(event.Package)) homes.set(event.Package, { output: '', done: false, failed: false });
      addToTest(tests, event.Package, event.Test, event);
    }
  }
  return { tests, homes, builds, broken };
}

/** Cut now and then, so that each event is not a copy of all before it. */
const tail = (text: string, most: number) => (text.length > 2 * most ? text.slice(-most) : text);

function addToHome(homes: Map<string, Home>, name: string, event: Event): void {
  const home = homes.get(name) ?? { output: '', done: false, failed: false };
  homes.set(name, home);
  if (event.Output) home.output = tail(home.output + event.Output, maxOutput);
  if (ends[event.Action]) Object.assign(home, { done: true, failed: event.Action === 'fail' });
}

function addToTest(tests: Map<string, Test>, home: string, name: string, event: Event): void {
  const key = `${home}\n${name}`;
  const test: Test = tests.get(key) ?? { home, name, output: '' };
  tests.set(key, test);
  if (event.Output) test.output = tail(test.output + event.Output, maxOutput);
  const status = ends[event.Action];
  if (status) Object.assign(test, { status, durationMs: (event.Elapsed ?? 0) * 1000, ...(status !== 'failed' && { output: '' }) });
}

function parse(line: string): Event | undefined {
  try {
    return Event.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function ancestors({ home, name }: Test): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_part, index) => `${home}\n${parts.slice(0, index + 1).join('/')}`);
}

/** A test that began and never ended, in a package that did, took the package down. */
function toTest(test: Test, status: RawTest['status'], home: Home | undefined, places: GoPlaces): RawTest {
  const died = test.status === undefined && status === 'failed';
  const text = died ? test.output + (home?.output ?? '') : test.output;
  const folder = places.folderOf(test.home);
  return {
    file: folder,
    ...places.testAt(test.home, test.name),
    names: [test.name],
    status,
    durationMs: test.durationMs,
    ...(died && { kind: /test timed out after/.test(text) ? 'timeout' : 'crash' }),
    errors: status === 'failed' ? [errorOf(text, folder)] : [],
    output: status === 'failed' ? test.output : undefined,
  };
}

/** A package that failed though none of its tests did: it does not compile, or it died outside a test. */
function packageFailure(name: string, output: string, builds: string, { folderOf, folder }: GoPlaces): RawTest {
  const unbuilt = /\[(?:build|setup) failed\]/.test(output);
  const own = builds.split(/^(?=# )/m).find((part) => part.startsWith(`# ${name}\n`) || part.startsWith(`# ${name} [`));
  const text = (unbuilt ? (own ?? builds) : output).trim();
  const place = /^(\S+\.go):\d+:\d+: /m.exec(text)?.[1];
  return {
    file: place ? join(folder, place) : folderOf(name),
    names: [wholeFile],
    status: 'failed',
    kind: unbuilt ? 'load' : 'crash',
    errors: [{ message: text.replace(/^# .*\n/, ''), stack: text }],
  };
}

const noise = /^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)\b|--- (?:FAIL|PASS|SKIP):|PASS$|FAIL(?:\s|$)|ok\s)/;

function errorOf(output: string, home: string | undefined): RawError {
  const lines = output.split('\n').filter((line) => !noise.test(line));
  const text = lines.join('\n').trim();
  // A test's own output names files relative to its package.
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
