import { type RawTest, wholeFile } from '../runner.ts';
import { block, failed, type LogReading, number, type Shape } from './shape.ts';

/** The counts of a summary, each at its last place: a log may hold several runs of one tool. */
function totalsOf(
  text: string,
  shapes: { readonly passed: RegExp; readonly failed: RegExp; readonly skipped: RegExp },
): LogReading['totals'] {
  return { passed: number(text, shapes.passed), failed: number(text, shapes.failed), skipped: number(text, shapes.skipped) };
}

export const bun: Shape = (text, lines) => {
  if (!/^Ran \d+ tests? across \d+ files?\./m.test(text)) return undefined;
  const tests: RawTest[] = [];
  let file: string | undefined;
  let from = 0;
  for (const [index, line] of lines.entries()) {
    const heading = /^(\S.*\.[cm]?[jt]sx?):$/.exec(line)?.[1];
    if (heading) file = heading;
    const name = /^(?:\(fail\)|✗) (.+?)(?: \[[\d.]+m?s\])?$/.exec(line)?.[1];
    const detail = lines.slice(from, index).join('\n');
    if (name) tests.push(failed(file, name.split(' > '), saidBy(detail), detail));
    if (/^# Unhandled error between tests$/.test(line)) {
      const error = block(lines, index + 2, /^-{10,}$/);
      tests.push(failed(file, [wholeFile], saidBy(error), error));
    }
    if (heading || /^(?:\((?:pass|fail|skip|todo)\)|[✓✗»]) /.test(line)) from = index + 1;
  }
  return {
    runner: 'bun test',
    tests,
    totals: totalsOf(text, { passed: /^ *(\d+) pass$/gm, failed: /^ *(\d+) fail$/gm, skipped: /^ *(\d+) (?:skip|todo)$/gm }),
  };
};

/** bun prints the source above an error, line by line with a number. */
const saidBy = (detail: string) =>
  detail
    .replace(/^\d+ \|.*$|^\s*\^$/gm, '')
    .replace(/^\s+at .*$/gm, '')
    .trim()
    .replace(/^error: /, '');

export const deno: Shape = (text, lines) => {
  const total = /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?:.*? \| (\d+) ignored)?/m.exec(text);
  if (!total) return undefined;
  const tests = lines.flatMap((line, index) => {
    const match = /^(\S.*) => (\S.*):\d+:\d+$/.exec(line);
    if (!match?.[1] || !match[2] || !lines[index + 1]?.startsWith('error: ')) return [];
    const detail = block(lines, index + 1, /^\S.* => \S.*:\d+:\d+$|^ (?:FAILURES|ERRORS) $/);
    return [failed(match[2], match[1].split(' ... '), (detail.split('\n')[0] ?? '').replace(/^error: /, ''), detail)];
  });
  return { runner: 'deno test', tests, totals: { passed: Number(total[1]), failed: Number(total[2]), skipped: Number(total[3] ?? 0) } };
};

export const playwright: Shape = (text, lines) => {
  if (!/^Running \d+ tests? using \d+ workers?/m.test(text)) return undefined;
  const tests = lines.flatMap((line, index) => {
    const match = /^ {2}\d+\) (?:\[[^\]]+\] › )?(\S.*?):\d+:\d+ › (.+?)(?: ─+)?\s*$/.exec(line);
    if (!match?.[1] || !match[2]) return [];
    const detail = block(lines, index + 1, /^ {2}\d+\) |^ {2}\d+ (?:failed|flaky|passed|skipped|did not run)/, 120);
    const said = detail.trim().split(/\n\s*\n\s+(?:>? *\d+ \||at )/)[0] ?? '';
    return [failed(match[1], match[2].split(' › '), said.replace(/^ {4}/gm, '').replace(/^Error: /, ''), detail)];
  });
  return {
    runner: 'playwright',
    tests,
    totals: totalsOf(text, {
      passed: /^ {2}(\d+) passed/gm,
      failed: /^ {2}(\d+) failed/gm,
      skipped: /^ {2}(\d+) (?:skipped|did not run)/gm,
    }),
  };
};

export const jasmine: Shape = (text, lines) => {
  const total = /^(\d+) specs?, (\d+) failures?(?:, (\d+) pending specs?)?/m.exec(text);
  if (!total) return undefined;
  const tests = lines.flatMap((line, index) => {
    const name = /^\d+\) (.+)$/.exec(line)?.[1];
    if (!name || lines[index + 1]?.trim() !== 'Message:') return [];
    const detail = block(lines, index + 1, /^\d+\) |^(?:Pending:|\d+ specs?, )/, 120);
    const message = /Message:\n([\s\S]*?)(?:\n\s*Stack:|$)/.exec(detail)?.[1] ?? detail;
    const file = [...detail.matchAll(/at UserContext\.\S+ \((.+?):\d+:\d+\)/g)].at(-1)?.[1];
    return [failed(file, [name], message.replace(/^ {4}/gm, ''), detail)];
  });
  const [, run = '0', bad = '0', pending = '0'] = total;
  return {
    runner: 'jasmine',
    tests,
    totals: { passed: Math.max(Number(run) - Number(bad) - Number(pending), 0), failed: Number(bad), skipped: Number(pending) },
  };
};

export const ava: Shape = (text, lines) => {
  if (!/^ {2}\d+ tests? (?:failed|passed)/m.test(text) || !/^\s*(?:✔|✘|- \[skip\]) /m.test(text)) return undefined;
  const titles = lines.flatMap((line) => /^\s*✘ \[fail\]: (.+)$/.exec(line)?.[1] ?? []);
  const isHeading = (line: string) =>
    /^ {2}\S/.test(line) && titles.some((title) => title === line.trim() || title.startsWith(`${line.trim()} `));
  const tests = lines.flatMap((line, index) => {
    if (!isHeading(line)) return [];
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((other) => isHeading(other) || /^ {2}─$/.test(other));
    const detail = rest.slice(0, end < 0 ? undefined : end).join('\n');
    const file = /^\s*(?:› |at (?:.*\()?)?((?:file:\/\/)?\S+?\.[cm]?[jt]sx?):\d+/m.exec(detail)?.[1];
    const stem = (file?.split('/').at(-1) ?? '').replace(/(?:\.(?:test|spec))?\.\w+$/, '').replace(/^test-/, '');
    const name = line.trim().split(`${stem} › `).at(-1) ?? line.trim();
    return [failed(file, [name], detail.trim().split(/\n\s+(?:› |at )/)[0] ?? '', detail.replace(/^\s*› (\S+:\d+:\d+)$/gm, '    at $1'))];
  });
  return {
    runner: 'ava',
    tests,
    totals: totalsOf(text, {
      passed: /^ {2}(\d+) tests? passed/gm,
      failed: /^ {2}(\d+) tests? failed/gm,
      skipped: /^ {2}(\d+) tests? (?:skipped|todo)/gm,
    }),
  };
};
