import { delimiter, join } from 'node:path';
import { readRecords } from '../../reports/records.ts';
import { addFlags, dropFlags, plainName, programOf, type Runner, type Start } from '../../runner.ts';
import { writePlugin } from '../plugin.ts';
import source from './plugin.py?raw';

const plugin = 'run_results';

/** pytest, by its own program or `python -m pytest`. */
export const pytest: Runner = {
  name: 'pytest',
  settings: ['pytest.ini', 'tox.ini', 'setup.cfg', 'conftest.py', 'pyproject.toml'],
  claims: /^[^\n]*\.py\n/,
  owns: (argv) => programIndex(argv) >= 0,
  engine: 'python',
  shuffle: (seed) => [`--run-results-seed=${seed}`],
  async start(start) {
    const { report } = await writePytestPlugin(start.scratch, { argv: start.suite.argv.slice(programIndex(start.suite.argv) + 1) });
    const argv = dropFlags(start.suite.argv, {
      '--looponfail': false,
      '-f': false,
      '-x': false,
      '--exitfirst': false,
      '--maxfail': true,
      '--sw': false,
      '--stepwise': false,
      '--cov': false,
      '--cov-fail-under': true,
      '--cov-report': true,
      '--junitxml': true,
      '--junit-xml': true,
    }).filter((argument) => !argument.startsWith('--cov='));
    const program = programIndex(argv) + 1;
    const rest = argv.slice(program);
    const targets = targetsOf(start);
    const kept = targets
      ? rest.filter((argument, index) => argument.startsWith('-') || /^-[pcokmnW]$|^--[\w-]+$/.test(rest[index - 1] ?? ''))
      : rest;
    const path = [start.scratch, start.env.PYTHONPATH].filter(Boolean).join(delimiter);
    return {
      argv: [...argv.slice(0, program), ...addFlags([...kept, ...(targets ?? [])], pytestFlags(start.scratch))],
      env: { PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' },
      report,
    };
  },
  read({ report, exitCode }) {
    const reading = readRecords(report);
    // 4 = usage error, e.g. a test that does not exist; 5 = nothing collected.
    return exitCode === 5 ? { ...reading, complete: true } : reading;
  },
};

/** The cache goes to our folder: the user's tree is not written to, and --lf stays known. */
export const pytestFlags = (scratch: string) => [
  '-p',
  plugin,
  '--continue-on-collection-errors',
  // `-x` among the options of a configuration hides failures.
  '--maxfail=0',
  '-o',
  `cache_dir=${join(scratch, 'pytest-cache')}`,
];

/** Puts the plugin where PYTHONPATH finds it. */
export const writePytestPlugin = (scratch: string, given: Parameters<typeof writePlugin>[3]) =>
  writePlugin(scratch, `${plugin}.py`, source, given);

function targetsOf({ only, files, folder, root }: Start): readonly string[] | undefined {
  if (!only) return files;
  const targets = only.flatMap(({ file, name }) => {
    if (!file) return [];
    const path = toFolder(root, folder, file);
    return [name === '<file>' ? path : [path, ...plainName(name).split(' > ')].join('::')];
  });
  return targets.length === only.length ? targets : files;
}

/** A repository path as it is named from the suite's folder. */
export function toFolder(root: string, folder: string, file: string): string {
  const below = folder.slice(root.length + 1).replaceAll('\\', '/');
  return below && file.startsWith(`${below}/`) ? file.slice(below.length + 1) : below ? join(root, file) : file;
}

function programIndex(argv: readonly string[]): number {
  const program = programOf(argv[0]);
  if (/^(?:pytest|py\.test)(?:-3)?$/.test(program)) return 0;
  if (!/^(?:python|pypy)[\d.]*$/.test(program)) return -1;
  const at = argv.indexOf('-m');
  return at > 0 && (argv[at + 1] === 'pytest' || argv[at + 1] === 'py.test') ? at + 1 : -1;
}
