import { readRecords } from '../../reports/records.ts';
import { dropFlags, plainName, programOf, type Runner, type Start } from '../../runner.ts';
import { writePlugin } from '../plugin.ts';
import { toFolder } from '../pytest/runner.ts';
import main from './main.py?raw';

/** `python -m unittest`, with our own result class in its place. */
export const unittest: Runner = {
  name: 'unittest',
  claims: /^[^\n]*\.py\n/,
  owns: (argv) => moduleIndex(argv) > 0,
  engine: 'python',
  async start(start) {
    const plugin = await writePlugin(start.scratch, 'run_unittest.py', main);
    const argv = dropFlags(start.suite.argv, { '-f': false, '--failfast': false, '-b': false, '--buffer': false });
    const own = startedBy(argv);
    if (own && !start.only && !start.files)
      return {
        argv: [argv[0] ?? 'python3', plugin.path, '--start', ...own],
        env: { PYTHONDONTWRITEBYTECODE: '1' },
        report: plugin.report,
      };
    // What starts unittest by itself ends where its module name does.
    const at = own ? argv.length - own.length - 1 : moduleIndex(argv);
    const targets = targetsOf(start, argv.slice(at + 2));
    return {
      argv: [...argv.slice(0, at), plugin.path, ...(targets ?? argv.slice(at + 2))],
      env: { PYTHONDONTWRITEBYTECODE: '1' },
      report: plugin.report,
    };
  },
  read: ({ report }) => readRecords(report),
};

/** The module or file that starts unittest by itself, with its arguments: `python -m pkg.test`, `python tests/run.py`. */
function startedBy(argv: readonly string[]): readonly string[] | undefined {
  if (moduleIndex(argv) > 0) return undefined;
  const at = argv.indexOf('-m');
  const rest = at > 0 ? argv.slice(at + 1) : argv.slice(argv.findIndex((word) => word.endsWith('.py')));
  return rest.length > 0 ? rest : undefined;
}

function moduleIndex(argv: readonly string[]): number {
  if (!/^(?:python|pypy)[\d.]*$/.test(programOf(argv[0]))) return -1;
  const at = argv.indexOf('-m');
  return at > 0 && argv[at + 1] === 'unittest' ? at : -1;
}

/** Tests by dotted names, as seen from the top-level folder of the command (`-t`). */
function targetsOf({ only, files, root, folder }: Start, rest: readonly string[]): string[] | undefined {
  const top = topOf(rest);
  const dotted = (file: string) => {
    const path = toFolder(root, folder, file);
    const inner = top && path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path;
    return inner.replace(/\.py$/, '').replaceAll('/', '.');
  };
  const wanted = only?.map(({ file, name }) => {
    const [suite, test] = plainName(name).split(' > ');
    // A package that cannot be loaded is no test: by its name alone it would be loaded in another way.
    if (file && /(?:^|\/)__init__\.py$/.test(file)) return undefined;
    return file && suite && test ? `${dotted(file)}.${suite}.${test}` : file ? dotted(file) : undefined;
  });
  const names = wanted ?? files?.map((file) => file.replace(/\.py$/, '').replaceAll('/', '.'));
  return names?.every((name) => name !== undefined) ? [...new Set(names.filter((name) => name !== undefined))] : undefined;
}

function topOf(rest: readonly string[]): string | undefined {
  const at = rest.findIndex((argument) => argument === '-t' || argument === '--top-level-directory');
  const given = at >= 0 ? rest[at + 1] : undefined;
  return given === undefined || given === '.' ? undefined : given.replace(/^\.\/|\/$/g, '');
}
