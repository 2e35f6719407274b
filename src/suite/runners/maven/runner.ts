import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dropFlags, programOf, type Runner } from '../../runner.ts';
import { readFreshReports, selector } from '../junit-report.ts';

/** Maven, by the XML that surefire and failsafe leave in `target/`. */
export const maven: Runner = {
  name: 'maven',
  claims: /^[^\n]*\.(?:java|kt|groovy|scala)\n/,
  owns: (argv) => /^mvnw?$/.test(programOf(argv[0])) && argv.some((argument) => /^(?:test|verify|package|install)$/.test(argument)),
  install: 'mvn dependency:resolve',
  find(folder) {
    const has = (name: string) => existsSync(join(folder, name));
    return has('pom.xml') ? { argv: [has('mvnw') ? './mvnw' : 'mvn', 'test'], why: 'pom.xml' } : undefined;
  },
  async start({ suite, only }) {
    const tests = only
      ? [`-Dtest=${only.map(selector).join(',')}`, '-DfailIfNoTests=false', '-Dsurefire.failIfNoSpecifiedTests=false']
      : [];
    return { argv: [...dropFlags(suite.argv, { '-ff': false, '--fail-fast': false }), '--batch-mode', '--fail-at-end', ...tests] };
  },
  read: (ended) => readFreshReports(ended, /(?:^|\/)target\/(?:surefire|failsafe)-reports\/TEST-[^/]*\.xml$/),
};
