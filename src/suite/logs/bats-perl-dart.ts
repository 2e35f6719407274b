import type { RawTest } from '../runner.ts';
import { wholeFile } from '../runner.ts';
import { block, failed, type Shape } from './shape.ts';

/** Bats in its pretty form: ` ✗ total [14ms]` with what failed indented below, and `3 tests, 1 failure, 1 skipped` at the end. */
export const bats: Shape = (text, lines) => {
  const total = [...text.matchAll(/^(\d+) tests?, (\d+) failures?(?:, (\d+) skipped)?(?:, .*)?$/gm)];
  if (total.length === 0 || !/^ [✓✗-] /m.test(text)) return undefined;
  const sum = (group: number) => total.reduce((all, match) => all + Number(match[group] ?? 0), 0);
  const tests = lines.flatMap((line, index) => {
    const name = /^ ✗ (.+?)(?: \[\d+\])?(?: \[\d+ms\])?$/.exec(line)?.[1];
    if (name === undefined) return [];
    const detail = block(lines, index + 1, /^ [✓✗-] |^\d+ tests?, |^\S/, 60)
      .replace(/^ {3}/gm, '')
      .trim();
    const [, file, at] = /in test file (\S.*?), line (\d+)\)/.exec(detail) ?? [];
    const test = failed(file, [name], detail, file ? `${detail}\n    at ${file}:${at}:1` : detail);
    return [/^`?.*timed out/m.test(detail) ? { ...test, kind: 'timeout' as const } : test];
  });
  return { runner: 'bats', tests, totals: { passed: Math.max(sum(1) - sum(2) - sum(3), 0), failed: sum(2), skipped: sum(3) } };
};

/** prove: a line for each script, the diagnostics of Test::More above it, and the list of what failed. */
export const prove: Shape = (text, lines) => {
  const [, , ran] = /^Files=(\d+), Tests=(\d+), /m.exec(text) ?? [];
  if (ran === undefined || !/^Result: /m.test(text)) return undefined;
  const tests = lines.flatMap((line, index) => {
    const [, todo, name] = /^\s*#\s+Failed (\(TODO\) )?test '(.*)'$/.exec(line) ?? [];
    if (name === undefined || todo !== undefined) return [];
    const detail = block(lines, index + 1, /^(?!\s*#)|^\s*# {3}Failed |^\s*# Looks like/, 60).replace(/^\s*# {0,3}/gm, '');
    const [, file, at] = /^at (\S+) line (\d+)\.$/m.exec(detail) ?? [];
    return [failed(file, [name], detail.replace(/^at \S+ line \d+\.\n?/m, ''), file ? `${detail}\n    at ${file}:${at}:1` : detail)];
  });
  // A script that ended badly without a failing test: it died or its plan was not met.
  const scripts = [...text.matchAll(/^(\S+)\s+\(Wstat: (\d+).*?Tests: \d+ Failed: (\d+)\)$/gm)];
  const died = scripts.flatMap(([line, file = '', , bad]) => (Number(bad) > 0 ? [] : [failed(file, [wholeFile], line)]));
  const unnamed = scripts.reduce((all, [, , , bad]) => all + Number(bad), 0);
  const bad = Math.max(tests.length, unnamed) + died.length;
  return {
    runner: 'prove',
    tests: [...tests, ...died],
    totals: { passed: Math.max(Number(ran) - bad + died.length, 0), failed: bad, skipped: 0 },
  };
};

/** `dart test` and `flutter test`: `00:01 +3 ~1 -1: test/cart_test.dart: cart adds [E]`, the error indented below. */
const dartLine = /^\d\d:\d\d \+(\d+)(?: ~(\d+))?(?: -(\d+))?: (.*)$/;

export const dart: Shape = (text, lines) => {
  if (!/^\d\d:\d\d \+\d+(?: ~\d+)?(?: -\d+)?: (?:All tests (?:passed|skipped)|Some tests failed|No tests)/m.test(text)) return undefined;
  const tests = new Map<string, RawTest>();
  for (const [index, line] of lines.entries()) {
    const title = /^(.*?) \[E\]$/.exec(dartLine.exec(line)?.[4] ?? '')?.[1];
    if (title === undefined) continue;
    const [, file, name = ''] = /^(?:loading )?(\S+\.dart)(?:: (.*))?$/.exec(title) ?? [undefined, undefined, title];
    const detail = block(lines, index + 1, /^\d\d:\d\d \+/, 80)
      .replace(/^ {2}/gm, '')
      .trim();
    const stack = detail.replace(/^(\S+\.dart) (\d+:\d+)\s+.*$/gm, '    at $1:$2');
    const said = detail.split(/\n\s*\n(?:package:|dart:|\S+\.dart \d)/)[0] ?? '';
    const place = file ?? /^(?!package:|dart:)(\S+_test\.dart) \d+:\d+/m.exec(detail)?.[1];
    tests.set(title, failed(place, [name || wholeFile], said, stack));
  }
  const last = lines.map((line) => dartLine.exec(line)).findLast(Boolean);
  const [passed, skipped, bad] = [1, 2, 3].map((group) => Number(last?.[group] ?? 0));
  return { runner: 'dart test', tests: [...tests.values()], totals: { passed: passed ?? 0, failed: bad ?? 0, skipped: skipped ?? 0 } };
};

/** Minitest and Test::Unit: `  1) Failure:` and below it `CartTest#test_total [test/cart_test.rb:12]:`. */
export const minitest: Shape = (text, lines) => {
  const total = [
    ...text.matchAll(
      /^(\d+) (?:runs|tests), \d+ assertions, (\d+) failures, (\d+) errors(?:, \d+ pendings)?, (\d+) (?:skips|omissions).*$/gm,
    ),
  ];
  if (total.length === 0) return undefined;
  const sum = (...groups: number[]) => total.reduce((all, match) => all + groups.reduce((own, group) => own + Number(match[group]), 0), 0);
  const tests = lines.flatMap((line, index) => {
    const [, kind] = /^\s*\d+\) (Failure|Error):$|^(?:Failure|Error): (?=\w)/.exec(line) ?? [];
    const inline = /^(?:Failure|Error): (\w+)\((\w[\w:]*)\)/.exec(line);
    const next = lines[index + 1] ?? '';
    const [, type, name, file, at] = /^([\w:]+)#(.+?)(?: \[(\S+):(\d+)\])?:$/.exec(next) ?? [];
    if (inline?.[1] && inline[2]) return [failed(undefined, [inline[2], inline[1]], block(lines, index + 1, /^={10,}$/, 60).trim())];
    if (kind === undefined || type === undefined || name === undefined) return [];
    const detail = block(lines, index + 2, /^\s*\d+\) (?:Failure|Error|Skipped):$|^\d+ (?:runs|tests), /, 60).trim();
    const place = file ?? /^\s+(\S+_(?:test|spec)\.rb|test\/\S+\.rb):\d+/m.exec(detail)?.[1];
    return [failed(place, [type, name], detail.split(/\n\s+\S+\.rb:\d+/)[0] ?? '', file ? `${detail}\n    at ${file}:${at}:1` : detail)];
  });
  const bad = sum(2, 3);
  return { runner: 'minitest', tests, totals: { passed: Math.max(sum(1) - bad - sum(4), 0), failed: bad, skipped: sum(4) } };
};
