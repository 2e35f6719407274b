import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFrames } from '../frames.ts';
import { makeLocate } from '../locate.ts';
import type { Relate } from '../paths.ts';
import type { RawTest } from '../runner.ts';

const script = /\.[cm]?[jt]sx?$|_spec\.rb$/;
const literal = /(["'`])((?:\\.|(?!\1)[^\\\n])*)\1/g;
const mostLiterals = 5_000;
const mostDepth = 12;

type Literal = { readonly text: string; readonly at: number };

/**
 * Reporters of JavaScript and RSpec write a test's groups and name on one line (jest-junit, mocha's JUnit and TAP, Karma, Jasmine), some without its
 * file. Failing tests get the names that a run here gives them: the title is cut where it is the strings of one test file, in their order.
 */
export function settleTitles(tests: readonly RawTest[], root: string, relate: Relate): readonly RawTest[] {
  const known = new Map<string, readonly Literal[]>();
  const literals = (file: string) => {
    const found = known.get(file) ?? literalsOf(join(root, file));
    known.set(file, found);
    return found;
  };
  let testFiles: readonly string[] | undefined;
  /** Of several files that have such a title none is it. */
  const cutIn = (title: string, files: readonly string[]) => {
    const found = files.flatMap((file) => {
      const names = cut(title, literals(file));
      return names ? [{ file, names }] : [];
    });
    return found.length === 1 ? found[0] : undefined;
  };
  return tests.map((test) => {
    const given = test.file === undefined ? undefined : relate(test.file);
    if (test.status !== 'failed' || test.kind === 'load' || (given !== undefined && !script.test(given))) return test;
    if (given !== undefined && test.names.every((name) => literals(given).some(({ text }) => text === name))) return test;
    // A name that holds the sign between the names of a log was cut there.
    const titles = new Set([test.names.at(-1) ?? '', test.names.join(' › ')]);
    const inOrder = (files: readonly string[]) => [...titles].map((title) => cutIn(title, files)).find(Boolean);
    if (given !== undefined) return { ...test, ...inOrder([given]) };
    const placed = scriptsOf(test, relate)
      .map((file) => inOrder([file]))
      .find(Boolean);
    if (placed) return { ...test, ...placed };
    testFiles ??= makeLocate(root).files();
    return { ...test, ...inOrder(testFiles) };
  });
}

/** The files of a test's stack, the outermost first: the test itself stands there. */
function scriptsOf({ errors }: RawTest, relate: Relate): readonly string[] {
  const files = errors.flatMap(({ stack = '' }) => readFrames(stack, relate).map(({ file }) => file));
  return [...new Set(files.filter((file) => script.test(file)))].reverse();
}

function literalsOf(path: string): readonly Literal[] {
  try {
    const found: Literal[] = [];
    for (const match of readFileSync(path, 'utf8').matchAll(literal)) {
      found.push({ text: (match[2] ?? '').replace(/\\(.)/g, '$1'), at: match.index });
      if (found.length >= mostLiterals) break;
    }
    return found;
  } catch {
    return [];
  }
}

/** The strings that a title is put together from, each standing after the one before it. */
function cut(title: string, literals: readonly Literal[], from = -1, depth = 0): readonly string[] | undefined {
  if (title === '' || depth > mostDepth) return undefined;
  // Of equal strings the first leaves the most room for what comes after it.
  const usable = new Map<string, number>();
  for (const { text, at } of literals) if (text !== '' && at > from && title.startsWith(text) && !usable.has(text)) usable.set(text, at);
  for (const [text, at] of usable) {
    if (text === title) return [text];
    const gap = [' › ', ' '].find((sign) => title.startsWith(sign, text.length));
    const rest = gap && cut(title.slice(text.length + gap.length), literals, at, depth + 1);
    if (rest) return [text, ...rest];
  }
  return undefined;
}
