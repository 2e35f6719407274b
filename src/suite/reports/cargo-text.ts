import type { Totals } from '../logs/shape.ts';
import { type RawTest, type Reading, wholeFile } from '../runner.ts';

type Binary = {
  readonly file: string | undefined;
  readonly tests: { readonly name: string; readonly doc: string | undefined; status: RawTest['status'] | undefined; said: string }[];
  /** Named in the list that libtest prints at the end. */
  readonly failures: Set<string>;
  result?: (Totals & { readonly line: string }) | undefined;
};

const statuses: Readonly<Record<string, RawTest['status']>> = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' };
/** What a test prints may stand before the word `test`, between its name and its result, or both. */
const result = /(?:^|.)test (\S.*?)(?: - should panic)?(?: - compile(?: fail)?)? \.\.\. ?(ok|FAILED|ignored(?:, .*)?)?$/;
const begun = /(?:^|.)test ((?:\w+::)*\w+|\S+\.rs - .+?)(?: - should panic)? \.\.\. (.*)$/;
const torn = /^(.*?)(ok|FAILED|ignored)$/;

/**
 * Output of `cargo test` (libtest and doc tests). `Running unittests src/lib.rs (target/…)` names the file of the tests that follow.
 * Complete when every started binary printed its result line; that line is held against the tests that were read.
 */
export function readCargo(text: string): Reading {
  const binaries = readBinaries(text);
  const details = detailsOf(text);
  const tests = binaries.flatMap(({ file, tests: own }) =>
    own.flatMap(({ name, doc, status, said }): RawTest[] => {
      if (!status) return [];
      const detail = details(name) || said;
      return [{ file: doc ?? file, names: [name], status, errors: status === 'failed' ? [errorOfPanic(detail)] : [] }];
    }),
  );
  const broken = brokenBuild(text);
  const doubts = broken.length > 0 ? [] : binaries.flatMap(doubtOf);
  const complete = binaries.length > 0 && binaries.every((binary) => binary.result !== undefined);
  return { tests: [...tests, ...broken], complete, ...(doubts.length > 0 && { doubts }) };
}

/** What the result lines count together; `--quiet` prints nothing else. */
export function cargoTotals(text: string): Totals {
  const results = readBinaries(text).flatMap((binary) => binary.result ?? []);
  const sum = (pick: (counts: Totals) => number) => results.reduce((all, counts) => all + pick(counts), 0);
  return { passed: sum(({ passed }) => passed), failed: sum(({ failed }) => failed), skipped: sum(({ skipped }) => skipped) };
}

function readBinaries(text: string): Binary[] {
  const binaries: Binary[] = [];
  let file: string | undefined;
  let listing = false;
  for (const line of text.split('\n')) {
    const running = /^\s*Running (?:unittests )?(\S+) \(|^\s*Running (\S+)$/.exec(line);
    if (running) file = running[1] ?? file;
    if (/^\s*Doc-tests /.test(line)) file = undefined;
    if (/^running \d+ tests?$/.test(line)) {
      binaries.push({ file, tests: [], failures: new Set() });
      listing = false;
    }
    const binary = binaries.at(-1);
    if (!binary) continue;
    const total = /^test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored;/.exec(line);
    if (total) {
      binary.result = { line, passed: Number(total[1]), failed: Number(total[2]), skipped: Number(total[3]) };
      settle(binary);
    } else if (line === 'failures:') listing = true;
    else if (listing && /^ {4}\S/.test(line)) binary.failures.add(line.trim());
    else readResult(binary, line);
  }
  return binaries;
}

function readResult(binary: Binary, line: string): void {
  const whole = result.exec(line);
  const [, name, rest] = whole ?? begun.exec(line) ?? [];
  if (name !== undefined) {
    const word = whole ? rest?.split(',')[0] : torn.exec(rest ?? '')?.[2];
    const doc = /^(\S+\.rs) - /.exec(name)?.[1];
    binary.tests.push({ name, doc, status: word === undefined ? undefined : statuses[word], said: '' });
    return;
  }
  const open = binary.tests.at(-1);
  if (!open || open.status) return;
  open.said += `${line}\n`;
  const word = torn.exec(line)?.[2];
  if (word) open.status = statuses[word];
}

/** libtest's own list of failures and its counts tell of a result that was torn beyond reading. */
function settle(binary: Binary): void {
  for (const name of binary.failures) {
    const test = binary.tests.find((one) => one.name === name);
    if (test) test.status = 'failed';
    else binary.tests.push({ name, doc: /^(\S+\.rs) - /.exec(name)?.[1], status: 'failed', said: '' });
  }
  // What a test prints may read like a result; where the list names as many as failed, nobody else did.
  const rest = binary.tests.filter(({ name, status }) => status === 'failed' && !binary.failures.has(name));
  if (binary.failures.size === binary.result?.failed) for (const test of rest) test.status = 'passed';
  const lacks = (binary.result?.passed ?? 0) - binary.tests.filter(({ status }) => status === 'passed').length;
  const open = binary.tests.filter(({ status }) => !status);
  if (open.length <= lacks) for (const test of open) test.status = 'passed';
}

function doubtOf({ tests, result: total }: Binary): string[] {
  const count = (wanted: string) => tests.filter(({ status }) => status === wanted).length;
  if (!total || (count('failed') >= total.failed && (total.failed > 0 || !/^test result: FAILED/.test(total.line)))) return [];
  return [total.line];
}

function brokenBuild(text: string): RawTest[] {
  const broken = /^error(?:\[E\d+\])?: (?!test failed|\d+ targets? failed|could not compile)(.*)\n\s*--> (\S+?):(\d+):(\d+)/m.exec(text);
  if (!broken || !/could not compile|aborting due to/.test(text)) return [];
  const stack = `    at ${broken[2]}:${broken[3]}:${broken[4]}`;
  return [{ file: broken[2], names: [wholeFile], status: 'failed', kind: 'load', errors: [{ message: broken[0], stack }] }];
}

/** What a test printed: in a block of its own, or with --nocapture as a panic anywhere. */
function detailsOf(text: string): (name: string) => string {
  const blocks = new Map<string, string>();
  for (const [, name = '', detail = ''] of text.matchAll(/^---- (.+?) stdout ----\n([\s\S]*?)(?=^---- |^failures:$|\n\n\nfailures:)/gm))
    blocks.set(name, detail.trim());
  const panics = new Map<string, string>();
  for (const [detail, name = ''] of text.matchAll(
    /^thread '(.+?)' (?:\(\d+\) )?panicked at [^\n]*(?:\n(?!\s*$|note:|stack backtrace:|thread ')[^\n]*)*/gm,
  ))
    panics.set(name, panics.get(name) ?? detail.trim());
  return (name) => blocks.get(name) ?? panics.get(name) ?? '';
}

/** The error that the text of a panic tells of. */
export function errorOfPanic(detail: string): RawTest['errors'][number] {
  const place = /panicked at (?:'.*', )?(\S+?):(\d+):(\d+):?/s.exec(detail);
  const left = /^\s*left: `?(.*?)`?,?$/m.exec(detail)?.[1];
  const right = /^\s*right: `?(.*?)`?,?$/m.exec(detail)?.[1];
  const message = detail
    .replace(/^thread '.*' (?:\(\d+\) )?panicked at [^\n]*\n?/, '')
    .replace(/^note: run with.*$/m, '')
    .trim();
  return {
    name: /assertion/.test(detail) ? 'AssertionError' : 'panic',
    message: message || detail,
    stack: place ? `    at ${place[1]}:${place[2]}:${place[3]}` : detail,
    ...(left !== undefined && { actual: left }),
    ...(right !== undefined && { expected: right }),
  };
}
