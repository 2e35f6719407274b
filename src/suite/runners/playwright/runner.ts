import { addFlags, dropFlags, pattern, programOf, type Runner, withoutFiles } from '../../runner.ts';
import { readJunitReport } from '../junit-report.ts';
import { freshReport } from '../plugin.ts';

/** Playwright Test, by its JUnit reporter; the variable was renamed in 1.49, so both are set. */
export const playwright: Runner = {
  name: 'playwright',
  owns: (argv) => programOf(argv[0]) === 'playwright' && argv[1] === 'test',
  bare: { dependency: '@playwright/test', argv: ['playwright', 'test'] },
  refuse: (argv) => (argv.includes('--ui') || argv.includes('--debug') ? 'it waits for a person' : undefined),
  async start(start) {
    const report = freshReport(start.scratch, 'xml');
    const argv = dropFlags(start.suite.argv, { '--reporter': true, '-x': false, '--max-failures': true });
    const names = start.only ? ['-g', start.only.map(({ name }) => pattern(name)).join('|')] : [];
    const env = { PLAYWRIGHT_JUNIT_OUTPUT_NAME: report, PLAYWRIGHT_JUNIT_OUTPUT_FILE: report, PLAYWRIGHT_HTML_OPEN: 'never' };
    return { argv: addFlags([...withoutFiles(argv, start), ...(start.files ?? [])], ['--reporter=junit', ...names]), env, report };
  },
  read: readJunitReport,
};
