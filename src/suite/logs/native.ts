import { errorOfPanic } from '../reports/cargo-text.ts';
import { type RawTest, wholeFile } from '../runner.ts';
import { block, failed, flaky, number, type Shape } from './shape.ts';

/** `FAIL [   0.006s] (2/3) shop::cart total_with_discount`, also `TRY 1 FAIL`, `FLAKY 2/3`, `SIGABRT`, `TIMEOUT`. */
const nextestLine =
  /^\s+(?:TRY \d+ )?(PASS|FAIL|FLAKY \d+\/\d+|TIMEOUT|TMT|ABORT|SIG[A-Z]+|LEAK(?:-FAIL)?|XFAIL) \[ *>? *[\d.]+s\] (?:\( *\d+\/\d+\) )?(\S+) (.+)$/;

export const nextest: Shape = (text, lines) => {
  const summary = [...text.matchAll(/^\s+Summary \[ *[\d.]+s\] (.*)$/gm)].map(([, said]) => said).join('\n');
  if (!summary) return undefined;
  const seen = new Map<string, { binary: string; name: string; marks: string[]; detail: string }>();
  for (const [index, line] of lines.entries()) {
    const [, mark = '', binary = '', name = ''] = nextestLine.exec(line) ?? [];
    if (!mark) continue;
    const one = seen.get(`${binary} ${name}`) ?? { binary, name, marks: [], detail: '' };
    seen.set(`${binary} ${name}`, one);
    one.marks.push(mark.split(' ')[0] ?? mark);
    if (/panicked at|stdout ─|stderr ─/.test(one.detail)) continue;
    one.detail = block(lines, index + 1, /^\s+(?:TRY \d+ )?(?:PASS|FAIL|FLAKY|SIG\w+|TIMEOUT) .*\[|^─{5,}|^\s+Summary \[/, 80);
  }
  const tests = [...seen.values()].map(({ binary, name, marks, detail }): RawTest => {
    const passed = marks.some((mark) => /^(?:PASS|FLAKY|LEAK)$/.test(mark));
    if (passed && marks.every((mark) => /^(?:PASS|LEAK)$/.test(mark))) return { names: [name], status: 'passed', errors: [] };
    const said = /^\s*thread '[\s\S]*/m.exec(detail)?.[0] ?? detail;
    const error = errorOfPanic(
      said
        .trim()
        .replace(/^ {4}/gm, '')
        .split(/\n\s*\n/)[0] ?? '',
    );
    const file = /panicked at (?:'.*', )?(\S+?\.rs):\d+/.exec(detail)?.[1];
    const test: RawTest = {
      ...failed(file, [name], `${binary} ${name} failed`),
      ...(marks.includes('TIMEOUT') && { kind: 'timeout' as const }),
      errors: [error.message ? error : { message: `${binary} ${name} ended as ${marks.join(', ')}` }],
    };
    return passed ? flaky(test) : test;
  });
  return {
    runner: 'cargo nextest',
    tests,
    totals: {
      passed: number(summary, /(\d+) passed/g),
      failed: number(summary, /(\d+) (?:failed|timed out|exec failed)/g),
      skipped: number(summary, /(\d+) skipped/g),
      flaky: number(summary, /(\d+) flaky/g),
    },
  };
};

/** gotestsum, in any of its formats: the lists below `=== Failed` and the line that begins with DONE. */
export const gotestsum: Shape = (text, lines) => {
  const done = [
    ...text.matchAll(/^DONE (?:(\d+) runs?, )?(\d+) tests?(?:, (\d+) skipped)?(?:, (\d+) failures?)?(?:, (\d+) errors?)? in [\d.]+s$/gm),
  ];
  const [first, last] = [done[0], done.at(-1)];
  if (!first || !last) return undefined;
  const runs = Number(last[1] ?? 1);
  let listed = 0;
  const failures = new Map<string, { home: string; name: string; at: number; detail: string }>();
  for (const [index, line] of lines.entries()) {
    const [, home = '', name = '', again] = /^=== FAIL: (\S+) (.*?) ?(?:\(re-run (\d+)\) )?\((?:[\d.]+s|unknown)\)$/.exec(line) ?? [];
    if (!home) continue;
    listed++;
    const at = Number(again ?? 0);
    const detail = block(lines, index + 1, /^=== |^DONE /, 80);
    failures.set(`${home} ${name}`, { home, name, at, detail: failures.get(`${home} ${name}`)?.detail ?? detail });
  }
  const all = [...failures.values()];
  const leaves = all.filter(({ home, name }) => !all.some((other) => other.home === home && other.name.startsWith(`${name}/`)));
  const stays = ({ at }: { at: number }) => at === runs - 1;
  const tests = leaves.map((one) => {
    const test = failed(one.home, [one.name || wholeFile], one.detail.replace(/^\s*--- FAIL: .*$/gm, '').trim(), one.detail);
    return stays(one) ? test : flaky(test);
  });
  const bad = all.filter(stays).length;
  const named = tests.filter(({ status }) => status === 'failed').length;
  const unnamed = runs === 1 ? Math.max(Number(first[4] ?? 0) - bad, 0) : Math.max(Number(last[4] ?? 0) - listed, 0);
  const skipped = Number(first[3] ?? 0);
  return {
    runner: 'go test',
    tests,
    totals: {
      passed: Math.max(Number(first[2]) - skipped - bad - unnamed, 0),
      failed: Math.max(named + unnamed, Number(last[5] ?? 0)),
      skipped,
      flaky: tests.length - named,
    },
  };
};
