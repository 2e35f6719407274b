import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { plainText } from '../../ansi.ts';
import { type Ended, fileHook, programOf, type RawTest, type Reading, type Runner, wholeFile } from '../../runner.ts';
import { readJunitReport, startWithJunit } from '../junit-report.ts';

/** deno test. */
export const deno: Runner = {
  name: 'deno test',
  claims: /\bDeno\.test\(/,
  owns: (argv) => programOf(argv[0]) === 'deno' && argv[1] === 'test',
  refuse: (argv) => (argv.some((argument) => argument.startsWith('--watch')) ? '--watch never ends' : undefined),
  install: 'deno install',
  shuffle: (seed) => [`--shuffle=${seed}`],
  find(folder) {
    const has = (name: string) => existsSync(join(folder, name));
    const why = has('package.json') ? undefined : ['deno.json', 'deno.jsonc'].find(has);
    return why ? { argv: ['deno', 'test', '--allow-all'], why } : undefined;
  },
  start: (start) => startWithJunit(start, (report) => [`--junit-path=${report}`, '--no-prompt'], '--filter'),
  read: readDeno,
};

/** A test that failed for its steps alone says nothing that they do not say. */
function readDeno(ended: Ended): Reading {
  const reading = readJunitReport(ended);
  const failed = reading.tests.filter(({ status }) => status === 'failed');
  const echoes = (test: RawTest) =>
    /^\d+ test steps? failed/.test(test.errors[0]?.message ?? '') &&
    failed.some(
      ({ file, names }) =>
        file === test.file && names.length > test.names.length && names.join(' > ').startsWith(`${test.names.join(' > ')} > `),
    );
  const tests = reading.tests.filter((test) => test.status !== 'failed' || !echoes(test));
  return { ...reading, tests: [...tests, ...readUncaught(ended, tests)] };
}

/** Its XML passes over what was thrown outside a test, by a hook or while a file was loaded; what it prints does not. */
function readUncaught({ stdout }: Ended, tests: readonly RawTest[]): RawTest[] {
  const printed = plainText(stdout.text()).matchAll(
    /^(\S.*) \(uncaught error\)\n(?:error: )?((?:Uncaught )?[\s\S]*?)\nThis error was not caught from a test/gm,
  );
  return Array.from(printed, ([, path = '', text = '']): RawTest => {
    const file = path.replace(/^\.\//, '');
    const own = tests.filter((test) => test.file === file || test.file === path);
    const message = text.split(/\n(?=.*\n\s*\^+$|\s+at )/m)[0] ?? text;
    return {
      file,
      names: [own.length > 0 ? fileHook : wholeFile],
      status: 'failed',
      ...(own.length > 0 ? { below: own.filter(({ status }) => status === 'skipped').map(({ names }) => names) } : { kind: 'load' }),
      errors: [{ message, stack: text }],
    };
  });
}
