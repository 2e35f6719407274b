import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dropFlags, programOf, type Runner } from '../../runner.ts';
import { readFreshReports, selector } from '../junit-report.ts';

/** Gradle runs no tests whose sources have not changed since, and leaves no report then. A second look must look. */
const always = 'allprojects { tasks.withType(Test) { outputs.upToDateWhen { false }; outputs.cacheIf { false } } }\n';

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
  async start({ suite, scratch, only }) {
    const script = join(scratch, 'always.init.gradle');
    await writeFile(script, always);
    const tests = (only ?? []).flatMap((one) => ['--tests', selector(one).replace('#', '.')]);
    return {
      argv: [...dropFlags(suite.argv, { '--fail-fast': false }), '--init-script', script, '--continue', '--console=plain', ...tests],
    };
  },
  read: (ended) => readFreshReports(ended, /(?:^|\/)build\/test-results\/.*\.xml$/),
};
