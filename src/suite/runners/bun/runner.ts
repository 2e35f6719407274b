import { type Ended, outsideTests, programOf, type RawTest, type Reading, type Runner, wholeFile } from '../../runner.ts';
import { readJunitReport, startWithJunit } from '../junit-report.ts';

const unnamed = '(unnamed)';

/** bun test 1.2 and later. */
export const bun: Runner = {
  name: 'bun test',
  settings: ['bunfig.toml'],
  claims: /['"]bun:test['"]/,
  owns: (argv) => programOf(argv[0]) === 'bun' && argv[1] === 'test',
  refuse: (argv) => (argv.includes('--watch') || argv.includes('--hot') ? '--watch never ends' : undefined),
  start: (start) => startWithJunit(start, (report) => ['--reporter=junit', `--reporter-outfile=${report}`], '-t'),
  read: readBun,
};

/** Its XML passes over a file that could not be loaded; what it prints does not. */
function readBun(ended: Ended): Reading {
  const reading = readJunitReport(ended);
  const known = new Set(reading.tests.map(({ file }) => file));
  const printed = [...ended.stderr.matchAll(/^(\S.*):\n\n# Unhandled error between tests\n-+\n([\s\S]*?)\n-+$/gm)];
  const outside = printed.map(([, file = '', text = '']): RawTest => {
    const loaded = known.has(file);
    const message = /^(?:\w*[eE]rror|.*?Error): [\s\S]*?(?=\n\s+at |$)/m.exec(text)?.[0] ?? text;
    return {
      file,
      names: [loaded ? outsideTests : wholeFile],
      status: 'failed',
      ...(!loaded && { kind: 'load' }),
      errors: [{ message: message.replace(/^error: /, ''), stack: text }],
    };
  });
  return { ...reading, tests: [...reading.tests.map((test) => markHook(test, reading.tests)), ...outside] };
}

/** A failing hook of a group comes as a test without a name; the tests that a `beforeAll` keeps from running are not told. */
function markHook(test: RawTest, all: readonly RawTest[]): RawTest {
  if (test.status !== 'failed' || test.names.at(-1) !== unnamed) return test;
  const group = test.names.slice(0, -1);
  const inside = all.filter(
    ({ file, names }) => file === test.file && names.at(-1) !== unnamed && group.every((name, at) => names[at] === name),
  );
  return { ...test, below: inside.map(({ names }) => names) };
}
