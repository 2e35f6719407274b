import { wholeFile } from '../runner.ts';
import { block, failed, number, type Shape } from './shape.ts';

export const pytest: Shape = (text, lines) => {
  const summary =
    /^=+ (?=.*\b(?:passed|failed|errors?|skipped|no tests ran)\b)(.*) in [\d.]+s.*=+$|^(\d+ (?:passed|failed|skipped).*) in [\d.]+s/m.exec(
      text,
    );
  if (!summary) return undefined;
  const line = summary[1] ?? summary[2] ?? '';
  const tests = lines.flatMap((one) => {
    const match = /^(FAILED|ERROR) (\S[^:]*?\.py)(?:::(.*?))?(?: - (.*))?$/.exec(one);
    if (!match?.[2]) return [];
    const names = match[3] ? match[3].split('::') : [wholeFile];
    const heading = lines.findIndex((other) =>
      new RegExp(`^_+ (?:ERROR (?:at \\w+ of|collecting) )?${escapeName(match[3] ? names.join('.') : (match[2] ?? ''))} _+$`).test(other),
    );
    const detail = heading < 0 ? '' : block(lines, heading + 1, /^(?:_{3,}|={3,}) .* (?:_{3,}|={3,})$/, 200);
    const said = [...detail.matchAll(/^E\s+(.*)$/gm)].map(([, part]) => part).join('\n');
    return [failed(match[2], names, said || (match[4] ?? ''), detail)];
  });
  return {
    runner: 'pytest',
    tests,
    totals: {
      passed: number(line, /(\d+) passed/g),
      failed: number(line, /(\d+) (?:failed|errors?)/g),
      skipped: number(line, /(\d+) (?:skipped|xfailed)/g),
    },
  };
};

const escapeName = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export const unittest: Shape = (text, lines) => {
  const ran = /^Ran (\d+) tests? in [\d.]+s$/m.exec(text);
  if (!ran) return undefined;
  const tests = lines.flatMap((line, index) => {
    const match = /^(?:FAIL|ERROR): ([^\s(]+) \(([^)\s]+)\)/.exec(line);
    if (!match?.[1] || !match[2]) return [];
    const parts = match[2].split('.').filter((part, at, all) => !(at === all.length - 1 && part === match[1]));
    const detail = block(lines, index + 1, /^={20,}$/, 200);
    const message =
      detail
        .split('\n')
        .filter((one) => /^\w[\w.]*(?:Error|Exception|Failure)?\b.*:/.test(one))
        .at(-1) ?? '';
    if (match[2].startsWith('unittest.loader')) return [failed(match[1].replaceAll('.', '/').concat('.py'), [wholeFile], message, detail)];
    return [failed(parts.slice(0, -1).join('/').concat('.py'), [parts.at(-1) ?? '', match[1]], message, detail)];
  });
  const bad = number(text, /(?:failures|errors|unexpected successes)=(\d+)/g);
  const skipped = number(text, /skipped=(\d+)/g);
  return { runner: 'unittest', tests, totals: { passed: Math.max(Number(ran[1]) - bad - skipped, 0), failed: bad, skipped } };
};
