import { readRecords } from '../../reports/records.ts';
import { addFlags, dropFlags, narrowFiles, pattern, programOf, type Runner } from '../../runner.ts';
import { ownReport, writePlugin } from '../plugin.ts';
import reporter from './reporter.cjs?raw';

const valued = new Set(['-c', '--config', '--output', '--tsconfig', '--project', '-g', '--grep', '--grep-invert', '--test-list']);

/** Playwright Test. */
export const playwright: Runner = {
  name: 'playwright',
  settings: ['playwright.config.*'],
  claims: /['"]@playwright\/test['"]/,
  owns: (argv) => programOf(argv[0]) === 'playwright' && argv[1] === 'test',
  bare: { dependency: '@playwright/test', argv: ['playwright', 'test'] },
  refuse: (argv) => (argv.includes('--ui') || argv.includes('--debug') ? 'it waits for a person' : undefined),
  async start({ suite, scratch, folder, only, files }) {
    const plugin = await writePlugin(scratch, 'playwright-reporter.cjs', reporter);
    const [program = 'playwright', verb = 'test', ...rest] = dropFlags(suite.argv, {
      '--reporter': true,
      '-x': false,
      '--max-failures': true,
    });
    const names = only ? ['-g', only.map(({ name }) => pattern(name)).join('|')] : [];
    // `maxFailures` of the configuration hides failures.
    const ours = `--reporter=${plugin.path}`;
    const flags = [ours, '--max-failures=0', ...names];
    const argv = [program, verb, ...addFlags(narrowFiles(rest, { files, folder }, valued), flags)];
    const own = ownReport(argv, ours, scratch, () => ['--reporter=json']);
    const instead = own && {
      ...own,
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: own.report ?? '', PLAYWRIGHT_JSON_OUTPUT_NAME: own.report ?? '' },
    };
    return { argv, env: { PLAYWRIGHT_HTML_OPEN: 'never' }, report: plugin.report, instead };
  },
  read: ({ report }) => readRecords(report),
};
