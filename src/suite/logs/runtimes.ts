import { type RawTest, wholeFile } from '../runner.ts';
import { block, failed, flaky, number, type Shape, type Totals } from './shape.ts';

/** The counts of a summary, each at its last place: a log may hold several runs of one tool. */
function totalsOf(text: string, shapes: { readonly passed: RegExp; readonly failed: RegExp; readonly skipped: RegExp }): Totals {
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
  if (!/^(?:ok|FAILED) \| \d+ passed/m.test(text)) return undefined;
  const tests = lines.flatMap((line, index) => {
    const match = /^(\S.*) => (\S.*):\d+:\d+$/.exec(line);
    if (!match?.[1] || !match[2] || !lines[index + 1]?.startsWith('error: ')) return [];
    const detail = block(lines, index + 1, /^\S.* => \S.*:\d+:\d+$|^ (?:FAILURES|ERRORS) $/);
    return [failed(match[2], match[1].split(' ... '), (detail.split('\n')[0] ?? '').replace(/^error: /, ''), detail)];
  });
  return {
    runner: 'deno test',
    tests,
    totals: totalsOf(text, {
      passed: /^(?:ok|FAILED) \| (\d+) passed/gm,
      failed: /^(?:ok|FAILED) \| .*?\| (\d+) failed/gm,
      skipped: /^(?:ok|FAILED) \| .*?\| (\d+) ignored/gm,
    }),
  };
};

/** A test in the lists of Playwright: `[chromium] › e2e/cart.spec.js:3:1 › cart › adds ────`. */
const playwrightTest = /^(?:\[([^\]]+)\] › )?(\S.*?):\d+:\d+ › (.+?)(?: ─+)?\s*$/;

export const playwright: Shape = (text, lines) => {
  if (!/^Running \d+ tests? using \d+ workers?/m.test(text)) return undefined;
  const retried = listBelow(lines, /^ {2}\d+ flaky$/);
  const seen = new Set<string>();
  const tests = lines.flatMap((line, index) => {
    const title = /^ {2}\d+\) (.+)$/.exec(line)?.[1];
    const [, project, file, names] = playwrightTest.exec(title ?? '') ?? [];
    if (title === undefined || file === undefined || names === undefined) return [];
    // The report for GitHub prints a failure twice, a retry repeats it below.
    const key = keyOf(title);
    if (seen.has(key)) return [];
    seen.add(key);
    const detail = block(lines, index + 1, /^ {2}\d+\) |^ {2}\d+ (?:failed|flaky|passed|skipped|did not run)|^ {4}Retry #\d+/, 120);
    const said = detail.trim().split(/\n\s*\n\s+(?:>? *\d+ \||at )/)[0] ?? '';
    const test = failed(file, names.split(' › '), said.replace(/^ {4}/gm, '').replace(/^Error: /, ''), detail);
    return [retried.has(key) || retried.has(keyOf(`[${project}] › ${title}`)) ? flaky(test) : test];
  });
  return {
    runner: 'playwright',
    tests,
    totals: {
      ...totalsOf(text, {
        passed: /^ {2}(\d+) (?:passed|flaky)\b/gm,
        failed: /^ {2}(\d+) (?:failed|interrupted)\b/gm,
        skipped: /^ {2}(\d+) (?:skipped|did not run)\b/gm,
      }),
      flaky: number(text, /^ {2}(\d+) flaky$/gm),
    },
  };
};

const keyOf = (title: string) => title.replace(/(?: ─+)?\s*$/, '');

/** The tests that are listed, indented, below a count. */
function listBelow(lines: readonly string[], head: RegExp): Set<string> {
  const found = new Set<string>();
  let inside = false;
  for (const line of lines) {
    if (head.test(line)) inside = true;
    else if (inside && /^ {4}\S/.test(line)) found.add(keyOf(line.trim()));
    else inside = false;
  }
  return found;
}

export const jasmine: Shape = (text, lines) => {
  if (!/^\d+ specs?, \d+ failures?/m.test(text)) return undefined;
  const tests = lines.flatMap((line, index) => {
    const name = /^\d+\) (.+)$/.exec(line)?.[1];
    if (!name || lines[index + 1]?.trim() !== 'Message:') return [];
    const detail = block(lines, index + 1, /^\d+\) |^(?:Pending:|\d+ specs?, )/, 120);
    const message = /Message:\n([\s\S]*?)(?:\n\s*Stack:|$)/.exec(detail)?.[1] ?? detail;
    const file = [...detail.matchAll(/at UserContext\.\S+ \((.+?):\d+:\d+\)/g)].at(-1)?.[1];
    return [failed(file, [name], message.replace(/^ {4}/gm, ''), detail)];
  });
  const bad = number(text, /^\d+ specs?, (\d+) failures?/gm);
  const pending = number(text, /^\d+ specs?, \d+ failures?, (\d+) pending/gm);
  const run = number(text, /^(\d+) specs?, \d+ failures?/gm);
  return { runner: 'jasmine', tests, totals: { passed: Math.max(run - bad - pending, 0), failed: bad, skipped: pending } };
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
