import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { majorOf } from '../../package-json.ts';
import { readRecords } from '../../reports/records.ts';
import { addFlags, type Covered, dropFlags, narrowFiles, pattern, programOf, type Runner } from '../../runner.ts';
import { ownReport, type Plugin, writePlugin } from '../plugin.ts';
import reporter from './reporter.mjs?raw';

const valued = new Set([
  '-c',
  '--config',
  '-r',
  '--root',
  '--dir',
  '--project',
  '--exclude',
  '-t',
  '--testNamePattern',
  '--globalSetup',
  '--workspace',
]);

export const vitest: Runner = {
  name: 'vitest',
  settings: ['vitest.config.*', 'vite.config.*', 'vitest.workspace.*'],
  claims: /['"]vitest['"]/,
  owns: (argv) => programOf(argv[0]) === 'vitest' && argv[1] !== 'bench' && argv[1] !== 'init',
  bare: { dependency: 'vitest', argv: ['vitest', 'run'] },
  engine: 'node',
  cover,
  shuffle: (seed, folder) =>
    (majorOf(folder, 'vitest') ?? 0) >= 1 ? ['--sequence.shuffle.tests=true', `--sequence.seed=${seed}`] : undefined,
  async start({ suite, scratch, folder, only, files }) {
    const plugin = await writeReporter(scratch, { argv: suite.argv.slice(1) });
    const [program = 'vitest', ...given] = dropFlags(suite.argv, {
      '--reporter': true,
      '--outputFile': true,
      '--outputFile.json': true,
      '--outputFile.junit': true,
      '--coverage': false,
      '--coverage.enabled': false,
      '--ui': false,
      '--watch': false,
      '-w': false,
      '--silent': false,
      '--run': false,
      '--bail': true,
      ...(only && { '-t': true, '--testNamePattern': true }),
    });
    // `vitest`, `vitest watch` and `vitest dev` all watch; `related` and `list` name what to run.
    const rest = ['run', 'watch', 'dev', 'related'].includes(given[0] ?? '') ? given.slice(1) : given;
    const mode = given[0] === 'related' ? ['related', '--run'] : ['run'];
    const ours = `--reporter=${plugin.path}`;
    const flags = [ours, `--coverage.enabled=${suite.measured === true}`];
    // A `bail` of the configuration hides failures.
    if ((majorOf(folder, 'vitest') ?? 0) >= 1) flags.push('--bail=0');
    if (only) flags.push('-t', `^(?:${only.map(({ name }) => pattern(name)).join('|')})$`);
    const argv = [program, ...mode, ...addFlags(narrowFiles(rest, { files, folder }, valued), flags)];
    const instead = ownReport(argv, ours, scratch, (path) => ['--reporter=json', `--outputFile.json=${path}`]);
    return { argv, report: plugin.report, instead };
  },
  read: ({ report }) => readRecords(report),
};

/**
 * Vite refuses to load what lies outside the project (`server.fs.strict`), and so do vitest 3 with vite 6.4.2 and later our reporter; what
 * lies in a node_modules is left to Node.
 */
export async function writeReporter(scratch: string, given: Parameters<typeof writePlugin>[3]): Promise<Plugin> {
  const folder = join(scratch, 'node_modules', 'run-results');
  await mkdir(folder, { recursive: true });
  return writePlugin(folder, 'reporter.mjs', reporter, given);
}

/** Its own coverage, where a provider is installed. */
function cover({ folder, include, into }: Covered): readonly string[] | undefined {
  const provider = ['v8', 'istanbul'].find((name) => isInstalled(folder, `@vitest/coverage-${name}`));
  if (provider === undefined) return undefined;
  return [
    `--coverage.provider=${provider}`,
    '--coverage.reporter=json',
    `--coverage.reportsDirectory=${into}`,
    `--coverage.include=${include}`,
    '--coverage.reportOnFailure=true',
    '--coverage.thresholds.100=false',
  ];
}

function isInstalled(from: string, name: string): boolean {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', name))) return true;
    if (at === dirname(at)) return false;
  }
}
