import { findFileIn } from './find-file.ts';
import { readJunit } from './junit.ts';
import { makeRelate } from './paths.ts';
import { freshReport } from './plugin.ts';
import { addFlags, dropFlags, nothingRead, pattern, programOf, type Runner, type Start, type Started } from './runner.ts';

/** Playwright Test, by its JUnit reporter; the variable was renamed in 1.49, so both are set. */
export const playwright: Runner = {
  name: 'playwright',
  owns: (argv) => programOf(argv[0]) === 'playwright' && argv[1] === 'test',
  bare: { dependency: '@playwright/test', argv: ['playwright', 'test'] },
  refuse: (argv) => (argv.includes('--ui') || argv.includes('--debug') ? 'it waits for a person' : undefined),
  async start(start) {
    const report = freshReport(start.scratch, 'xml');
    const argv = dropFlags(start.suite.argv, { '--reporter': true, '-x': false, '--max-failures': true });
    const names = start.only ? ['-g', start.only.map(({ name }) => pattern(name).replaceAll(' › ', '.*')).join('|')] : [];
    const env = { PLAYWRIGHT_JUNIT_OUTPUT_NAME: report, PLAYWRIGHT_JUNIT_OUTPUT_FILE: report, PLAYWRIGHT_HTML_OPEN: 'never' };
    return { argv: addFlags([...withoutFiles(argv, start), ...(start.files ?? [])], ['--reporter=junit', ...names]), env, report };
  },
  read: readXmlReport,
};

/** bun test 1.2 and later. */
export const bun: Runner = {
  name: 'bun test',
  owns: (argv) => programOf(argv[0]) === 'bun' && argv[1] === 'test',
  refuse: (argv) => (argv.includes('--watch') || argv.includes('--hot') ? '--watch never ends' : undefined),
  start: (start) => withReport(start, (report) => ['--reporter=junit', `--reporter-outfile=${report}`], '-t'),
  read: readXmlReport,
};

/** deno test. */
export const deno: Runner = {
  name: 'deno test',
  owns: (argv) => programOf(argv[0]) === 'deno' && argv[1] === 'test',
  refuse: (argv) => (argv.some((argument) => argument.startsWith('--watch')) ? '--watch never ends' : undefined),
  start: (start) => withReport(start, (report) => [`--junit-path=${report}`, '--no-prompt'], '--filter'),
  read: readXmlReport,
};

async function withReport(start: Start, flags: (report: string) => string[], filter: string): Promise<Started> {
  const report = freshReport(start.scratch, 'xml');
  const [program = '', verb = '', ...rest] = withoutFiles(start.suite.argv, start);
  const name = start.only?.length === 1 ? start.only[0]?.name.split(' > ').at(-1) : undefined;
  return { argv: [program, verb, ...flags(report), ...(name ? [filter, name] : []), ...rest, ...(start.files ?? [])], report };
}

const withoutFiles = (argv: readonly string[], { files }: Start) =>
  files ? argv.filter((argument, index) => index < 2 || argument.startsWith('-')) : argv;

function readXmlReport({ report, root, folder }: { readonly report: string | undefined; readonly root: string; readonly folder: string }) {
  return report ? readJunit(report, findFileIn(root, makeRelate(root, folder))) : nothingRead;
}
