import { readJunitReport, startWithJunit } from './junit-report.ts';
import { programOf, type Runner } from './runner.ts';

/** deno test. */
export const deno: Runner = {
  name: 'deno test',
  owns: (argv) => programOf(argv[0]) === 'deno' && argv[1] === 'test',
  refuse: (argv) => (argv.some((argument) => argument.startsWith('--watch')) ? '--watch never ends' : undefined),
  start: (start) => startWithJunit(start, (report) => [`--junit-path=${report}`, '--no-prompt'], '--filter'),
  read: readJunitReport,
};
