import { type RawTest, wholeFile } from '../runner.ts';
import { block, failed, flaky, number, type Shape } from './shape.ts';

const summary =
  /^=+ (?=.*\b(?:passed|failed|errors?|skipped|no tests ran)\b)(.*) in [\d.]+s.*=+$|^(\d+ (?:passed|failed|skipped|error).*) in [\d.]+s/gm;

export const pytest: Shape = (text, lines) => {
  const said = [...text.matchAll(summary)].map(([, framed, plain]) => framed ?? plain ?? '').join('\n');
  // With `-qq` the list of what failed is all that it says.
  if (!said && !lines.some((line) => summaryHead.test(line))) return undefined;
  let passes = false;
  const headings = new Map(
    lines.flatMap((line, index) => {
      // With `-rA` what passing tests printed stands below headings of the same form.
      if (/^=+ .* =+$/.test(line)) passes = /^=+ PASSES =+$/.test(line);
      if (passes) return [];
      const title = /^_{3,} (?:ERROR (?:at \w+ of|collecting) )?(.+?) _{3,}$/.exec(line)?.[1];
      return title === undefined ? [] : [[title, index] as const];
    }),
  );
  const blockOf = (title: string) => {
    const at = headings.get(title);
    return at === undefined ? '' : block(lines, at + 1, /^(?:_{3,}|={3,}) .* (?:_{3,}|={3,})$/, 200);
  };
  const listed = summaryOf(lines).flatMap((line) => {
    const [, sub, file, rest] = /^(?:FAILED|ERROR|SUBFAILED((?:\[.*?\])?(?: ?\(.*?\))?)) (\S[^:]*?\.py)(?:::(.*)| - .*)?$/.exec(line) ?? [];
    if (file === undefined) return [];
    const { names, message } = rest === undefined ? { names: [wholeFile], message: '' } : namesIn(rest, headings);
    const title = rest === undefined ? file : names.join('.');
    const detail = blockOf(sub === undefined ? title : `${title} ${sub.trim()}`);
    return [failed(file, names, errorIn(detail) || message, detail)];
  });
  const summed = withSubtests(listed);
  const counted = { failed: number(said, /(\d+) (?:failed|errors?)/g), reruns: number(said, /(\d+) rerun/g) };
  // Without the short summary (-rN) the blocks tell.
  const tests = summed.length > 0 ? summed : [...headings.keys()].map((title) => fromBlock(title, blockOf(title)));
  const retried = retriedIn(lines).filter((one) => !tests.some((test) => test.names.join() === one.names.join()));
  return {
    runner: 'pytest',
    tests: [...tests, ...retried],
    totals: said
      ? {
          passed: number(said, /(\d+) passed/g),
          failed: counted.failed - (listed.length - summed.length),
          skipped: number(said, /(\d+) (?:skipped|xfailed)/g),
          flaky: retried.length || (counted.failed === 0 && counted.reruns > 0 ? 1 : 0),
        }
      : undefined,
  };
};

const summaryHead = /^=+ short test summary info =+$/;

/** The lines below the headings of short summaries, where there is one: with `-rA` what tests print stands above it. */
function summaryOf(lines: readonly string[]): readonly string[] {
  if (!lines.some((line) => summaryHead.test(line))) return lines;
  let inside = false;
  return lines.filter((line) => {
    if (/^=+ .* =+$/.test(line)) inside = summaryHead.test(line);
    return inside;
  });
}

/** A subtest fails inside of its test, which pytest lists once more without a reason of its own. */
function withSubtests(listed: readonly RawTest[]): RawTest[] {
  const byName = new Map<string, RawTest>();
  for (const test of listed) {
    const key = `${test.file}\n${test.names.join('\n')}`;
    if (!byName.has(key)) byName.set(key, test);
  }
  return [...byName.values()];
}

const errorIn = (detail: string) => [...detail.matchAll(/^E\s+(.*)$/gm)].map(([, part]) => part).join('\n');

/** `name - message`: a parameter may hold " - " as well, so the name is what a block is headed by, else what ends with its bracket. */
function namesIn(rest: string, headings: ReadonlyMap<string, number>): { names: string[]; message: string } {
  const ends = [...rest.matchAll(/ - /g)].map(({ index }) => index);
  const title = (end: number) => rest.slice(0, end).split('::').join('.');
  const whole = [...ends, rest.length];
  const end =
    whole.find((at) => headings.has(title(at))) ??
    (rest.includes('[') ? whole.find((at) => rest.slice(0, at).endsWith(']')) : undefined) ??
    whole[0] ??
    rest.length;
  return { names: rest.slice(0, end).split('::'), message: rest.slice(end).replace(/^ - /, '') };
}

function fromBlock(title: string, detail: string) {
  const file = [...detail.matchAll(/^(\S+\.py):\d+: /gm)].at(-1)?.[1];
  return failed(file, title.endsWith('.py') ? [wholeFile] : title.split('.'), errorIn(detail), detail);
}

/** pytest-rerunfailures names a test that it tries again with -v or -rR. */
function retriedIn(lines: readonly string[]): RawTest[] {
  const ids = lines.flatMap((line) => /^RERUN (\S+\.py::.+)$|^(\S+\.py::.+?) RERUN\b/.exec(line)?.slice(1).find(Boolean) ?? []);
  return [...new Set(ids)].map((id) => {
    const [file, ...names] = id.split('::');
    return flaky(failed(file, names, 'failed before it was run again'));
  });
}

export const unittest: Shape = (text, lines) => {
  if (!/^Ran \d+ tests? in [\d.]+s$/m.test(text)) return undefined;
  const ran = number(text, /^Ran (\d+) tests? in [\d.]+s$/gm);
  const tests = lines.flatMap((line, index) => {
    const match = /^(?:FAIL|ERROR|UNEXPECTED SUCCESS): ([^\s(]+) \(([^)\s]+)\)/.exec(line);
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
  // `expected failures=2` stands in the same brackets as `failures=1`.
  const verdicts = [...text.matchAll(/^(?:OK|FAILED) \((.*)\)$/gm)].map(([, inside]) => inside).join(', ');
  const bad = number(`, ${verdicts}`, /, (?:failures|errors|unexpected successes)=(\d+)/g);
  const skipped = number(`, ${verdicts}`, /, (?:skipped|expected failures)=(\d+)/g);
  return { runner: 'unittest', tests, totals: { passed: Math.max(ran - bad - skipped, 0), failed: bad, skipped } };
};
