import { condense } from '../../output-text.ts';
import { majorOf } from '../../package-json.ts';
import { readTapTests } from '../../reports/tap-tests.ts';
import { tapLine } from '../../reports/tap-tree.ts';
import { dropFlags, narrowFiles, plainName, programOf, type Runner } from '../../runner.ts';

const valued = new Set([
  '--before',
  '--after',
  '--plugin',
  '--node-arg',
  '--test-arg',
  '--test-env',
  '--output-file',
  '-o',
  '--output-dir',
  '-d',
]);

/** node-tap, 12 and later, by its own TAP output. */
export const tap: Runner = {
  name: 'tap',
  settings: ['.taprc'],
  claims: /['"](?:tap|@tapjs\/[\w-]+)['"]/,
  owns: (argv) =>
    programOf(argv[0]) === 'tap' && !['build', 'plugin', 'config', 'dump-config', 'report', 'replay', 'versions'].includes(argv[1] ?? ''),
  bare: { dependency: 'tap', argv: ['tap'] },
  refuse: (argv) =>
    argv.some((argument) => argument === '--watch' || argument === '-w' || argument === 'repl') ? '--watch never ends' : undefined,
  engine: 'node',
  async start({ suite, folder, only, files }) {
    const argv = dropFlags(suite.argv, {
      '--reporter': true,
      '-R': true,
      '--bail': false,
      '-b': false,
      '--100': false,
      '--coverage-report': true,
      '--show-full-coverage': false,
      '--no-coverage': false,
      '--disable-coverage': false,
      '--no-check-coverage': false,
      '--check-coverage': false,
      '--allow-incomplete-coverage': false,
    });
    const names =
      only && only.length === 1
        ? [
            `--grep=/^${plainName(only[0]?.name ?? '')
              .split(' > ')[0]
              ?.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$/`,
          ]
        : [];
    // Coverage of a run that is only to be read costs time and can fail it; the flag was renamed in 18.
    const coverage = (majorOf(folder, 'tap') ?? 18) >= 18 ? '--disable-coverage' : '--no-coverage';
    return {
      argv: [argv[0] ?? 'tap', '--reporter=tap', coverage, '--no-bail', ...names, ...narrowFiles(argv.slice(1), { files, folder }, valued)],
      env: { TAP_COLORS: '0', TAP_COLOR: '0' },
    };
  },
  read: ({ stdout, stderr, folder }) => readTapTests(condense(stdout, tapLine), folder, stderr),
};
