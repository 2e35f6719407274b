import { majorOf } from '../../package-json.ts';
import { readRecords } from '../../reports/records.ts';
import { dropFlags, pattern, programOf, type Runner } from '../../runner.ts';
import { writePlugin } from '../plugin.ts';
import reporter from './reporter.cjs?raw';

/** mocha, also by `ts-mocha`, `mocha-parallel-tests` and `node … mocha/bin/mocha`. */
export const mocha: Runner = {
  name: 'mocha',
  settings: ['.mocharc', '.mocharc.*'],
  owns: (argv) => programIndex(argv) >= 0,
  bare: { dependency: 'mocha', argv: ['mocha'] },
  refuse: (argv) => (argv.some((argument) => argument === '--watch' || argument === '-w') ? '--watch never ends' : undefined),
  engine: 'node',
  async start({ suite, scratch, folder, only, files }) {
    const plugin = await writePlugin(scratch, 'mocha-reporter.cjs', reporter, {
      argv: suite.argv.slice(programIndex(suite.argv) + 1),
    });
    const argv = dropFlags(suite.argv, {
      '--reporter': true,
      '-R': true,
      '--reporter-options': true,
      '--reporter-option': true,
      '-O': true,
      '--bail': false,
      '-b': false,
      '--watch': false,
      '--forbid-pending': false,
      ...(only && { '--grep': true, '-g': true, '--fgrep': true, '-f': true }),
    });
    const program = programIndex(argv) + 1;
    // A `bail` in .mocharc hides failures; before 6 there is neither the file nor the flag.
    const flags = ['--reporter', plugin.path, ...((majorOf(folder, 'mocha') ?? 0) >= 6 ? ['--no-bail'] : [])];
    if (only) flags.push('--grep', `^(?:${only.map(({ name }) => pattern(name)).join('|')})$`);
    const rest = argv.slice(program);
    const kept = files ? withoutSpecs(rest) : rest;
    return { argv: [...argv.slice(0, program), ...flags, ...kept, ...(files ?? [])], report: plugin.report };
  },
  read: ({ report }) => readRecords(report),
};

function programIndex(argv: readonly string[]): number {
  const program = programOf(argv[0]);
  if (['mocha', '_mocha', 'ts-mocha', 'mocha-parallel-tests', 'electron-mocha'].includes(program)) return 0;
  if (program !== 'node' && program !== 'tsx' && program !== 'ts-node') return -1;
  return argv.findIndex((argument, index) => index > 0 && /(?:^|[\\/])_?mocha(?:\.js)?$/.test(argument));
}

const flagsAlone = new Set([
  '--recursive',
  '--check-leaks',
  '--exit',
  '--colors',
  '--no-colors',
  '--color',
  '--inline-diffs',
  '--sort',
  '--no-bail',
  '--full-trace',
  '--allow-uncaught',
  '--parallel',
  '--no-warnings',
  '--expose-gc',
]);

/** The arguments without the files to run. */
function withoutSpecs(rest: readonly string[]): string[] {
  return rest.filter((argument, index) => {
    if (argument.startsWith('-')) return true;
    const before = rest[index - 1] ?? '';
    return before.startsWith('-') && !before.includes('=') && !flagsAlone.has(before);
  });
}
