import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from '../../list-files.ts';
import { dropFlags, escapePattern, narrowFiles, nothingRead, plainName, programOf, type Runner } from '../../runner.ts';
import { readBats } from './read.ts';
import reporter from './reporter.sh?raw';

const others = ['package.json', 'go.mod', 'Cargo.toml', 'pyproject.toml', 'setup.py', 'Makefile'];
const valued = new Set([
  '-f',
  '--filter',
  '--filter-tags',
  '--filter-status',
  '-j',
  '--jobs',
  '--code-quote-style',
  '--gather-test-outputs-in',
]);

/** Bats 1.3 and later, by a formatter of ours. */
export const bats: Runner = {
  name: 'bats',
  claims: /^[^\n]*\.bats\n/,
  owns: (argv) => programOf(argv[0]) === 'bats',
  // A project of another language says in a script of its own that its Bats files are to be run.
  find(folder) {
    if (others.some((name) => existsSync(join(folder, name)))) return undefined;
    const files = listFiles(folder).filter((path) => /^(?:(?:tests?|spec)\/.*|[^/]+)\.bats$/.test(path));
    const [first] = files;
    if (first === undefined) return undefined;
    return {
      argv: ['bats', '--recursive', ...new Set(files.map((path) => path.split('/')[0] ?? '.'))],
      why: `${first} is a test file of Bats`,
    };
  },
  install: 'npm install --global bats',
  async start({ suite, scratch, folder, only, files }) {
    const path = join(scratch, 'reporter.sh');
    await writeFile(path, reporter);
    await chmod(path, 0o700);
    const [program = 'bats', ...rest] = dropFlags(suite.argv, {
      '-F': true,
      '--formatter': true,
      '-p': false,
      '--pretty': false,
      '-t': false,
      '--tap': false,
      '-T': false,
      '--abort': false,
      '--timing': false,
      '--report-formatter': true,
      '-o': true,
      '--output': true,
      ...(only && { '-f': true, '--filter': true }),
    });
    const names = only?.map(({ name }) => escapePattern(plainName(name)).replaceAll('\\/', '/'));
    const filter = names ? ['--filter', `^(${names.join('|')})$`] : [];
    return {
      argv: [program, '--formatter', path, '--timing', ...filter, ...narrowFiles(rest, { files, folder }, valued)],
      report: join(scratch, 'report'),
    };
  },
  read: ({ report, folder }) => (report === undefined ? nothingRead : readBats(report.lines(), folder)),
};
