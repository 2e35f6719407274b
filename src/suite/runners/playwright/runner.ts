import { readRecords } from '../../reports/records.ts';
import { addFlags, dropFlags, narrowFiles, pattern, programOf, type Runner } from '../../runner.ts';
import { writePlugin } from '../plugin.ts';
import reporter from './reporter.cjs?raw';

const valued = new Set(['-c', '--config', '--output', '--tsconfig', '--project', '-g', '--grep', '--grep-invert', '--test-list']);

/** Playwright Test. */
export const playwright: Runner = {
  name: 'playwright',
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
    const flags = [`--reporter=${plugin.path}`, '--max-failures=0', ...names];
    const argv = [program, verb, ...addFlags(narrowFiles(rest, { files, folder }, valued), flags)];
    return { argv, env: { PLAYWRIGHT_HTML_OPEN: 'never' }, report: plugin.report };
  },
  read: ({ report }) => readRecords(report),
};
