import { type RawTest, wholeFile } from '../runner.ts';
import { block, failed, flaky, number, type Shape } from './shape.ts';

export const jest: Shape = (text, lines) => {
  const totals = [...text.matchAll(/^Tests:\s+(.*\d+ total)$/gm)].map(([, said]) => said).join('\n');
  if (!totals) return undefined;
  let file: string | undefined;
  const tests: RawTest[] = [];
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const head = /^\s*(?:FAIL|PASS)\s+(?:[\w@-]+ )?(\S.*?\.[cm]?[jt]sx?)(?: \(.*\))?$/.exec(line);
    if (head) file = head[1];
    const title = /^ {2}● (.+)$/.exec(line)?.[1];
    if (title === undefined || /^Console$/.test(title)) continue;
    const names = /Test suite failed to run/.test(title) ? [wholeFile] : title.split(' › ');
    // A summary of all failures repeats them at the end.
    const key = `${file}\n${names.join('\n')}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const detail = block(lines, index + 1, /^ {2}● |^\s*(?:FAIL|PASS) /, 120);
    tests.push(failed(file, names, detail.trim().split(/\n\s*\n\s+(?:\d+ \||at )/)[0] ?? '', detail));
  }
  const retried = lines.flatMap((line) => {
    const name = /^\s*LOGGING RETRY ERRORS\s+(.+)$/.exec(line)?.[1];
    return name === undefined || tests.some(({ names }) => names.join(' ') === name) ? [] : [flaky(failed(undefined, [name], line.trim()))];
  });
  return { runner: 'jest', tests: [...tests, ...retried], totals: { ...totalsOf(totals), flaky: retried.length } };
};

export const vitest: Shape = (text, lines) => {
  const totals = [...text.matchAll(/^\s+Tests\s+(\S.*)$/gm)].map(([, said]) => said).join('\n');
  if (!/^\s*Test Files\s+\d/m.test(text) || !totals) return undefined;
  const tests = lines.flatMap((line, index) => {
    const match = /^\s*FAIL\s+(?:\|?[\w@-]+\|? )?(\S.*?\.[cm]?[jt]sx?)(?: > (.+?))?(?: \[ .* \])?$/.exec(line);
    if (!match?.[1]) return [];
    const detail = block(lines, index + 1, /^\s*FAIL\s|⎯\[\d+\/\d+\]⎯/, 120);
    return [failed(match[1], match[2] ? match[2].split(' > ') : [wholeFile], detail.split(/\n\s*❯ /)[0] ?? '', detail)];
  });
  let file: string | undefined;
  const retried = lines.flatMap((line) => {
    file = /^\s*[✓✔❯×] (?:\|?[\w@-]+\|? )?(\S+\.[cm]?[jt]sx?) \(\d+ tests?/.exec(line)?.[1] ?? file;
    const name = /^\s*[✓✔] (.+?)(?: \d+m?s)? \(retry x\d+\)/.exec(line)?.[1];
    return name === undefined ? [] : [flaky(failed(file, name.split(' > '), 'failed before it was tried again'))];
  });
  return { runner: 'vitest', tests: [...tests, ...retried], totals: { ...totalsOf(totals), flaky: retried.length } };
};

function totalsOf(text: string) {
  return {
    passed: number(text, /(\d+) passed/g),
    failed: number(text, /(\d+) failed/g),
    skipped: number(text, /(\d+) (?:skipped|todo|pending)/g),
  };
}

export const mocha: Shape = (text, lines) => {
  if (!/^\s*\d+ passing/m.test(text)) return undefined;
  const from = lines.findIndex((line) => /^\s*\d+ passing/.test(line));
  // A log may be cut between the two counts; the failures were numbered above them.
  const marks = lines.slice(0, from).filter((line) => /^\s+\d+\) \S/.test(line)).length;
  const tests: RawTest[] = [];
  for (let at = from; at < lines.length; at++) {
    const first = /^ {2}\d+\) (.+)$/.exec(lines[at] ?? '')?.[1];
    if (first === undefined) continue;
    const names = [first.replace(/:$/, '')];
    let next = at + 1;
    while (!names.at(-1)?.match(/:$/) && !/:$/.test(lines[next - 1] ?? '') && next < at + 10)
      names.push((lines[next++] ?? '').trim().replace(/:$/, ''));
    const detail = block(lines, next, /^ {2}\d+\) /, 80);
    const file = /(?:\(|at )((?:file:\/\/)?[^()\n]+?\.[cm]?[jt]sx?):\d+:\d+\)?/.exec(
      detail
        .split('\n')
        .filter((line) => !line.includes('node_modules'))
        .join('\n'),
    )?.[1];
    tests.push(failed(file, names.filter(Boolean), detail.trim().split(/\n\s+at /)[0] ?? '', detail));
  }
  return {
    runner: 'mocha',
    tests,
    totals: {
      passed: number(text, /^\s*(\d+) passing/gm),
      failed: Math.max(number(text, /^\s*(\d+) failing/gm), marks),
      skipped: number(text, /^\s*(\d+) pending/gm),
    },
  };
};

export const nodeTest: Shape = (text, lines) => {
  // The reporter `dot` prints no counts.
  const dots = !/^ℹ pass \d+$/m.test(text);
  if (dots && !/^[.X]+\n+Failed tests:$/m.test(text)) return undefined;
  const from = lines.findIndex((line) => /^✖ failing tests:$|^Failed tests:$/.test(line));
  let file: string | undefined;
  const tests = (from < 0 ? [] : lines.slice(from)).flatMap((line, index, rest) => {
    file = /^test at (\S.*?):\d+:\d+$/.exec(line)?.[1] ?? file;
    const name = /^✖ (.+) \([\d.]+m?s\)$/.exec(line)?.[1];
    if (name === undefined) return [];
    const detail = block(rest, index + 1, /^test at |^✖ /, 80);
    // A group fails because of what failed in it.
    if (/^'\d+ subtests? failed'$/.test(detail.trim())) return [];
    return [failed(file, [name === file ? wholeFile : name], detail.trim().split(/\n\s+at /)[0] ?? '', detail)];
  });
  return {
    runner: 'node:test',
    tests,
    totals: {
      passed: dots ? (/^([.X]+)$/m.exec(text)?.[1] ?? '').replaceAll('X', '').length : number(text, /^ℹ pass (\d+)$/gm),
      failed: dots ? tests.length : number(text, /^ℹ (?:fail|cancelled) (\d+)$/gm),
      skipped: number(text, /^ℹ (?:skipped|todo) (\d+)$/gm),
    },
  };
};
