import type { TestRun } from '../../schema/run.ts';
import { plainText, tail } from '../ansi.ts';
import { findFileIn } from '../find-file.ts';
import { readClaims, readStop } from '../logs/claims.ts';
import { readLogLines } from '../logs/lines.ts';
import { readLogShapes } from '../logs/shapes.ts';
import { splitStreams } from '../logs/streams.ts';
import { writtenText } from '../output-text.ts';
import { type RawTest, wholeFile } from '../runner.ts';
import { goPlaces } from '../runners/go-test/runner.ts';
import { cargoTotals, readCargo } from './cargo-text.ts';
import { type Place, type Read, toGivenRun, unknownRunner } from './given-run.ts';
import { readGo } from './go-events.ts';
import { readJsonReport } from './json-reports.ts';
import { relateIn } from './packages.ts';
import { readRecords } from './records.ts';

/** Reads reports or one log. Undefined: none of the known forms. Never throws, and what is cut or corrupt is never green. */
export async function readReport(format: 'auto' | 'log', texts: readonly string[], place: Place): Promise<TestRun | undefined> {
  const parts = await Promise.all(
    texts.map(async (text) => (format === 'log' ? readLog(text, place) : ((await readOne(text, place)) ?? []))),
  );
  const read = parts.flat();
  if (read.length === 0) return undefined;
  return toGivenRun(
    read,
    tail(
      plainText(
        texts
          .map((text) => text.slice(-200_000))
          .join('\n')
          .slice(-200_000),
      ),
      20_000,
    ),
    format,
    place,
  );
}

async function readOne(given: string, place: Place): Promise<Read | undefined> {
  const found = await readForm(given, place);
  return found && { ...found, relate: place.relate };
}

/** Parsers of XML and TAP are loaded when such a report comes. */
async function readForm(given: string, { root, relate }: Place): Promise<Omit<Read, 'relate'> | undefined> {
  const text = given.replace(/^\uFEFF/, '');
  const start = text.trimStart().slice(0, 2_000);
  if (start.startsWith('<')) {
    if (/<TestRun\b/.test(start)) return { runner: 'dotnet', reading: (await import('./trx.ts')).readTrx(text) };
    if (!/<testsuites?\b/.test(text.slice(0, 20_000))) return undefined;
    return { runner: 'junit', reading: (await import('./junit.ts')).readJunit(text, findFileIn(root, relate)) };
  }
  const json = start.startsWith('{') || start.startsWith('[') ? readJsonReport(text) : undefined;
  if (json) return json;
  if (/^\{"type":"(?:begin|test|start)"/m.test(start)) return { runner: 'records', reading: readRecords(writtenText(text)) };
  if (/^\{.*"Action":"/m.test(text.slice(0, 20_000))) return { runner: 'go test', reading: readGo(text.split('\n'), '', goPlaces(root)) };
  if (/^(?:TAP version \d+|1\.\.\d+|(?:not )?ok\b)/m.test(text.slice(0, 20_000))) {
    return { runner: 'tap', reading: (await import('./tap-tests.ts')).readAnyTap(text, root) };
  }
  if (/^test result: |^running \d+ tests?$/m.test(text)) return { runner: 'cargo test', reading: readCargo(text) };
  return undefined;
}

/** A log may hold the output of several programs; each is one reading. Reports printed into a log are read as reports. */
async function readLog(text: string, place: Place): Promise<Read[]> {
  const streams = splitStreams(readLogLines(text));
  const read = await Promise.all(streams.map(({ label, lines }) => readStream(lines, { ...place, relate: relateIn(label, place) })));
  const found = read.flat();
  if (found.length === 0)
    found.push(
      ...(await readPrinted(
        streams.flatMap(({ lines }) => lines),
        place,
      )),
    );
  const claims = streams.flatMap(({ lines }) => readClaims(lines));
  const [first] = found;
  if (claims.length === 0) return found;
  // Nobody's results, and yet it is told that something failed: not to be passed over in silence.
  if (!first) return [{ runner: unknownRunner, relate: place.relate, reading: { tests: [], complete: true, doubts: claims } }];
  // What the log says of the whole is held against each of its tests.
  return [{ ...first, reading: { ...first.reading, doubts: [...(first.reading.doubts ?? []), ...claims] } }, ...found.slice(1)];
}

/** A report that a runner wrote to its output: from the line that begins it to the last one that can end it. */
async function readPrinted(lines: readonly string[], place: Place): Promise<Read[]> {
  for (const [begins, ends] of documents) {
    const first = lines.findIndex((line) => begins.test(line));
    const last = lines.findLastIndex((line) => ends.test(line));
    const read = first < 0 || last < first ? undefined : await readOne(lines.slice(first, last + 1).join('\n'), place);
    if (read) return [read];
  }
  return [];
}

const documents = [
  [/^(?:<\?xml |<testsuites?\b)/, /<\/testsuites?>\s*$/],
  [/^\{/, /^\}\s*$|^\{.*\}\s*$/],
] as const;

async function readStream(lines: readonly string[], place: Place): Promise<Read[]> {
  const plain = lines.join('\n');
  const stopped = readStop(lines);
  const stop = stopped && `It stopped early (“${stopped}”): the rest of the tests never ran.`;
  const found: Read[] = readLogShapes(lines).map(({ runner, tests, totals }) => ({
    runner,
    totals,
    relate: place.relate,
    // A summary that counts more failures than were named means that some were not understood.
    reading: { tests: tests.map((test) => withFile(test, runner, place)), complete: totals !== undefined, ...(stop && { note: stop }) },
  }));
  const has = (runner: string) => found.some((one) => one.runner === runner);
  if (/^test result: |^error: could not compile/m.test(plain) && !has('cargo nextest'))
    found.push({ runner: 'cargo test', reading: readCargo(plain), relate: place.relate, totals: cargoTotals(plain) });
  const events = lines.filter((line) => /^\{.*"Action":"/.test(line));
  if (events.length > 0 && !has('go test'))
    found.push({ runner: 'go test', reading: readGo(events, '', goPlaces(place.root)), relate: place.relate });
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
