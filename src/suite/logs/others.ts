import { brokenSpec } from '../reports/rspec-json.ts';
import { type RawTest, wholeFile } from '../runner.ts';
import { block, failed, number, type Shape } from './shape.ts';

export const go: Shape = (text, lines) => {
  if (!/^(?:ok|FAIL|---)\s+\S.*/m.test(text) || !/^(?:ok|FAIL)\s+\S+\s+(?:[\d.]+s|\(cached\)|\[build failed\])/m.test(text))
    return undefined;
  const all = lines.flatMap((line, index) => {
    const match = /^\s*--- FAIL: (\S+) \([\d.]+s\)$/.exec(line);
    if (!match?.[1]) return [];
    const below = goEnds.test(lines[index + 1] ?? '') ? '' : block(lines, index + 1, goEnds, 80);
    const detail = below.trim() === '' ? saidBefore(lines.slice(0, index), match[1]) : below;
    const home = lines
      .slice(index)
      .map((one) => /^FAIL\s+(\S+)\s/.exec(one)?.[1])
      .find(Boolean);
    return [{ name: match[1], home, detail }];
  });
  const leaves = all.filter(({ name }) => !all.some((other) => other.name.startsWith(`${name}/`)));
  const tests = leaves.map(({ name, home, detail }) => failed(home, [name], detail));
  const unbuilt = [...text.matchAll(/^FAIL\s+(\S+) \[(?:build|setup) failed\]/gm)].map(([, home]) =>
    failed(home, [wholeFile], /^\S+\.go:\d+:\d+: .*$/m.exec(text)?.[0] ?? 'it does not build'),
  );
  // What a package that died was running: the test is in no FAIL line.
  const died = diedIn(lines);
  const passed = number(text, /^--- PASS: ()/gm) + [...text.matchAll(/^(?:ok\s|\s*--- PASS: )/gm)].length;
  return {
    runner: 'go test',
    tests: [...tests, ...unbuilt, ...died],
    totals: { passed, failed: tests.length + unbuilt.length + died.length, skipped: [...text.matchAll(/^\s*--- SKIP: /gm)].length },
  };
};

const goEnds = /^\s*(?:---|===) |^(?:FAIL|ok|PASS)\b/;

/** With `-v` what a test says stands above its end, in pieces where it runs beside others. */
function saidBefore(lines: readonly string[], name: string): string {
  const said: string[] = [];
  let own = false;
  for (const line of lines) {
    const now = /^=== (?:RUN|CONT|NAME) +(\S+)$/.exec(line)?.[1];
    if (now !== undefined || goEnds.test(line)) own = now === name;
    else if (own) said.push(line);
  }
  return said.slice(-80).join('\n');
}

/** `panic: test timed out after 1s`, `fatal error: …`, `panic: …` at the margin, before the FAIL line of a package without a failing test. */
function diedIn(lines: readonly string[]): RawTest[] {
  return lines.flatMap((line, index): RawTest[] => {
    const home = /^FAIL\s+(\S+)\s+[\d.]+s$/.exec(line)?.[1];
    if (home === undefined) return [];
    const from = lines.slice(0, index).findLastIndex((one) => /^(?:FAIL|ok)\s+\S+\s/.test(one)) + 1;
    const own = lines.slice(from, index);
    const at = own.findIndex((one) => /^(?:panic|fatal error): /.test(one));
    if (at < 0 || own.some((one) => /^\s*--- FAIL: /.test(one))) return [];
    const detail = own.slice(at, at + 60).join('\n');
    const timedOut = /^panic: test timed out/.test(detail);
    const running =
      /^\s+running tests:\n\s+(\S+) \(/m.exec(detail)?.[1] ?? own.flatMap((one) => /^=== RUN +(\S+)$/.exec(one)?.[1] ?? []).at(-1);
    return [{ ...failed(home, [running ?? wholeFile], own[at] ?? '', detail), kind: timedOut ? 'timeout' : 'crash' }];
  });
}

export const rspec: Shape = (text, lines) => {
  if (!/^\d+ examples?, \d+ failures?/m.test(text)) return undefined;
  const tests = lines.flatMap((line) => {
    const match = /^rspec (?:\.\/)?(\S+?\.rb)(?::(\d+)|\[[\d:]+\]) # (.+)$/.exec(line);
    if (!match?.[1] || !match[3]) return [];
    const at = lines.findIndex((other) => other.replace(/^\s+\d+\) /, '') === match[3]);
    return [failed(match[1], [match[3]], at < 0 ? '' : block(lines, at + 1, /^\s+\d+\) |^Finished in/, 60))];
  });
  const unread = lines.flatMap((line, index) =>
    /^An error occurred while loading /.test(line) ? brokenSpec(block(lines, index, /^An error occurred|^Finished in/, 60)) : [],
  );
  const bad = number(text, /^\d+ examples?, (\d+) failures?/gm);
  const pending = number(text, /^\d+ examples?, \d+ failures?, (\d+) pending/gm);
  const run = number(text, /^(\d+) examples?, \d+ failures?/gm);
  return {
    runner: 'rspec',
    tests: [...tests, ...unread],
    totals: { passed: Math.max(run - bad - pending, 0), failed: bad, skipped: pending },
  };
};

/** The values of a data set stand behind its name in print, and in no report. */
const dataOf = /^( with data set (?:#\d+|".*")) \(.*\)$/;

/** `--testdox`: the names as sentences below that of their class, where they ran and in a summary. */
function testdox(lines: readonly string[]): RawTest[] {
  const found = new Map<string, RawTest>();
  let group = '';
  for (const [index, line] of lines.entries()) {
    if (/^\S/.test(line)) group = line.replace(/ \(.*\)$/, '');
    const title = /^ ✘ (.+?)(?: \[[\d.]+ m?s\])?$/.exec(line)?.[1];
    if (title === undefined) continue;
    const below = block(lines, index + 1, /^(?! {3}[│├┴┐┘╵┊ ])/, 60);
    const detail = below.replace(/^ {3}[│├┴┐┘╵┊] ?/gm, '').trim();
    const file = /^(\S+\.php):\d+$/m.exec(detail)?.[1];
    found.set(`${group}\n${title}`, failed(file, [group, title], detail.split(/\n\s*\n/)[0] ?? '', detail));
  }
  return [...found.values()];
}

export const phpunit: Shape = (text, lines) => {
  // `OK, but there were issues!` goes on with the counts of a run that has failures.
  const ran = number(text, /^(?:OK \(|Tests: )(\d+)(?: tests?)?, /gm);
  if (!/^OK \(\d+ tests?, |^Tests: \d+, Assertions: \d+.*\.$/m.test(text)) return undefined;
  const counts = [...text.matchAll(/^Tests: \d+, Assertions: \d+(.*)\.$/gm)].map(([, rest]) => rest).join('\n');
  let section = 'failure';
  const tests = lines.flatMap((line, index) => {
    // Risky tests, warnings and deprecations are listed in the same form.
    section = /^There (?:was|were) \d+ (.+?)s?:$/.exec(line)?.[1] ?? section;
    if (!/^(?:PHPUnit )?(?:failure|error)$/i.test(section)) return [];
    const match = /^\d+\) ([\w\\]+)::(\w+)(.*)$/.exec(line);
    if (!match?.[1] || !match[2]) return [];
    const detail = block(lines, index + 1, /^\d+\) |^(?:FAILURES|ERRORS)!|^--$/, 60);
    const place = /^(\S+\.php):(\d+)$/m.exec(detail);
    return [
      failed(
        place?.[1],
        [match[1].split('\\').at(-1) ?? match[1], `${match[2]}${(match[3] ?? '').replace(dataOf, '$1')}`],
        detail.split(/\n\s*\n/)[0] ?? '',
        detail,
      ),
    ];
  });
  const failures = number(counts, /(?:Failures|Errors): (\d+)/g);
  const skipped = number(counts, /(?:Skipped|Incomplete): (\d+)/g);
  return {
    runner: 'phpunit',
    tests: tests.length > 0 ? tests : testdox(lines),
    totals: { passed: Math.max(ran - failures - skipped, 0), failed: failures, skipped },
  };
};

/** Pest, and `artisan test`: `   FAILED  Tests\Unit\CartTest > it totals` with the error below. */
export const pest: Shape = (text, lines) => {
  const said = [...text.matchAll(/^ {2}Tests: {4}(\S.*\(\d+ assertions?\))$/gm)].map(([, counts]) => counts).join('\n');
  if (!said) return undefined;
  const tests = lines.flatMap((line, index) => {
    const [, type, name] = /^ {3}FAILED {2}(\S+) > (.+?)(?: {2,}\S+)?$/.exec(line) ?? [];
    if (type === undefined || name === undefined) return [];
    const detail = block(lines, index + 1, /^ {3}FAILED {2}|^ {2}─{10,}|^ {2}Tests: /, 60);
    const [, file, at] = /^ {2}at (\S+\.php):(\d+)$/m.exec(detail) ?? [];
    const message = (detail.split(/\n\s*\n {2}at /)[0] ?? '').replace(/^ {2}/gm, '');
    return [failed(file, [type.split('\\').at(-1) ?? type, name], message, file ? `${message}\n    at ${file}:${at}:1` : message)];
  });
  const count = (words: string) => number(said, new RegExp(`(\\d+) (?:${words})\\b`, 'g'));
  return {
    runner: 'pest',
    tests,
    totals: { passed: count('passed|risky|warnings?|deprecated'), failed: count('failed'), skipped: count('skipped|incomplete|todos?') },
  };
};
