import { readGo } from '../../reports/go-events.ts';
import { dropFlags, nothingRead, programOf, type Runner } from '../../runner.ts';
import { goPlaces, startGo } from '../go-test/runner.ts';
import { freshReport } from '../plugin.ts';

/** gotestsum: `go test` by another program, which hands on its events. */
export const gotestsum: Runner = {
  name: 'gotestsum',
  claims: /^[^\n]*_test\.go\n/,
  owns: (argv) => programIndex(argv) >= 0 && !['tool', 'help'].includes(argv[programIndex(argv) + 1] ?? ''),
  refuse: (argv) => (argv.some((argument) => /^--watch(?:=true)?$/.test(argument)) ? '--watch never ends' : undefined),
  engine: 'go',
  install: 'go mod download',
  async start(start) {
    const { argv } = start.suite;
    const program = programIndex(argv) + 1;
    const end = argv.indexOf('--');
    const given = dropFlags(end < 0 ? argv.slice(program) : argv.slice(program, end), {
      '--jsonfile': true,
      '--junitfile': true,
      '--max-fails': true,
      '--rerun-fails': false,
      '--rerun-fails-max-failures': true,
      '--rerun-fails-report': true,
      '--post-run-command': true,
      '--format': true,
      '-f': true,
      ...(start.files && { '--packages': true }),
    });
    const report = freshReport(start.scratch, 'jsonl');
    const test = startGo({ ...start, suite: { ...start.suite, argv: ['go', 'test', ...(end < 0 ? [] : argv.slice(end + 1))] } });
    // With `--packages` it refuses packages behind `--`; without any it tests all.
    const own = ['--jsonfile', report, '--format', 'standard-quiet', ...given];
    return { argv: [...argv.slice(0, program), ...own, '--', ...test.filter((argument) => argument !== '-json').slice(2)], report };
  },
  read({ report, stderr, folder }) {
    // What is no event it repeats on stderr: a package that does not compile, before Go 1.24.
    const said = stderr.replace(/^(?:WARN invalid TestEvent|bad output from test2json): /gm, '');
    return report === undefined ? nothingRead : readGo(both(report.lines(), said.match(/^FAIL\s.*$/gm) ?? []), said, goPlaces(folder));
  },
};

function* both(first: Iterable<string>, second: Iterable<string>): Iterable<string> {
  yield* first;
  yield* second;
}

function programIndex(argv: readonly string[]): number {
  if (programOf(argv[0]) === 'gotestsum') return 0;
  return programOf(argv[0]) === 'go' && argv[1] === 'tool' && /(?:^|\/)gotestsum$/.test(argv[2] ?? '') ? 2 : -1;
}
