import type { TestRun } from '../../schema/run.ts';
import { plainText, tail } from '../ansi.ts';
import { toResults } from '../failure.ts';
import { findFileIn } from '../find-file.ts';
import { readLogLines } from '../logs/lines.ts';
import type { LogReading } from '../logs/shape.ts';
import { readLogShapes } from '../logs/shapes.ts';
import type { Relate } from '../paths.ts';
import { type RawTest, type Reading, wholeFile } from '../runner.ts';
import { goPlaces } from '../runners/go-test/runner.ts';
import { readCargo } from './cargo-text.ts';
import { readGo } from './go-events.ts';
import { readJsonReport } from './json-reports.ts';
import { readRecords } from './records.ts';

type Place = { readonly root: string; readonly relate: Relate /** Path as it was given, for `command`. */; readonly name: string };
type Read = { readonly runner: string; readonly reading: Reading; readonly totals?: LogReading['totals'] };

/** Reads reports or one log. Undefined: none of the known forms. Never throws, and what is cut or corrupt is never green. */
export async function readReport(format: 'auto' | 'log', texts: readonly string[], place: Place): Promise<TestRun | undefined> {
  const parts = await Promise.all(
    texts.map(async (text) => (format === 'log' ? readLog(text, place) : ((await readOne(text, place)) ?? []))),
  );
  const read = parts.flat();
  if (read.length === 0) return undefined;
  return toRun(read, tail(plainText(texts.join('\n').slice(-200_000)), 20_000), format, place);
}

/** Parsers of XML and TAP are loaded when such a report comes. */
async function readOne(given: string, { root, relate }: Place): Promise<Read | undefined> {
  const text = given.replace(/^\uFEFF/, '');
  const start = text.trimStart().slice(0, 2_000);
  if (start.startsWith('<')) {
    if (/<TestRun\b/.test(start)) return { runner: 'dotnet', reading: (await import('./trx.ts')).readTrx(text) };
    if (!/<testsuites?\b/.test(text.slice(0, 20_000))) return undefined;
    return { runner: 'junit', reading: (await import('./junit.ts')).readJunit(text, findFileIn(root, relate)) };
  }
  const json = start.startsWith('{') || start.startsWith('[') ? readJsonReport(text) : undefined;
  if (json) return json;
  if (/^\{"type":"(?:begin|test|start)"/m.test(start)) return { runner: 'records', reading: readRecords(text) };
  if (/^\{.*"Action":"/m.test(text.slice(0, 20_000))) return { runner: 'go test', reading: readGo(text, '', goPlaces(root)) };
  if (/^(?:TAP version \d+|1\.\.\d+|(?:not )?ok\b)/m.test(text.slice(0, 20_000))) {
    const { readFlatTap, readTapTests } = await import('./tap-tests.ts');
    return { runner: 'tap', reading: /^ {4}(?:not )?ok \d/m.test(text) ? readTapTests(text, root) : readFlatTap(text, root) };
  }
  if (/^test result: |^running \d+ tests?$/m.test(text)) return { runner: 'cargo test', reading: readCargo(text) };
  return undefined;
}

/** A log may hold the output of several runners; each is one reading. Reports printed into a log are read as reports. */
async function readLog(text: string, place: Place): Promise<Read[]> {
  const lines = readLogLines(text);
  const plain = lines.join('\n');
  const found: Read[] = readLogShapes(lines).map(({ runner, tests, totals }) => ({
    runner,
    totals,
    // A summary that counts more failures than were named means that some were not understood.
    reading: { tests: tests.map((test) => withFile(test, runner, place)), complete: totals !== undefined },
  }));
  if (/^test result: /m.test(plain)) found.push({ runner: 'cargo test', reading: readCargo(plain) });
  const events = lines.filter((line) => /^\{.*"Action":"/.test(line));
  if (events.length > 0 && !found.some(({ runner }) => runner === 'go test'))
    found.push({ runner: 'go test', reading: readGo(events.join('\n'), '', goPlaces(place.root)) });
  const tapLines = lines.filter((line) => /^(?:TAP version|\s*(?:not )?ok \d|\s*\d+\.\.\d+|\s*#|\s{2,}\S|\s*$)/.test(line));
  if (found.length === 0 && /^(?:TAP version \d+|1\.\.\d+)$/m.test(plain)) {
    const own = await readOne(tapLines.join('\n'), place);
    if (own) found.push(own);
  }
  return found;
}

/** Go logs name a package, Maven's a class: both become files where this repository has them. */
function withFile(test: RawTest, runner: string, { root, relate }: Place): RawTest {
  if (runner === 'go test' && test.file) {
    const places = goPlaces(root);
    const home = test.file;
    const file =
      test.names[0] === wholeFile ? places.folderOf(home) : (places.testAt(home, test.names[0] ?? '').file ?? places.folderOf(home));
    return { ...test, file };
  }
  if (runner === 'unittest' && test.file) {
    const module = test.file.replace(/\.py$/, '').replaceAll('/', '.');
    return { ...test, file: findFileIn(root, relate)({ className: module, name: '' }) ?? test.file };
  }
  if (test.file) return test;
  return { ...test, file: findFileIn(root, relate)({ className: test.names[0], name: test.names.at(-1) ?? '' }) };
}

function toRun(read: readonly Read[], output: string, format: 'auto' | 'log', { root: _root, relate, name }: Place): TestRun {
  const tests = read.flatMap(({ reading }) => reading.tests);
  const results = toResults(tests, { relate, package: '' });
  const count = (status: string) => results.tests.filter((test) => test.status === status).length;
  const sum = (pick: (totals: NonNullable<Read['totals']>) => number) =>
    read.reduce((all, { totals }) => all + (totals ? pick(totals) : 0), 0);
  const passed = Math.max(
    count('passed'),
    sum((totals) => totals.passed),
  );
  const failed = Math.max(
    count('failed'),
    sum((totals) => totals.failed),
  );
  const skipped = Math.max(
    count('skipped'),
    sum((totals) => totals.skipped),
  );
  const complete = read.every(({ reading }) => reading.complete);
  const outcome = failed > 0 ? 'red' : !complete ? 'crashed' : passed > 0 ? 'green' : 'no_tests';
  const notes = [
    `Read from ${name}, not re-run here.`,
    ...(complete ? [] : ['It is not complete: tests may be missing.']),
    ...(failed > count('failed') ? [`It counts ${failed} failures and names ${count('failed')}.`] : []),
    ...read.flatMap(({ reading }) => reading.note ?? []),
  ];
  return {
    runner: [...new Set(read.map(({ runner }) => runner))].join(' + '),
    command: [],
    cwd: '',
    why: format === 'log' ? `CI log ${name}` : `report ${name}`,
    outcome,
    exitCode: null,
    durationMs: Math.round(results.tests.reduce((total, test) => total + (test.durationMs ?? 0), 0)),
    collected: passed + failed + skipped,
    passed,
    failed,
    skipped,
    rerun: false,
    note: notes.join(' '),
    tests: results.tests,
    failures: results.failures,
    output,
  };
}
