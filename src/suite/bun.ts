import { readJunitReport, startWithJunit } from './junit-report.ts';
import { programOf, type Runner } from './runner.ts';

/** bun test 1.2 and later. */
export const bun: Runner = {
  name: 'bun test',
  owns: (argv) => programOf(argv[0]) === 'bun' && argv[1] === 'test',
  refuse: (argv) => (argv.includes('--watch') || argv.includes('--hot') ? '--watch never ends' : undefined),
  start: (start) => startWithJunit(start, (report) => ['--reporter=junit', `--reporter-outfile=${report}`], '-t'),
  read: readJunitReport,
};
