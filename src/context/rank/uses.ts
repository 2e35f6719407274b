import { dirname } from 'node:path/posix';
import type { ReadText } from '../../schema/context.ts';
import type { Failure } from '../../schema/run.ts';
import { kindOf } from '../scan/kinds.ts';
import type { Segment } from '../scan/segments.ts';
import { rowsOf, setUpsOf } from './set-up.ts';
import type { Region } from './tests.ts';

/** Lines of test code that a failing test uses, and why they are shown. Lines count from 1, inclusive. */
export type Use = Region & { readonly path: string; readonly reason: string };

/** What is known of the test code of a repository. `importsOf`: the files that one imports, resolved. */
export type TestCode = {
  readonly read: ReadText;
  readonly importsOf: (path: string) => readonly string[];
  readonly segmentsOf: (path: string) => readonly Segment[];
};

/** Longer, and the test is a table or a whole file of cases: then the rows that fail are what is shown of it. */
export const longTest = 90;
const longestUse = 70;
const mostOfNames = 14;
const mostFiles = 3;
const identifier = /[A-Za-z_$][\w$]{2,}/g;

/**
 * The failing tests themselves, then what they use of test code, nearest first: what of it stands in the stack trace, the set-up around them,
 * helpers that they name in their own file, in a file that this imports, and in a conftest.py above.
 */
export function usesOf(
  tests: ReadonlyMap<string, readonly Region[]>,
  failures: readonly Failure[],
  { read, importsOf, segmentsOf }: TestCode,
): Use[] {
  const uses: Use[] = [];
  const add = (path: string, { startLine, endLine }: Region, reason: string) => {
    const known = uses.some((use) => use.path === path && use.startLine <= startLine && endLine <= use.endLine);
    if (!known) uses.push({ path, startLine, endLine, reason });
  };
  for (const [path, regions] of tests) {
    const lines = (read(path) ?? '').split('\n');
    for (const region of regions) {
      if (region.endLine - region.startLine < longTest) add(path, region, 'the failing test');
      else for (const row of rowsOf(lines, region, failuresIn(failures, path))) add(path, row, 'the failing rows of a long test');
    }
  }
  for (const { file, line } of failures.flatMap(({ frames }) => frames)) {
    if (!isTestCode(file) || read(file) === undefined) continue;
    const around = segmentsOf(file).find(({ kind, startLine, endLine }) => kind !== 'glue' && startLine <= line && line <= endLine);
    add(file, clip(around ?? { startLine: Math.max(1, line - 8), endLine: line + 8 }, line), 'in the stack trace of the failing test');
  }
  for (const [path, regions] of tests) {
    const lines = (read(path) ?? '').split('\n');
    const textOf = ({ startLine, endLine }: Region) => lines.slice(startLine - 1, endLine).join('\n');
    const setUps = regions.slice(0, 3).flatMap((region) => setUpsOf(lines, region));
    for (const setUp of setUps) add(path, setUp, 'the set-up of the failing test');
    let names = namesIn([...regions.map((region) => clip(region, region.startLine, longTest)), ...setUps].map(textOf).join('\n'));
    const own = helpers(segmentsOf(path), names, regions);
    for (const { segment } of own) add(path, clip(segment, segment.nameLine), 'a helper that the failing test uses');
    // A helper calls the next one.
    names = new Set([...names, ...namesIn(own.map(({ segment }) => textOf(segment)).join('\n'))]);
    for (const { segment } of helpers(segmentsOf(path), names, regions))
      add(path, clip(segment, segment.nameLine), 'a helper that the failing test uses');
    const around = [...conftests(path), ...importsOf(path).filter((file) => isTestCode(file) && file !== path)];
    let files = 0;
    for (const file of around) {
      const found = read(file) === undefined ? [] : helpers(segmentsOf(file), names, []);
      if (found.length === 0 || files === mostFiles) continue;
      files++;
      for (const { segment } of found) add(file, clip(segment, segment.nameLine), 'a helper that the failing test uses');
    }
  }
  return uses;
}

const isTestCode = (path: string) => kindOf(path) === 'test' || /(?:^|\/)conftest\.py$/.test(path);

const failuresIn = (failures: readonly Failure[], path: string) => failures.filter(({ file }) => file === path);

const namesIn = (text: string) => new Set([...text.matchAll(identifier)].map(([name]) => name));

/** Definitions that go by one of the names, outside of the tests themselves. Methods count where their own name does. */
function helpers(segments: readonly Segment[], names: ReadonlySet<string>, regions: readonly Region[]): { readonly segment: Segment }[] {
  const inTests = ({ startLine, endLine }: Segment) => regions.some((region) => region.startLine <= endLine && startLine <= region.endLine);
  return segments
    .filter((segment) => segment.kind !== 'glue' && names.has(segment.name) && !/^(?:Test|test_)/.test(segment.name) && !inTests(segment))
    .slice(0, mostOfNames)
    .map((segment) => ({ segment }));
}

/** A stretch of at most `most` lines that begins where it begins or, where that is too far above, near a line of it. */
function clip({ startLine, endLine }: Region, line: number, most = longestUse): Region {
  if (endLine - startLine < most) return { startLine, endLine };
  const from = line - startLine < most - 10 ? startLine : line - Math.floor(most / 2);
  return { startLine: from, endLine: Math.min(endLine, from + most - 1) };
}

/** The files whose fixtures pytest gives to a test, the nearest first. */
function conftests(test: string): string[] {
  if (!test.endsWith('.py')) return [];
  const found: string[] = [];
  for (let folder = dirname(test); ; folder = dirname(folder)) {
    found.push(folder === '.' ? 'conftest.py' : `${folder}/conftest.py`);
    if (folder === '.') return found;
  }
}
