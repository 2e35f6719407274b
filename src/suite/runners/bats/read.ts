import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Frame } from '../../../schema/run.ts';
import { type RawTest, type Reading, wholeFile } from '../../runner.ts';

const ended = /^(not )?ok (\d+) (.*?)(?: in (\d+)\s?ms)?(?: # (skip|timeout)\b.*)?$/;

/**
 * What bats tells its formatters: `suite FILE`, `begin N NAME`, results, and comments that belong to the result before them. A result that
 * has not begun is what a test printed, unless it is that of a hook of the file.
 */
export function readBats(report: Iterable<string>, folder: string): Reading {
  const tests: { test: RawTest; said: string[] }[] = [];
  const running = new Map<string, string>();
  let planned: number | undefined;
  let file = '';
  for (const line of report) {
    const plan = /^1\.\.(\d+)$/.exec(line)?.[1];
    if (plan !== undefined) planned ??= Number(plan);
    else if (line.startsWith('suite ')) file = resolve(line.slice('suite '.length));
    else if (line.startsWith('# ')) tests.at(-1)?.said.push(line.slice(2));
    const [, number = '', begun] = /^begin (\d+) (.*)$/.exec(line) ?? [];
    if (begun !== undefined) running.set(number, begun);
    const [, bad, at = '', name = '', ms, mark] = ended.exec(line) ?? [];
    const hook = bad !== undefined && /^(?:setup|teardown)_(?:file|suite) failed$/.test(name);
    if (!hook && running.get(at) !== name) continue;
    running.delete(at);
    const status = mark === 'skip' ? 'skipped' : bad ? 'failed' : 'passed';
    const test: RawTest = {
      file,
      names: [hook ? name.replace(' failed', '') : name],
      status,
      errors: [],
      ...(ms !== undefined && { durationMs: Number(ms) }),
      ...(mark === 'timeout' && { kind: 'timeout' }),
      ...(hook && { below: name.startsWith('setup') ? namesIn(file) : [] }),
    };
    tests.push({ test, said: [] });
  }
  const lost = tests.some(({ test }) => test.below);
  const complete = planned !== undefined && running.size === 0 && (tests.length >= planned || lost);
  return { tests: tests.map(({ test, said }) => toTest(test, said, folder)), complete, running: [...running.values()] };
}

function toTest(test: RawTest, said: readonly string[], folder: string): RawTest {
  if (test.status !== 'failed') return test;
  const text = said.join('\n');
  const frames = [...text.matchAll(/in (?:test )?file (.+?), line (\d+)/g)].map(
    ([, file = '', line]): Frame => ({ file: resolve(folder, file), line: Number(line) }),
  );
  const [, command = ''] = /^ {2}`(.*)' failed/m.exec(text) ?? [];
  const compares = /^(?:\[|\(\(|test |assert|refute)/.test(command);
  const value = (label: string) => new RegExp(`^${label} *: (.*)$`, 'm').exec(text)?.[1];
  const error = {
    ...(compares && { name: 'AssertionError' }),
    message: text,
    frames,
    expected: value('expected'),
    actual: value('actual'),
  };
  // A file whose first lines fail never comes to its hooks.
  const load = test.below !== undefined && !/function `(?:setup|teardown)_/.test(text);
  return { ...test, ...(load && { names: [wholeFile], kind: 'load', below: undefined }), errors: [error], line: frames.at(-1)?.line };
}

function namesIn(file: string): (readonly string[])[] {
  try {
    return [...readFileSync(file, 'utf8').matchAll(/^\s*@test\s+(['"])(.*)\1\s*\{/gm)].map(([, , name = '']) => [
      name.replace(/\\(.)/g, '$1'),
    ]);
  } catch {
    return [];
  }
}
