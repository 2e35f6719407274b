import type { RawTest } from '../runner.ts';
import { block, failed, number, type Shape } from './shape.ts';

/** ` 2/4 Test #2: total with discount .....***Failed    0.01 sec`; what the test printed follows where `--output-on-failure` is set. */
const ctestLine =
  /^\s*\d+\/\d+ Test +#\d+: (.+?) (?:\.+ ?|)(?:\*\*\*|\s)\s*(Passed|Failed|Timeout|Skipped|Not Run|Exception: ?\S*|[A-Z]\w*.*?)\s+[\d.]+ sec/;

/** ctest, which runs any program as a test: its own result lines and the list at the end. */
export const ctest: Shape = (text, lines) => {
  const total = [...text.matchAll(/^\d+% tests passed, (\d+) tests? failed out of (\d+)$/gm)];
  if (total.length === 0) return undefined;
  const sum = (group: number) => total.reduce((all, match) => all + Number(match[group]), 0);
  const tests = new Map<string, RawTest>();
  for (const [index, line] of lines.entries()) {
    const [, name = '', result = ''] = ctestLine.exec(line) ?? [];
    if (!name || /^(?:Passed|Skipped)/.test(result)) continue;
    const detail = block(lines, index + 1, /^\s*(?:Start +\d+:|\d+\/\d+ Test +#|\d+% tests passed)/, 80).trim();
    tests.set(name, { ...failed(undefined, [name], detail || result, detail), ...kindOf(result) });
  }
  // A log may hold the list alone.
  const from = lines.findLastIndex((line) => /^The following tests FAILED:$/.test(line));
  for (const line of from < 0 ? [] : lines.slice(from)) {
    const [, name = '', result = ''] = /^\s+\d+ - (.+?) \(([^)]+)\)/.exec(line) ?? [];
    if (name && !tests.has(name)) tests.set(name, { ...failed(undefined, [name], result), ...kindOf(result) });
  }
  const skipped = lines.filter((line) => /^\s*\d+\/\d+ Test +#\d+: .*\*\*\*Skipped/.test(line)).length;
  return { runner: 'ctest', tests: [...tests.values()], totals: { passed: sum(2) - sum(1) - skipped, failed: sum(1), skipped } };
};

const kindOf = (result: string) =>
  /timeout/i.test(result) ? { kind: 'timeout' as const } : /exception|segfault|abort/i.test(result) ? { kind: 'crash' as const } : {};

/** GoogleTest: `[  FAILED  ] Cart.Total (0 ms)`, with what failed between its RUN line and this one. */
export const googleTest: Shape = (text, lines) => {
  if (!/^\[={10}\] (?:Running )?\d+ tests? from \d+ test (?:suite|case)/m.test(text)) return undefined;
  const tests: RawTest[] = [];
  let open: { readonly name: string; readonly from: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const begun = /^\[ RUN {6}\] (\S+)$/.exec(line)?.[1];
    if (begun) open = { name: begun, from: index + 1 };
    const [, word, name] = /^\[\s+(OK|FAILED|SKIPPED)\s+\] (\S+?)(?:, .*)? \(\d+ ms\)$/.exec(line) ?? [];
    if (name === undefined || open === undefined) continue;
    const detail = lines.slice(open.from, index).join('\n').trim();
    if (word === 'FAILED') tests.push(googleFailure(name, detail));
    open = undefined;
  }
  // It began and never ended: it took the program down.
  const crashed = open && !/^\[={10}\] \d+ tests? .*ran\./m.test(text) ? [googleFailure(open.name, lines.slice(open.from).join('\n'))] : [];
  const named = crashed.map((test) => ({ ...test, kind: 'crash' as const }));
  return {
    runner: 'googletest',
    tests: [...tests, ...named],
    totals: {
      passed: lines.filter((line) => /^\[ {7}OK \] /.test(line)).length,
      failed: Math.max(number(text, /^\[ {2}FAILED {2}\] (\d+) tests?, listed below:$/gm), tests.length + named.length),
      skipped: number(text, /^\[ {2}SKIPPED \] (\d+) tests?, listed below:$/gm),
    },
  };
};

function googleFailure(name: string, detail: string): RawTest {
  const [, file, line] = /^(\S+?\.\w+):(\d+): (?:Failure|error:)/m.exec(detail) ?? [];
  const said = detail.replace(/^\S+:\d+: Failure\n/gm, '');
  return failed(file, name.split('.'), said, file ? `${said}\n    at ${file}:${line}:1` : detail);
}
