import { type RawTest, wholeFile } from '../runner.ts';
import { block, failed, flaky, number, type Shape } from './shape.ts';

/** The totals of a module; the line of one class goes on with its time and name. */
const mavenTotal = /^(?:\[\w+\] )?Tests run: \d+, Failures: \d+, Errors: \d+, Skipped: \d+(?:, Flakes: \d+)?$/gm;

export const maven: Shape = (text, lines) => {
  const totals = [...text.matchAll(mavenTotal)].map(([line]) => line).join('\n');
  if (!totals) return undefined;
  const summed = lines.flatMap((line, index): RawTest[] => {
    const [, type = '', method = '', said] = mavenTest.exec(line) ?? [];
    if (!type || /^-- Time elapsed:/.test(said ?? '')) return [];
    if (said !== undefined) return [withDetail(failed(undefined, [type, method], said.replace(/^(?:»|->\S+) ?/, '')), lines)];
    // Tried again: each run has a line of its own below.
    const runs = runsBelow(lines, index + 1);
    if (runs.length === 0) return [];
    const test = failed(undefined, [type, method], runs[0] ?? '');
    return [runs.at(-1) === 'PASS' ? flaky(test) : test];
  });
  // A log that was cut before its summary still has the line of each result.
  const tests = summed.length > 0 ? summed : resultsIn(lines);
  const crashed = crashedClasses(lines).map((name) => ({
    ...failed(undefined, [name, wholeFile], 'The forked VM ended while this class ran.'),
    kind: 'crash' as const,
  }));
  const bad = number(totals, /(?:Failures|Errors): (\d+)/g);
  const skipped = number(totals, /Skipped: (\d+)/g);
  return {
    runner: 'maven',
    tests: [...tests, ...crashed],
    totals: {
      passed: Math.max(number(totals, /Tests run: (\d+)/g) - bad - skipped, 0),
      failed: bad,
      skipped,
      flaky: number(totals, /Flakes: (\d+)/g),
    },
  };
};

/** In a summary `CartTest.total:22->Base.check:9 expected …`, `CartTest.connects » Connect …`; a class begins with a capital. */
const mavenTest =
  /^\[(?:ERROR|WARNING)\]\s+((?:[a-z_][\w$]*\.)*[A-Z][\w$]*(?:>[\w$]+)?)\.([\w$]+(?:\([\w., ]*\))?(?:\[\d+\])?)(?::\d+)?(?:->\S+)*(?: (.+))?$/;
/** `com.shop.CartIT.total(int)[2] -- Time elapsed: 0.01 s <<< FAILURE!`, before 3.2 `total(com.shop.CartIT)  Time elapsed: …`. */
const mavenResult =
  /^\[ERROR\] (?:((?:[a-z_][\w$]*\.)*[A-Z][\w$]*)\.([\w$]+.*?)|([\w$]+.*?)\(([\w$.]+)\)) (?:--)? ?Time elapsed: .*<<< (?:FAILURE|ERROR)!/;

/** The tests of the result lines, with the error that stands below each. */
function resultsIn(lines: readonly string[]): RawTest[] {
  return lines.flatMap((line, index) => {
    const [, type, method, oldMethod, oldType] = mavenResult.exec(line) ?? [];
    const [home, name] = [type ?? oldType, method ?? oldMethod];
    if (home === undefined || name === undefined) return [];
    const detail = block(lines, index + 1, /^\[\w+\]|^\s*$/, 60).trim();
    return [failed(undefined, [home, name], detail.split(/\n\s+at /)[0] ?? '', detail)];
  });
}

/** A summary's one line with the stack of the result line of the same test. */
function withDetail(test: RawTest, lines: readonly string[]): RawTest {
  const [type = '', method = ''] = test.names;
  const own = resultsIn(lines).find(
    ({ names: [home = '', name = ''] }) => plain(name) === plain(method) && home.split('.').at(-1) === type.split('.').at(-1),
  );
  return own ? { ...test, names: own.names, errors: own.errors } : test;
}

const plain = (method: string) => method.replace(/[[({].*$/, '');

function runsBelow(lines: readonly string[], from: number): string[] {
  const rest = lines.slice(from, from + 20).map((line) => /^\[\w+\]\s+Run \d+: (?:\S+:\d+ )?(.*)$/.exec(line)?.[1]);
  const end = rest.indexOf(undefined);
  return rest.slice(0, end < 0 ? undefined : end).flatMap((said) => said ?? []);
}

/** Surefire lists them twice, in the message and in its help. */
function crashedClasses(lines: readonly string[]): string[] {
  const found = lines.flatMap((line, index) => {
    if (!/^\[ERROR\] Crashed tests:$/.test(line)) return [];
    const rest = lines.slice(index + 1).map((next) => /^\[ERROR\] ([\w$]+(?:\.[\w$]+)*)$/.exec(next)?.[1]);
    const end = rest.indexOf(undefined);
    return rest.slice(0, end < 0 ? undefined : end).flatMap((name) => name ?? []);
  });
  return [...new Set(found)];
}

/** Gradle's console: `CartTest > total FAILED` with the error indented below, PASSED and SKIPPED where the build asks for them. */
export const gradle: Shape = (text, lines) => {
  const results = lines.flatMap((line, index) => {
    const [, name, status] = /^(\S.*? > .*\S) (PASSED|FAILED|SKIPPED)$/.exec(line) ?? [];
    return name === undefined || name.startsWith('Task ') ? [] : [{ name, status, detail: block(lines, index + 1, /^\S/, 40).trim() }];
  });
  const counted = /^\d+ tests? completed/m.test(text);
  if ((results.length === 0 && !counted) || !/^(?:> Task |BUILD |FAILURE: )/m.test(text)) return undefined;
  const tests = [...new Set(results.map(({ name }) => name))].flatMap((name): RawTest[] => {
    const runs = results.filter((one) => one.name === name);
    const names = name.split(' > ');
    const last = runs.at(-1);
    const bad = runs.find(({ status }) => status === 'FAILED');
    if (!bad) return [{ names, status: last?.status === 'PASSED' ? 'passed' : 'skipped', errors: [] }];
    const test = failed(undefined, names, bad.detail.split(/\n\s+at /)[0] ?? '', framesOf(bad.detail));
    return [last?.status === 'PASSED' ? flaky(test) : test];
  });
  const retried = tests.filter((test) => test.flaky !== undefined).length;
  const all = number(text, /^(\d+) tests? completed/gm);
  const bad = Math.max(
    number(text, /^\d+ tests? completed, (\d+) failed/gm) - retried,
    tests.filter(({ status }) => status === 'failed').length,
  );
  const skipped = number(text, /^\d+ tests? completed.*, (\d+) skipped/gm);
  return { runner: 'gradle', tests, totals: { passed: Math.max(all - bad - skipped - retried, 0), failed: bad, skipped, flaky: retried } };
};

/** `AssertionFailedError at CartTest.java:17`: the short form of Gradle's exceptions. */
const framesOf = (detail: string) => detail.replace(/ at ([\w$]+\.(?:java|kt|groovy|scala)):(\d+)$/gm, '\n    at $1:$2:1');
