import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonReport } from '../../reports/json-reports.ts';
import { narrowFiles, nothingRead, plainName, programOf, type Runner } from '../../runner.ts';
import { freshReport } from '../plugin.ts';

const valued = new Set([
  '-I',
  '-r',
  '--require',
  '-O',
  '--options',
  '-P',
  '--pattern',
  '-o',
  '--out',
  '-f',
  '--format',
  '-e',
  '--example',
  '--default-path',
]);

/** RSpec 3, by its JSON formatter. */
export const rspec: Runner = {
  name: 'rspec',
  settings: ['.rspec'],
  claims: /^[^\n]*\.rb\n/,
  owns: (argv) => programIndex(argv) >= 0,
  install: 'bundle install',
  shuffle: (seed) => [`--order=rand:${seed}`],
  find(folder) {
    const has = (name: string) => existsSync(join(folder, name));
    const why = has('spec') && ['.rspec', 'spec/spec_helper.rb', 'Gemfile'].find(has);
    return why ? { argv: has('Gemfile') ? ['bundle', 'exec', 'rspec'] : ['rspec'], why } : undefined;
  },
  async start({ suite, scratch, folder, only, files }) {
    const report = freshReport(scratch, 'json');
    const program = programIndex(suite.argv) + 1;
    const rest = suite.argv.slice(program);
    const names = (only ?? []).flatMap(({ name }) => ['--example', plainName(name).replaceAll(' > ', ' ')]);
    return {
      argv: [
        ...suite.argv.slice(0, program),
        '--no-fail-fast',
        '--format',
        'json',
        '--out',
        report,
        ...names,
        ...narrowFiles(rest, { files, folder }, valued),
      ],
      report,
    };
  },
  read: ({ report }) => (report && readJsonReport(report.text())?.reading) || nothingRead,
};

function programIndex(argv: readonly string[]): number {
  if (programOf(argv[0]) === 'rspec') return 0;
  return programOf(argv[0]) === 'bundle' && argv[1] === 'exec' && programOf(argv[2]) === 'rspec' ? 2 : -1;
}
