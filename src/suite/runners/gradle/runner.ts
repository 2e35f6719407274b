import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dropFlags, programOf, type Runner } from '../../runner.ts';
import { readFreshReports, selector } from '../junit-report.ts';

/** Gradle, by the XML in `build/test-results`. */
export const gradle: Runner = {
  name: 'gradle',
  claims: /^[^\n]*\.(?:java|kt|groovy|scala)\n/,
  owns: (argv) => /^gradlew?(?:\.bat)?$/.test(programOf(argv[0])) && argv.some((argument) => /(?:^|:)(?:test|check|build)$/.test(argument)),
  install: './gradlew dependencies',
  find(folder) {
    const has = (name: string) => existsSync(join(folder, name));
    const why = ['build.gradle', 'build.gradle.kts'].find(has);
    return why ? { argv: [has('gradlew') ? './gradlew' : 'gradle', 'test'], why } : undefined;
  },
  async start({ suite, only }) {
    const tests = (only ?? []).flatMap((one) => ['--tests', selector(one).replace('#', '.')]);
    return { argv: [...dropFlags(suite.argv, { '--fail-fast': false }), '--continue', '--console=plain', ...tests] };
  },
  read: (ended) => readFreshReports(ended, /(?:^|\/)build\/test-results\/.*\.xml$/),
};
