import { readRecords } from '../reports/records.ts';
import { addFlags, dropFlags, pattern, programOf, type Runner } from '../runner.ts';
import { writePlugin } from './plugin.ts';
import { vitestReporter } from './plugins/vitest.ts';

export const vitest: Runner = {
  name: 'vitest',
  owns: (argv) => programOf(argv[0]) === 'vitest' && argv[1] !== 'bench' && argv[1] !== 'init',
  bare: { dependency: 'vitest', argv: ['vitest', 'run'] },
  async start({ suite, scratch, only, files }) {
    const plugin = await writePlugin(scratch, 'vitest-reporter.mjs', vitestReporter, { argv: suite.argv.slice(1) });
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
      ...(only && { '-t': true, '--testNamePattern': true }),
    });
    // `vitest`, `vitest watch` and `vitest dev` all watch; `related` and `list` name what to run.
    const rest = ['run', 'watch', 'dev', 'related'].includes(given[0] ?? '') ? given.slice(1) : given;
    const mode = given[0] === 'related' ? ['related', '--run'] : ['run'];
    const flags = [`--reporter=${plugin.path}`, `--coverage.enabled=${suite.measured === true}`];
    if (only) flags.push('-t', `^(?:${only.map(({ name }) => pattern(name)).join('|')})$`);
    const kept = files ? rest.filter((argument, index) => argument.startsWith('-') || rest[index - 1]?.match(/^-/)) : rest;
    return { argv: [program, ...mode, ...addFlags([...kept, ...(files ?? [])], flags)], report: plugin.report };
  },
  read: ({ report }) => readRecords(report),
};
