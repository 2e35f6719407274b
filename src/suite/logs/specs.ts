import type { RawTest } from '../runner.ts';
import { block, failed, number, type Shape } from './shape.ts';

/** Karma: `Chrome Headless 130.0 (Linux) Cart total FAILED`, the error indented by a tab below. */
export const karma: Shape = (text, lines) => {
  const last = [...text.matchAll(/^.+? \(.+?\): Executed (\d+) of \d+ (?:\((\d+) FAILED\) )?(?:\(skipped (\d+)\) )?/gm)].at(-1);
  if (!last) return undefined;
  const tests = lines.flatMap((line, index) => {
    const name = /^\S.*? \([\w .-]+\) (\S.*) FAILED$/.exec(line)?.[1];
    if (name === undefined) return [];
    const detail = block(lines, index + 1, /^\S/, 60)
      .replace(/^\t/gm, '')
      .trim();
    const file = /at .*?\(((?!node_modules).+?\.[jt]sx?):\d+:\d+\)/.exec(detail)?.[1];
    return [failed(file, [name], detail.split(/\n\s+at /)[0] ?? '', detail)];
  });
  const total = /^TOTAL: (?:(\d+) FAILED, )?(\d+) SUCCESS$/m.exec(text);
  const bad = Number(total?.[1] ?? last[2] ?? 0);
  const passed = total ? Number(total[2]) : Number(last[1]) - bad;
  return { runner: 'karma', tests, totals: { passed, failed: Math.max(bad, tests.length), skipped: Number(last[3] ?? 0) } };
};

/** ScalaTest and MUnit under sbt: `[info] - total *** FAILED ***`, the error indented below. */
export const scalatest: Shape = (text, lines) => {
  const totals = [...text.matchAll(/^\[\w+\] Tests: succeeded (\d+), failed (\d+), canceled (\d+), ignored (\d+), pending (\d+)$/gm)];
  if (totals.length === 0) return undefined;
  const sum = (...groups: number[]) => totals.reduce((all, match) => all + groups.reduce((own, group) => own + Number(match[group]), 0), 0);
  let type: string | undefined;
  const tests = lines.flatMap((line, index) => {
    type = /^\[info\] (\w+):$/.exec(line)?.[1] ?? type;
    const name = /^\[(?:info|error)\]\s+- (.+?) \*\*\* FAILED \*\*\*(?: \(.*\))?$/.exec(line)?.[1];
    if (name === undefined) return [];
    const detail = block(lines, index + 1, /^\[\w+\] {0,1}\S|^\[\w+\]\s+- /, 40)
      .replace(/^\[\w+\]\s*/gm, '')
      .trim();
    const [, file, at] = /\((\w+\.scala):(\d+)\)/.exec(detail) ?? [];
    return [failed(undefined, [...(type ? [type] : []), name], detail, file ? `${detail}\n    at ${file}:${at}:1` : detail)];
  });
  return { runner: 'scalatest', tests, totals: { passed: sum(1), failed: sum(2), skipped: sum(3, 4, 5) } };
};

/** ExUnit: `  1) test total (CartTest)`, below it the place and what differs. */
export const exunit: Shape = (text, lines) => {
  if (!/^(?:Running ExUnit with seed|Finished in [\d.]+ seconds \()/m.test(text)) return undefined;
  const totals = [...text.matchAll(/^(?:\d+ (?:doctests?|properties|property), )*(\d+) tests?, (\d+) failures?.*$/gm)]
    .map(([line]) => line)
    .join('\n');
  if (!totals) return undefined;
  const tests = lines.flatMap((line, index): RawTest[] => {
    const [, name, type] = /^\s+\d+\) (?:test|doctest|property) (.+) \(([\w.]+)\)$/.exec(line) ?? [];
    if (name === undefined || type === undefined) return [];
    const detail = block(lines, index + 1, /^\s+\d+\) (?:test|doctest|property) |^Finished in/, 60)
      .replace(/^ {5}/gm, '')
      .trim();
    const [place = ''] = detail.split('\n');
    const [, file, at] = /^(\S+\.exs?):(\d+)$/.exec(place) ?? [];
    const said =
      detail
        .slice(file ? place.length : 0)
        .split(/\nstacktrace:/)[0]
        ?.trim() ?? '';
    const side = (word: string) => new RegExp(`^${word}:\\s+(.*)$`, 'm').exec(said)?.[1];
    const test = failed(file, [type, name], said, file ? `${said}\n    at ${file}:${at}:1` : said);
    return [{ ...test, errors: test.errors.map((error) => ({ ...error, actual: side('left'), expected: side('right') })) }];
  });
  const bad = number(totals, /(\d+) failures?/g);
  const skipped = number(totals, /(\d+) (?:skipped|excluded)/g);
  const all = number(totals, /(\d+) (?:tests?|doctests?|properties|property)\b/g);
  return { runner: 'exunit', tests, totals: { passed: Math.max(all - bad - skipped, 0), failed: bad, skipped } };
};

/** Ginkgo: its list below `Summarizing 1 Failure:` and the line `FAIL! -- 2 Passed | 1 Failed | …`. */
export const ginkgo: Shape = (text, lines) => {
  const totals = [...text.matchAll(/^(?:FAIL|SUCCESS)! .*?(\d+) Passed \| (\d+) Failed \| (\d+) Pending \| (\d+) Skipped/gm)];
  if (totals.length === 0) return undefined;
  const sum = (...groups: number[]) => totals.reduce((all, match) => all + groups.reduce((own, group) => own + Number(match[group]), 0), 0);
  const blocks = lines.flatMap((line, index) => (/^• \[(?:FAILED|PANICKED|TIMEDOUT|INTERRUPTED)\]/.test(line) ? [index] : []));
  const tests = lines.flatMap((line, index) => {
    const name = /^\s+\[(?:FAIL|PANICKED!|TIMEDOUT|INTERRUPTED)\] (.+)$/.exec(line)?.[1];
    if (name === undefined) return [];
    const [, file, at] = /^\s+(\S+\.go):(\d+)$/.exec(lines[index + 1] ?? '') ?? [];
    const from = blocks.find((one) => lines[one + 1] === name);
    const detail =
      from === undefined
        ? ''
        : block(lines, from + 3, /^-{20,}$/, 60)
            .replace(/^ {2}/gm, '')
            .trim();
    const said = /^\[FAILED\] ([\s\S]*?)\n\s*In \[/m.exec(detail)?.[1] ?? detail;
    return [
      failed(
        file,
        [name.replace(/\[(?:It|BeforeEach|AfterEach|DescribeTable)\] /g, '')],
        said || name,
        file ? `${said}\n    at ${file}:${at}:1` : said,
      ),
    ];
  });
  return { runner: 'ginkgo', tests, totals: { passed: sum(1), failed: sum(2), skipped: sum(3, 4) } };
};
