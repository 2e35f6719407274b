import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dropFlags, escapePattern, narrowFiles, plainName, programOf, type Runner } from '../../runner.ts';
import { readJunitReport } from '../junit-report.ts';
import { freshReport } from '../plugin.ts';

const valued = new Set([
  '-c',
  '--configuration',
  '--bootstrap',
  '--cache-directory',
  '--include-path',
  '--testsuite',
  '--printer',
  '--extensions',
]);
/** Flags that end the run at the first of these. */
const stops = Object.fromEntries(
  ['error', 'failure', 'warning', 'risky', 'skipped', 'incomplete', 'defect', 'deprecation', 'notice'].map((what) => [
    `--stop-on-${what}`,
    false,
  ]),
);
/** PHPUnit 8 and later, and Pest, by their JUnit log. */
export const phpunit: Runner = {
  name: 'phpunit',
  settings: ['phpunit.xml', 'phpunit.xml.dist'],
  claims: /^[^\n]*\.php\n/,
  owns: (argv) => programIndex(argv) >= 0,
  install: 'composer install',
  find(folder) {
    const has = (name: string) => existsSync(join(folder, name));
    const why = ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'].find(has);
    return why ? { argv: [has('vendor/bin/phpunit') ? 'vendor/bin/phpunit' : 'phpunit'], why } : undefined;
  },
  async start({ suite, scratch, folder, only, files }) {
    const report = freshReport(scratch, 'xml');
    const program = programIndex(suite.argv) + 1;
    const rest = dropFlags(suite.argv.slice(program), stops);
    const filter = only
      ? ['--filter', `/(?:${only.map(({ name }) => escapePattern(plainName(name).split(' > ').at(-1) ?? '')).join('|')})$/`]
      : [];
    return {
      argv: [...suite.argv.slice(0, program), '--log-junit', report, ...filter, ...narrowFiles(rest, { files, folder }, valued)],
      report,
    };
  },
  read: readJunitReport,
};

function programIndex(argv: readonly string[]): number {
  const isRunner = (argument: string | undefined) =>
    /^(?:phpunit|pest|simple-phpunit|paratest)$/.test(programOf(argument).replace(/\.phar$/, ''));
  if (isRunner(argv[0])) return 0;
  return programOf(argv[0]) === 'php' && isRunner(argv[1]) ? 1 : -1;
}
