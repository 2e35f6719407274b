import { dirname, join, normalize } from 'node:path/posix';
import type { ReadText } from '../../schema/context.ts';
import type { Failure } from '../../schema/run.ts';
import type { Query } from '../index/search.ts';
import { splitWords } from '../index/tokenize.ts';
import { findTest, type Region } from './tests.ts';
import type { Settings } from './weights.ts';

/** What the failure says, as words. `names` are whole identifiers of the test, as written. */
export type Question = {
  readonly words: Query;
  readonly names: ReadonlyMap<string, number>;
  /** The failing tests in their files; the first file is that of the failure itself. */
  readonly tests: ReadonlyMap<string, readonly Region[]>;
  /** Files of the repository that the failing tests name, such as their data. */
  readonly fixtures: readonly string[];
  /** Everything that was printed, for file names in it. */
  readonly printed: string;
};

const longestPart = 20_000;
const longestOutput = 6_000;
const mostFailures = 20;

const setOf = (text: string) => new Set(text.split(' ').flatMap((word) => splitWords(word)));

/** What holds sentences together and says nothing by itself. */
export const filler = setOf(
  'at the is to be with when that and or not then does given a an do has have as on by was are were can will would if else of in for it this there ' +
    'how what where which why who whose should could from into its',
);
/** Of a test and its output: what all of them say. */
const noise = setOf(
  'it test tests testing describe expect assert asserts assertion assertions assertionerror equal equals toequal tobe strictequal deepequal deepstrictequal should ' +
    'beforeeach aftereach before after each done chai mocha jest vitest vi sinon supertest pytest unittest testcase setup teardown fixture fixtures mock mocks mocked spy ' +
    'const let var function return import from export default require async await new this self def class if else for while in of not and or none null undefined true false ' +
    'try catch except finally throw raise func package fn pub use string number boolean any void int str bool type interface public private static ' +
    'expected actual received error errors errorf fatalf fatal failed failure fail passed got want true false line file at object the is to be with when that and then does given a an ' +
    'case do has as on by was are were can will would if else ok nil err ' +
    'node_modules node internal js ts py go process processticksandrejections promise modules run main usr lib home site packages python goroutine',
);

/** Lines of a stack trace: paths of the machine and of libraries, which say nothing as words. Frames are read elsewhere. */
const traceLine =
  /^\s*(?:at\s.+(?::\d+|\))\s*$|File ".*", line \d+.*|\S+\.(?:go|py|[cm]?[jt]sx?|rs|rb|java):\d+(?::\d+)?(?:\s\+0x[\da-f]+)?:?\s*$|goroutine \d+.*|(?:[\w.-]+\/)+[\w.-]+\.[\w.()*{}…]+\(.*\)\s*$|created by .*|\S+\(0x[\da-f].*)$/gm;

/** Absolute paths, of this machine or another, and addresses: they say where a run was, not what went wrong. A path of a URL is none. */
const machinePath =
  /(?<![\w/.:])(?:file:\/\/)?(?:\/(?:home|Users|root|tmp|var|private|usr|opt|mnt|media|srv|data|build|builds|app|workspaces?|github|runner|nix|Volumes|proc|dev|etc)\/|~\/|[A-Za-z]:\\{1,2}(?=[\w.$@]))[^\s'"`()<>|,;]*|\b0x[\da-f]{4,}\b/g;

const withoutMachine = (text: string) => text.replace(traceLine, '').replace(machinePath, ' ');

/** Reads a failure, and those that failed with it, into a query. Words that are `idle` are passed over. */
export function readQuestion(
  failure: Failure,
  related: readonly Failure[],
  read: ReadText,
  settings: Settings,
  idle: ReadonlySet<string> = noise,
): Question {
  const parts = settings.parts;
  const words = new Map<string, number>();
  const names = new Map<string, number>();
  const tests = new Map<string, Region[]>();
  const fixtures = new Set<string>();
  const printed: string[] = [];
  const seen = new Set<string>();
  const add = (text: string | undefined, weight: number, common?: ReadonlyMap<string, number>) => {
    if (!text || seen.has(text)) return;
    seen.add(text);
    for (const [word, count] of countWords(text.slice(0, longestPart), idle)) {
      const share = 1 / (1 + settings.contrast * (common?.get(word) ?? 0));
      words.set(word, (words.get(word) ?? 0) + weight * share * (1 + Math.log(count)));
    }
  };
  const others = related.filter((other) => other.id !== failure.id).slice(0, mostFailures);
  const all = [failure, ...others];
  const found = new Map<Failure, Region | undefined>();
  const split = new Map<string, string[]>();
  const linesOf = (file: string): string[] => {
    const known = split.get(file) ?? (read(file) ?? '').split('\n');
    split.set(file, known);
    return known;
  };
  all.forEach((one) => {
    const text = one.file === undefined ? undefined : read(one.file);
    if (one.file === undefined || text === undefined) return;
    const region = findTest(linesOf(one.file), one);
    found.set(one, region);
    const regions = tests.get(one.file) ?? [];
    tests.set(one.file, regions);
    if (region && !regions.some((known) => known.startLine === region.startLine)) regions.push(region);
  });
  const rates = new Map([...tests].map(([file, regions]) => [file, rateOutside(linesOf(file), regions)]));
  all.forEach((one, index) => {
    const share = index === 0 ? 1 : settings.related;
    add(one.name, parts.title * share);
    add(withoutMachine(one.message.slice(0, longestOutput)), parts.message * share);
    add(withoutMachine(`${one.expected ?? ''}\n${one.actual ?? ''}`.slice(0, longestOutput)), parts.difference * share);
    add(withoutMachine(one.output?.slice(-longestOutput) ?? ''), parts.output * share);
    printed.push(one.message.slice(0, longestOutput), one.output?.slice(-longestOutput) ?? '');
    const text = one.file === undefined ? undefined : read(one.file);
    if (one.file === undefined || text === undefined) return;
    const lines = linesOf(one.file);
    const region = found.get(one);
    if (region) {
      const body = lines.slice(region.startLine - 1, region.endLine).join('\n');
      add(body, parts.body * share, rates.get(one.file));
      for (const [name] of body.matchAll(/[A-Za-z_$][\w$]{2,}/g)) {
        if (noise.has(name.toLowerCase())) continue;
        const common = rates.get(one.file)?.get(splitWords(name).at(-1) ?? '') ?? 0;
        names.set(name, Math.max(names.get(name) ?? 0, share / (1 + settings.contrast * common)));
      }
      for (const path of namedFiles(one.file, body, read)) fixtures.add(path);
    }
    if (index === 0) add(text, region ? parts.rest : parts.body);
  });
  return { words, names, tests, fixtures: [...fixtures], printed: printed.join('\n') };
}

/** The question with what the test's helpers and set-up say, for often the code under test is called there alone. */
export function hearUses(question: Question, texts: readonly string[], settings: Settings): Question {
  const weight = settings.parts.uses;
  if (weight === 0 || texts.length === 0) return question;
  const words = new Map(question.words);
  const names = new Map(question.names);
  const text = texts.join('\n').slice(0, longestPart);
  for (const [word, count] of countWords(text)) words.set(word, (words.get(word) ?? 0) + weight * (1 + Math.log(count)));
  for (const [name] of text.matchAll(/[A-Za-z_$][\w$]{2,}/g))
    if (!noise.has(name.toLowerCase())) names.set(name, Math.max(names.get(name) ?? 0, weight));
  return { ...question, words, names };
}

function countWords(text: string, idle: ReadonlySet<string> = noise): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of splitWords(text)) if (!idle.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** How often a word stands in as many lines of the other tests as the failing ones have: what all tests say tells nothing. */
function rateOutside(lines: readonly string[], regions: readonly Region[]): Map<string, number> {
  const inside = (line: number) => regions.some(({ startLine, endLine }) => line >= startLine && line <= endLine);
  const rest = lines.filter((_, index) => !inside(index + 1));
  const size = (lines.length - rest.length) / Math.max(1, regions.length);
  const rates = countWords(rest.join('\n'));
  for (const [word, count] of rates) rates.set(word, (count * Math.max(8, size)) / Math.max(40, rest.length));
  return rates;
}

/** Files of the repository whose path stands in the test as a string. */
function namedFiles(test: string, body: string, read: ReadText): string[] {
  const strings = [...body.matchAll(/['"`]([\w@./-]{3,200}\.\w{1,8}|[\w@.-]+(?:\/[\w@.-]+)+)['"`]/g)].slice(0, 40);
  return strings.flatMap(([, name = '']) => {
    const found = [normalize(join(dirname(test), name)), normalize(name)].find(
      (path) => !path.startsWith('..') && path !== test && read(path) !== undefined,
    );
    return found ? [found] : [];
  });
}
