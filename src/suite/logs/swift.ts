import type { RawTest } from '../runner.ts';
import { failed, number, type Shape } from './shape.ts';

/** `Test Case 'CartTests.testTotal' failed (0.002 seconds).`, in Xcode `-[ShopTests.CartTests testTotal]`. */
const caseLine = /^Test Case '(?:-\[)?(.+?)\]?' (started|passed|failed|skipped)\b/;

/** XCTest, as `swift test` and xcodebuild print it. */
export const xctest: Shape = (text, lines) => {
  if (!/^Test Case '.+' (?:passed|failed|skipped) \([\d.]+ seconds\)\.?$/m.test(text)) return undefined;
  const status = new Map<string, string>();
  for (const line of lines) {
    const [, name, word] = caseLine.exec(line) ?? [];
    if (name && word) status.set(name, word);
  }
  const count = (word: string) => [...status.values()].filter((one) => one === word).length;
  const said = new Map<string, { file: string; line: string; message: string }>();
  for (const line of lines) {
    const [, file, at, name, message] = /^(\S.*?\.\w+):(\d+): error: (?:-\[)?(.+?)\]? : (.*)$/.exec(line) ?? [];
    if (file && at && name && message !== undefined && !said.has(name)) said.set(name, { file, line: at, message });
  }
  const tests = [...status].flatMap(([name, word]): RawTest[] => {
    // What began and never ended took the process down.
    if (word !== 'failed' && word !== 'started') return [];
    const error = said.get(name);
    const message = error?.message ?? (word === 'started' ? 'It began and did not end.' : '');
    const test = failed(error?.file, namesOf(name), message, error ? `${message}\n    at ${error.file}:${error.line}:1` : message);
    return [word === 'started' ? { ...test, kind: 'crash' } : test];
  });
  return { runner: 'xctest', tests, totals: { passed: count('passed'), failed: tests.length, skipped: count('skipped') } };
};

const namesOf = (name: string): string[] => {
  const at = Math.max(name.lastIndexOf(' '), name.lastIndexOf('.'));
  return at < 0 ? [name] : [name.slice(0, at).split('.').at(-1) ?? '', name.slice(at + 1)];
};

/** Swift Testing: `✘ Test adds() recorded an issue at CartTests.swift:12:5: …`, with ✔, ✘ and ➜ or words in their place. */
export const swiftTesting: Shape = (text, lines) => {
  const end = /^\S+ Test run with (\d+) tests?(?: in \d+ suites?)? (passed|failed) after/m.exec(text);
  if (!end) return undefined;
  const issues = new Map<string, { place: string; message: string }[]>();
  const named = new Map<string, string>();
  for (const line of lines) {
    const [, name, place, message] = /^\S+ Test (.+?) recorded an issue(?: with .+?)? at (\S+:\d+:\d+): (.*)$/.exec(line) ?? [];
    if (name && place && message !== undefined) issues.set(name, [...(issues.get(name) ?? []), { place, message }]);
    const [, ended, word] =
      /^\S+ Test (".*?"|\S+\(.*?\))(?: with \d+ test cases)? (passed|failed|skipped)(?: after|:|\.|$)/.exec(line) ?? [];
    if (ended && word) named.set(ended, word);
  }
  const count = (word: string) => [...named.values()].filter((one) => one === word).length;
  const tests = [...named].flatMap(([name, word]) => {
    if (word !== 'failed') return [];
    const own = issues.get(name) ?? [];
    const message = own.map((issue) => issue.message).join('\n');
    const stack = [message, ...own.map(({ place }) => `    at ${place}`)].join('\n');
    return [failed(own[0]?.place.replace(/:\d+:\d+$/, ''), [name.replace(/^"(.*)"$/, '$1')], message, stack)];
  });
  const total = number(end[0], /with (\d+)/g);
  const bad = Math.max(tests.length, end[2] === 'failed' ? 1 : 0);
  return {
    runner: 'swift testing',
    tests,
    totals: { passed: Math.max(total - bad - count('skipped'), 0), failed: bad, skipped: count('skipped') },
  };
};
