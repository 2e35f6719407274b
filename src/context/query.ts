import type { ReadText } from '../schema/context.ts';
import type { Failure } from '../schema/run.ts';
import type { Query } from './postings.ts';
import { findTest, type Region } from './tests.ts';
import { splitWords } from './words.ts';

/** What the failure says, as words. `names` are whole identifiers of the test, as written. */
export type Question = {
  readonly words: Query;
  readonly names: ReadonlyMap<string, number>;
  /** The failing tests in their files; the first file is that of the failure itself. */
  readonly tests: ReadonlyMap<string, readonly Region[]>;
  /** Everything that was printed, for file names in it. */
  readonly printed: string;
};

/** How much each part of a failure weighs in the query. */
const parts = { title: 1.5, body: 1, message: 1, difference: 1, output: 0.4, rest: 0.15 } as const;
const longestPart = 20_000;
const longestOutput = 6_000;
const mostFailures = 20;

const noise = new Set(
  (
    'it test tests testing describe expect assert asserts assertion assertions assertionerror equal equals toequal tobe strictequal deepequal deepstrictequal should ' +
    'beforeeach aftereach before after each done chai mocha jest vitest vi sinon supertest pytest unittest testcase setup teardown fixture fixtures mock mocks mocked spy ' +
    'const let var function return import from export default require async await new this self def class if else for while in of not and or none null undefined true false ' +
    'try catch except finally throw raise func package fn pub use string number boolean any void int str bool type interface public private static ' +
    'expected actual received error errors errorf fatalf fatal failed failure fail passed got want true false line file at object the is to be with when that and then does given a an ' +
    'node_modules node internal js ts py go process processticksandrejections promise modules run main usr lib home site packages python'
  ).split(' '),
);

/** Reads a failure, and those that failed with it, into a query. */
export function readQuestion(failure: Failure, related: readonly Failure[], read: ReadText): Question {
  const words = new Map<string, number>();
  const names = new Map<string, number>();
  const tests = new Map<string, Region[]>();
  const printed: string[] = [];
  const seen = new Set<string>();
  const add = (text: string | undefined, weight: number) => {
    if (!text || seen.has(text)) return;
    seen.add(text);
    const counts = new Map<string, number>();
    for (const word of splitWords(text.slice(0, longestPart))) if (!noise.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, count] of counts) words.set(word, (words.get(word) ?? 0) + weight * (1 + Math.log(count)));
  };
  const others = related.filter((other) => other.id !== failure.id).slice(0, mostFailures);
  [failure, ...others].forEach((one, index) => {
    const share = index === 0 ? 1 : 0.5;
    add(one.name, parts.title * share);
    add(one.message.slice(0, longestOutput), parts.message * share);
    add(`${one.expected ?? ''}\n${one.actual ?? ''}`.slice(0, longestOutput), parts.difference * share);
    add(one.output?.slice(-longestOutput), parts.output * share);
    printed.push(one.message, one.output ?? '');
    const text = one.file === undefined ? undefined : read(one.file);
    if (one.file === undefined || text === undefined) return;
    const lines = text.split('\n');
    const region = findTest(lines, one);
    const regions = tests.get(one.file) ?? [];
    tests.set(one.file, regions);
    if (region && !regions.some((known) => known.startLine === region.startLine)) {
      regions.push(region);
      const body = lines.slice(region.startLine - 1, region.endLine).join('\n');
      add(body, parts.body * share);
      for (const [name] of body.matchAll(/[A-Za-z_$][\w$]{2,}/g)) {
        if (!noise.has(name.toLowerCase())) names.set(name, (names.get(name) ?? 0) + share);
      }
    }
    if (index === 0) add(text, region ? parts.rest : parts.body);
  });
  return { words, names, tests, printed: printed.join('\n') };
}
