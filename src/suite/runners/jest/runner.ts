import { majorOf } from '../../package-json.ts';
import { readRecords } from '../../reports/records.ts';
import { dropFlags, pattern, programOf, type Runner } from '../../runner.ts';
import { ownReport, writePlugin } from '../plugin.ts';
import reporter from './reporter.cjs?raw';

/** jest, also by `react-scripts test`, `craco test` and `node … jest/bin/jest.js`. */
export const jest: Runner = {
  name: 'jest',
  settings: ['jest.config.*'],
  claims: /['"]@jest\/globals['"]/,
  owns: (argv) => programIndex(argv) >= 0,
  bare: { dependency: 'jest', argv: ['jest'] },
  engine: 'node',
  cover: ({ include, into }) => [
    '--coverageReporters=json',
    `--coverageDirectory=${into}`,
    `--collectCoverageFrom=${include}`,
    '--coverageThreshold={}',
  ],
  shuffle: (seed, folder) => ((majorOf(folder, 'jest') ?? 0) >= 30 ? ['--randomize', `--seed=${seed}`] : undefined),
  async start({ suite, scratch, only, files }) {
    const plugin = await writePlugin(scratch, 'jest-reporter.cjs', reporter, { argv: suite.argv.slice(programIndex(suite.argv) + 1) });
    const argv = dropFlags(suite.argv, {
      '--reporters': true,
      '--json': false,
      '--outputFile': true,
      '--coverage': false,
      '--collectCoverage': false,
      '--collect-coverage': false,
      '--watch': false,
      '--watchAll': false,
      '--verbose': false,
      '--silent': false,
      '--color': false,
      '--colors': false,
      '--bail': false,
      '-b': false,
      ...(only && { '-t': true, '--testNamePattern': true }),
    });
    const program = programIndex(argv) + 1;
    const ours = `--reporters=${plugin.path}`;
    const flags = [
      ours,
      '--ci',
      `--coverage=${suite.measured === true}`,
      '--watchAll=false',
      '--testLocationInResults',
      // A `bail` of the configuration hides failures.
      '--bail=0',
    ];
    if (only) flags.push('-t', `^(?:${only.map(({ name }) => pattern(name)).join('|')})$`);
    if (files) flags.push('--runTestsByPath');
    const rest = argv.slice(program);
    const kept = files ? rest.filter((argument, index) => argument.startsWith('-') || /^--?[\w-]+$/.test(rest[index - 1] ?? '')) : rest;
    const full = [...argv.slice(0, program), ...flags, ...kept, ...(files ?? [])];
    return { argv: full, report: plugin.report, instead: ownReport(full, ours, scratch, (path) => ['--json', `--outputFile=${path}`]) };
  },
  read: ({ report }) => readRecords(report),
};

/** Place of the last argument that belongs to the program: `jest`, or `test` after a tool that wraps it. */
function programIndex(argv: readonly string[]): number {
  const program = programOf(argv[0]);
  if (program === 'jest' || program === 'jest-cli') return 0;
  if (['react-scripts', 'react-app-rewired', 'craco', 'react-scripts-ts', 'kcd-scripts', 'tsdx', 'dts', 'wp-scripts'].includes(program)) {
    const at = argv.findIndex((argument) => argument === 'test' || argument === 'test-unit-js');
    return at;
  }
  if (program !== 'node') return -1;
  return argv.findIndex((argument, index) => index > 0 && /(?:^|[\\/])jest(?:-cli)?(?:[\\/]bin[\\/]jest)?(?:\.js)?$/.test(argument));
}
