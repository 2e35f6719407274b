import { type RawTest, type Reading, wholeFile } from '../runner.ts';

/**
 * Output of `cargo test` (libtest and doc tests). `Running unittests src/lib.rs (target/…)` names the file of the tests that follow.
 * Complete when every started binary printed its result line.
 */
export function readCargo(text: string): Reading {
  const tests: RawTest[] = [];
  let file: string | undefined;
  let started = 0;
  let ended = 0;
  const details = detailsOf(text);
  for (const line of text.split('\n')) {
    const running = /^\s*Running (?:unittests )?(\S+) \(|^\s*Running (\S+)$/.exec(line);
    if (running) file = running[1] ?? file;
    if (/^\s*Doc-tests /.test(line)) file = undefined;
    if (/^running \d+ tests?$/.test(line)) started++;
    if (/^test result: /.test(line)) ended++;
    const result = /^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)\b/.exec(line);
    if (!result?.[1]) continue;
    const detail = details.get(result[1]) ?? '';
    tests.push({
      file: /^(\S+\.rs) - /.exec(result[1])?.[1] ?? file,
      names: [result[1]],
      status: result[2] === 'ok' ? 'passed' : result[2] === 'ignored' ? 'skipped' : 'failed',
      errors: result[2] === 'FAILED' ? [errorOf(detail)] : [],
    });
  }
  const broken = /^error(?:\[E\d+\])?: (?!test failed|\d+ targets? failed|could not compile)(.*)\n\s*--> (\S+?):(\d+):(\d+)/m.exec(text);
  if (broken && /could not compile|aborting due to/.test(text)) {
    const stack = `    at ${broken[2]}:${broken[3]}:${broken[4]}`;
    tests.push({ file: broken[2], names: [wholeFile], status: 'failed', kind: 'load', errors: [{ message: broken[0], stack }] });
  }
  return { tests, complete: started > 0 && started === ended };
}

function detailsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', detail = ''] of text.matchAll(/^---- (.+?) stdout ----\n([\s\S]*?)(?=^---- |^failures:$|\n\n\nfailures:)/gm))
    found.set(name, detail.trim());
  return found;
}

function errorOf(detail: string): RawTest['errors'][number] {
  const place = /panicked at (?:'.*', )?(\S+?):(\d+):(\d+):?/s.exec(detail);
  const left = /^\s*left: `?(.*?)`?,?$/m.exec(detail)?.[1];
  const right = /^\s*right: `?(.*?)`?,?$/m.exec(detail)?.[1];
  const message = detail
    .replace(/^thread '.*' (?:\(\d+\) )?panicked at [^\n]*\n?/, '')
    .replace(/^note: run with.*$/m, '')
    .trim();
  return {
    name: /assertion/.test(detail) ? 'AssertionError' : 'panic',
    message: message || detail,
    stack: place ? `    at ${place[1]}:${place[2]}:${place[3]}` : detail,
    ...(left !== undefined && { actual: left }),
    ...(right !== undefined && { expected: right }),
  };
}
