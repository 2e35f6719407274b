import type { RawError, RawTest, Reading } from '../runner.ts';
import { wholeFile } from '../runner.ts';
import { attribute, childrenOf, type Element, readXml, textOf } from './xml.ts';

/** Finds the file of a test from what JUnit XML gives: a class or package name, a path. */
export type FindFile = (hint: {
  readonly file?: string | undefined;
  readonly className?: string | undefined;
  readonly name: string;
}) => string | undefined;

/**
 * JUnit XML of any tool (surefire, Gradle, PHPUnit, pytest, jest-junit, gotestsum, RSpec). Broken XML never throws and is never complete.
 * A suite that counts more failures than its cases show has failed itself; a case that failed and then passed is flaky.
 */
export function readJunit(text: string, findFile: FindFile): Reading {
  const { root, sound } = readXml(text);
  const tests: RawTest[] = [];
  let dared = 0;
  const walk = (element: Element, file: string | undefined, suites: readonly string[]): number => {
    let bad = 0;
    for (const suite of childrenOf(element, 'testsuite')) {
      const name = attribute(suite, 'name');
      const own = attribute(suite, 'file') ?? attribute(suite, 'filepath') ?? file;
      const inner = walk(suite, own, name ? [...suites, name] : suites);
      const lost = Math.max(countedBad(suite) - inner, 0);
      if (lost > 0) tests.push(brokenSuite(suite, name, findFile({ file: own, className: name, name: '' }), lost));
      bad += inner + lost;
    }
    const cases = childrenOf(element, 'testcase').map((testcase) => ({ testcase, test: toTest(testcase, file, suites, findFile) }));
    dared += cases.filter(({ testcase, test }) => test.status === 'passed' && brokenIn(testcase).some(isRisky)).length;
    tests.push(...withoutParents(mergeRetries(cases)));
    return bad + cases.reduce((sum, { testcase }) => sum + brokenIn(testcase).length, 0);
  };
  let [counted, bad] = [0, 0];
  for (const name of ['testsuites', 'testsuite'])
    for (const element of childrenOf(root, name)) {
      if (name === 'testsuites') counted += countedBad(element);
      bad += walk(name === 'testsuite' ? { testsuite: [element] } : element, undefined, []);
    }
  const known = 'testsuites' in root || 'testsuite' in root;
  const doubts = counted > bad ? [`errors and failures: ${counted}`] : [];
  const silent = childrenOf(root, 'testsuites').flatMap((one) => silentOn[attribute(one, 'name') ?? ''] ?? []);
  const notes = [
    ...(tests.some(({ kind }) => kind === 'load') ? [] : silent),
    ...(dared > 0 ? [`${dared} of the tests that passed are risky, says PHPUnit.`] : []),
  ];
  return { tests, complete: sound && known, ...(notes.length > 0 && { note: notes.join(' ') }), ...(doubts.length > 0 && { doubts }) };
}

/** A risky test of PHPUnit has passed; up to version 9 it stands among the errors. */
const risky =
  /^PHPUnit\\.*\\(?:Risky\w*|OutputError|UnintentionallyCoveredCodeError|CoveredCodeNotExecutedException|MissingCoversAnnotationException)$/;
const isRisky = (element: Element) => risky.test(attribute(element, 'type') ?? '');

/** Tools whose JUnit XML says nothing of a file that did not load, by the name of the whole. */
const silentOn: Readonly<Record<string, string>> = {
  'jest tests': 'jest-junit leaves out files that could not be loaded, unless its reportTestSuiteErrors is set.',
  'bun test': 'bun leaves out files that could not be loaded.',
};

const brokenIn = (testcase: Element) => [...childrenOf(testcase, 'failure'), ...childrenOf(testcase, 'error')];

function countedBad(suite: Element): number {
  return ['errors', 'failures'].reduce((sum, name) => sum + (Number(attribute(suite, name)) || 0), 0);
}

/** What went wrong in a suite and in none of its cases: a file that did not load, a hook. */
function brokenSuite(suite: Element, name: string | undefined, file: string | undefined, lost: number): RawTest {
  const said = ['error', 'failure', 'system-err', 'system-out']
    .flatMap((part) => childrenOf(suite, part).map((one) => [attribute(one, 'message'), textOf(one)].filter(Boolean).join('\n')))
    .filter(Boolean)
    .join('\n');
  const counts = `The suite ${name ? `“${name}” ` : ''}counts ${lost} ${lost === 1 ? 'error' : 'errors'} that no test case shows.`;
  return {
    file,
    names: name ? [name, wholeFile] : [wholeFile],
    status: 'failed',
    kind: 'load',
    errors: [{ message: said || counts, stack: said }],
  };
}

/** A test of Go that fails because one below it did: gotestsum writes both side by side. */
function withoutParents(tests: readonly RawTest[]): readonly RawTest[] {
  const below = (name: string) => (other: RawTest) => other.status === 'failed' && other.names.join('/').startsWith(`${name}/`);
  return tests.filter(
    (test) => test.status !== 'failed' || !/^Test\w*(?:\/|$)/.test(test.names.join('/')) || !tests.some(below(test.names.join('/'))),
  );
}

type Case = { readonly testcase: Element; readonly test: RawTest };

/** Tools that try a test again (Gradle, gotestsum) write it once for each time: the last decides. */
function mergeRetries(cases: readonly Case[]): RawTest[] {
  const byName = new Map<string, RawTest[]>();
  for (const { testcase, test } of cases) {
    const className = attribute(testcase, 'classname') ?? '';
    // Where a runner allows two tests of one name, they are two.
    const single = /^[\w$./~-]+[./][\w$./~-]+$/.test(className) && !isScript(className) && !className.endsWith('.py');
    const key = single ? `${className}\n${attribute(testcase, 'name')}` : `\n${byName.size}`;
    byName.set(key, [...(byName.get(key) ?? []), test]);
  }
  return [...byName.values()].flatMap((runs) => {
    const last = runs.at(-1);
    const bad = runs.find(({ status }) => status === 'failed');
    if (!last || !bad || runs.length === 1) return runs;
    return [last.status === 'passed' ? { ...last, flaky: bad.errors[0]?.message ?? '' } : bad];
  });
}

function toTest(testcase: Element, suiteFile: string | undefined, suites: readonly string[], findFile: FindFile): RawTest {
  const name = attribute(testcase, 'name') ?? '';
  const className = attribute(testcase, 'classname') ?? attribute(testcase, 'class') ?? suites.at(-1);
  const given = attribute(testcase, 'file') ?? suiteFile;
  const file = findFile({ file: given, className, name });
  const groups = suites.filter((suite) => suite !== given);
  // bun names the class from the inside out, node's reporter by the innermost group or `test`.
  const ofNode = className === 'test' && file === undefined;
  const nested = groups.length > 1 && className === groups.toReversed().join(' > ');
  const outer =
    nested ||
    ofNode ||
    (className !== undefined && className === groups.at(-1) && !isScript(className) && file !== undefined && isScript(file))
      ? groups
      : [];
  const broken = brokenIn(testcase).filter((element) => !isRisky(element));
  // `rerunFailure` alone: the retries that did not help are named, and the last one did.
  const retried = retries.flatMap((name) => childrenOf(testcase, name)).map((element) => toError(element, findFile).message);
  const skipped = 'skipped' in testcase || attribute(testcase, 'status') === 'skipped' || attribute(testcase, 'status') === 'disabled';
  const line = Number(attribute(testcase, 'line'));
  const seconds = Number(attribute(testcase, 'time'));
  const errors = broken.map((element) => toError(element, findFile));
  const load = errors.some(
    (error) =>
      /^(?:collection failure|initializationError|Test suite failed to run)/.test(error.message) ||
      /SyntaxError|ImportError|ModuleNotFoundError/.test(error.name ?? ''),
  );
  return {
    file,
    names:
      load && (name === '' || name === className)
        ? [wholeFile]
        : outer.length > 0 || ofNode
          ? [...outer, ofNode ? unescaped(name) : name]
          : namesOf(name, className, file),
    status: broken.length > 0 ? 'failed' : skipped ? 'skipped' : 'passed',
    durationMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    ...(line > 0 && { line }),
    ...(load && { kind: 'load' }),
    errors,
    ...(broken.length === 0 && !skipped && retried.length > 0 && { flaky: retried[0] ?? '' }),
    output:
      broken.length > 0
        ? [...childrenOf(testcase, 'system-out'), ...childrenOf(testcase, 'system-err')].map(textOf).join('\n') || undefined
        : undefined,
  };
}

/** Up to 20, node's reporter escapes names twice. */
const unescaped = (name: string) => name.replace(/&(amp|quot|apos|lt|gt);/g, (all, entity: string) => entities[entity] ?? all);
const entities: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

const retries = ['flakyFailure', 'flakyError', 'rerunFailure', 'rerunError', 'rerun'];

/** The class of pytest and the nesting of vitest are part of a test's name; a path, package or file name is not. */
function namesOf(name: string, className: string | undefined, file: string | undefined): string[] {
  // Playwright joins by ›, and its class is the file, as it is for Deno, which does not.
  const parts = name.split(className && isScript(className) && !name.includes(' > ') ? ' › ' : ' > ');
  if (!className || !file) return className && !/[/\\]/.test(className) ? [className, ...parts] : parts;
  if (file.endsWith('.py')) {
    const module = file.replace(/\.py$/, '').replaceAll('/', '.');
    const classes = className.startsWith(module)
      ? className.slice(module.length + 1)
      : (className.split('.').find((part) => /^[A-Z]/.test(part)) ?? '');
    return [...classes.split('.').filter(Boolean), ...parts];
  }
  if (/\.(?:java|kt|groovy|scala|php)$/.test(file)) return [className.split(/[.\\]/).at(-1) ?? className, ...parts];
  if (isScript(file) && className !== name && !className.includes('/') && !name.startsWith(className) && !isScript(className))
    return [className, ...parts];
  return parts;
}

const isScript = (path: string) => /\.[cm]?[jt]sx?$/.test(path);

const stackBegins = /\n\s*(?:at |❯ |# \.?\/)/;

function toError(element: Element, findFile: FindFile): RawError {
  // PHPUnit has no message of its own: the text begins with the test's name, then says what failed.
  const own = childrenOf(element, 'stackTrace').map(textOf).join('\n');
  const text = (textOf(element) || own).replace(/^[\w\\]+::\w+.*\n(?=\S)/, '');
  const message = attribute(element, 'message') ?? text.split(stackBegins)[0]?.trim() ?? '';
  const said = [...text.matchAll(/^E\s{1,7}(\S.*)$/gm)].map(([, line]) => line).join('\n');
  const compared =
    /expected:?\s*<(.*?)> but was:?\s*<(.*?)>/s.exec(message) ??
    /expected: (.*?) but was: (.*?)$/s.exec(message) ??
    /^\s*Expected[^:\n]*: (.+)\n\s*Received[^:\n]*: (.+)$/m.exec(text);
  const php = /^Failed asserting that (.+?) (?:is identical to|is equal to|matches expected|equals) (.+?)\.$/m.exec(message);
  const type = attribute(element, 'type');
  return {
    name: type?.split('.').at(-1),
    message: said || message || text,
    stack: javaFrames(text, findFile),
    ...(compared && { expected: compared[1], actual: compared[2] }),
    ...(php && { expected: php[2], actual: php[1] }),
  };
}

/** `at com.shop.CartTest.adds(CartTest.java:12)` names a class: the file of this repository that holds it takes its place. */
function javaFrames(text: string, findFile: FindFile): string {
  return text.replace(
    /^(\s*at )([\w$.]+)\.[\w$<>]+\(([\w$]+\.(?:java|kt|scala|groovy)):(\d+)\)$/gm,
    (all, at: string, type: string, name: string, line: string) => {
      const className = [...type.split('.').slice(0, -1), name.replace(/\.\w+$/, '')].join('.');
      const file = findFile({ className, name: '' });
      return file?.endsWith(name) ? `${at}${type} (${file}:${line}:1)` : all;
    },
  );
}
