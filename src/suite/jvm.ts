import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { joinReadings } from './dotnet.ts';
import { findFileIn } from './find-file.ts';
import { readJunit } from './junit.ts';
import { makeRelate } from './paths.ts';
import { type Ended, plainName, programOf, type Reading, type Runner, type Start } from './runner.ts';

/** Maven, by the XML that surefire and failsafe leave in `target/`. Reports older than the run are not read. */
export const maven: Runner = {
  name: 'maven',
  owns: (argv) => /^mvnw?$/.test(programOf(argv[0])) && argv.some((argument) => /^(?:test|verify|package|install)$/.test(argument)),
  async start({ suite, only }) {
    const tests = only
      ? [`-Dtest=${only.map(selector).join(',')}`, '-DfailIfNoTests=false', '-Dsurefire.failIfNoSpecifiedTests=false']
      : [];
    return { argv: [...suite.argv, '--batch-mode', '--fail-at-end', ...tests] };
  },
  read: (ended) => readFresh(ended, /(?:^|\/)target\/(?:surefire|failsafe)-reports\/TEST-[^/]*\.xml$/),
};

/** Gradle, by the XML in `build/test-results`. */
export const gradle: Runner = {
  name: 'gradle',
  owns: (argv) => /^gradlew?(?:\.bat)?$/.test(programOf(argv[0])) && argv.some((argument) => /(?:^|:)(?:test|check|build)$/.test(argument)),
  async start({ suite, only }) {
    const tests = (only ?? []).flatMap((one) => ['--tests', selector(one).replace('#', '.')]);
    return { argv: [...suite.argv, '--continue', '--console=plain', ...tests] };
  },
  read: (ended) => readFresh(ended, /(?:^|\/)build\/test-results\/.*\.xml$/),
};

function selector({ name }: { readonly name: string }): string {
  const [type = '', method = ''] = plainName(name).split(' > ');
  return `${type.split('.').at(-1)}#${method.replace(/[({[].*$/s, '')}`;
}

/** The scratch folder was made when the run began: what is older belongs to an earlier run. */
async function readFresh({ scratch, folder, root }: Start & Ended, shape: RegExp): Promise<Reading> {
  const since = statSync(scratch).birthtimeMs;
  const entries = await readdir(folder, { recursive: true });
  const paths = entries
    .map((path) => join(folder, path))
    .filter((path) => shape.test(path.replaceAll('\\', '/')) && statSync(path).mtimeMs >= since);
  const find = findFileIn(root, makeRelate(root, folder));
  return joinReadings(paths.sort().map((path) => readJunit(readFileSync(path, 'utf8'), find)));
}
