import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { GlmError, messageOf } from '../../errors.ts';
import type { Suite } from '../../schema/run.ts';
import { findInterpreter, importFolders, pythonInstall, readPythonTests } from './interpreter.ts';
import { readLine, type Step } from './scripts.ts';
import { readCommands } from './shell.ts';

type Needs = { readonly env: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined };

const marks = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'pytest.ini',
  '.pytest.ini',
  'tox.ini',
  'noxfile.py',
  'conftest.py',
  'requirements.txt',
  'requirements-dev.txt',
  'requirements-test.txt',
  'dev-requirements.txt',
  'uv.lock',
  'poetry.lock',
  'Pipfile',
];

/**
 * The suite of a folder that holds a Python project; none where there is no Python test. `unmarked`: nothing else was found there, so the
 * test files are enough, as they are for pytest.
 */
export async function detectPython(root: string, cwd: string, needs: Needs, unmarked = false): Promise<Suite[]> {
  const folder = join(root, cwd);
  const marked = marks.some((name) => existsSync(join(folder, name))) || existsSync(join(folder, 'tests', '__init__.py'));
  if (!marked && !unmarked) return [];
  checkToml(folder);
  const tests = readPythonTests(folder);
  if (tests.files.length === 0 || (!marked && !tests.usesPytest && !tests.usesUnittest)) return [];
  const chosen = choose(folder, tests);
  return [await toSuite({ root, cwd, ...chosen }, tests.modules, needs)];
}

type Chosen = {
  readonly runner: 'pytest' | 'unittest';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly why: string;
  /** What starts the runner by itself, in place of the runner: `-m pkg.test`. */
  readonly program?: readonly string[];
};

function choose(folder: string, tests: ReturnType<typeof readPythonTests>): Chosen {
  const configured = configuredPytest(folder);
  if (configured) return { runner: 'pytest', args: [], env: {}, why: configured };
  const documented = documentedCommand(folder);
  if (documented) return documented;
  if (tests.usesPytest || !tests.usesUnittest) return { runner: 'pytest', args: [], env: {}, why: 'test files are written for pytest' };
  return { runner: 'unittest', args: discoverArgs(folder, tests.files), env: {}, why: 'test files are written for unittest' };
}

/** Builds the suite of a Python runner with an interpreter that can run it. */
export async function toSuite(
  chosen: Chosen & { readonly root: string; readonly cwd: string },
  modules: readonly string[],
  needs: Needs,
): Promise<Suite> {
  const folder = join(chosen.root, chosen.cwd);
  const wanted = chosen.runner === 'pytest' ? ['pytest', ...modules.filter((name) => name !== 'pytest')] : modules;
  const python = await findInterpreter(folder, wanted, needs);
  const paths = importFolders(folder);
  const why = [
    chosen.why,
    ...(python
      ? [
          `${python.argv0} is Python ${python.version}${python.missing.length > 0 ? ` and lacks ${python.missing.slice(0, 5).join(', ')}` : ''}`,
        ]
      : ['no Python was found']),
    ...(paths.includes('src') ? ['src/ is put on PYTHONPATH, so that this checkout is tested and no installed copy'] : []),
  ];
  return {
    runner: chosen.runner,
    argv: [python?.argv0 ?? 'python3', ...(chosen.program ?? ['-m', chosen.runner, ...chosen.args])],
    cwd: chosen.cwd,
    env: { ...chosen.env, PYTHONPATH: paths.join(delimiter) },
    why: why.join('; '),
    install: pythonInstall(folder),
  };
}

function configuredPytest(folder: string): string | undefined {
  if (existsSync(join(folder, 'pytest.ini')) || existsSync(join(folder, '.pytest.ini'))) return 'pytest.ini';
  if (/^\[tool\.pytest/m.test(textOf(folder, 'pyproject.toml'))) return '[tool.pytest] in pyproject.toml';
  if (/^\[tool:pytest\]/m.test(textOf(folder, 'setup.cfg'))) return '[tool:pytest] in setup.cfg';
  if (/^\[pytest\]/m.test(textOf(folder, 'tox.ini'))) return '[pytest] in tox.ini';
  return undefined;
}

/** The command of tox, nox or the Makefile, where it starts pytest or unittest. */
function documentedCommand(folder: string): Chosen | undefined {
  const tox = textOf(folder, 'tox.ini').replace(/\\\n/g, ' ');
  const lines = [...tox.matchAll(/^commands\s*=\s*((?:.*\n?)(?:[ \t]+.*\n?)*)/gm)].flatMap(([, block = '']) => block.split('\n'));
  const sources: [string, string[]][] = [
    [
      'tox.ini',
      lines.map((line) =>
        line
          .replaceAll('{toxinidir}/', '')
          .replaceAll('{toxinidir}', '.')
          .replaceAll('{envpython}', 'python3')
          .replace(/\{[^{}]*\}/g, '')
          .trim(),
      ),
    ],
    ['Makefile', ['make test']],
    ['Hatch scripts', hatchScripts(folder)],
  ];
  for (const [source, commands] of sources) {
    for (const command of commands) {
      const step = readLine(command, { folder, scripts: {} }).find(
        (one): one is Extract<Step, { kind: 'test' }> => one.kind === 'test' && /^(?:pytest|unittest)$/.test(one.runner),
      );
      if (step) return fromStep(step, source, folder);
      const started = startsUnittest(command, folder);
      if (started) return { runner: 'unittest', args: [], program: started, env: {}, why: `${source} starts \`${command}\`` };
    }
  }
  return undefined;
}

function fromStep(step: Extract<Step, { kind: 'test' }>, source: string, folder: string): Chosen {
  const runner = step.runner === 'unittest' ? 'unittest' : 'pytest';
  const module = step.argv.indexOf('-m');
  const args =
    module > 0 && /^(?:pytest|py\.test|unittest)$/.test(step.argv[module + 1] ?? '') ? step.argv.slice(module + 2) : step.argv.slice(1);
  const topped =
    runner === 'unittest' && args[0] === 'discover' && !args.includes('-t') && needsTop(folder, args) ? [...args, '-t', '.'] : args;
  return { runner, args: topped, env: step.env, why: `${source} starts ${runner}` };
}

/** `python -m pkg.test` and `python tests/run.py`, where that is a file of the repository that tests are started with. */
function startsUnittest(command: string, folder: string): readonly string[] | undefined {
  const words = readCommands(command)[0]?.argv ?? [];
  const at = words.findIndex((word) => /^(?:.*\/)?python[\d.]*$/.test(word));
  const [first = '', second = '', ...rest] = at < 0 ? [] : words.slice(at + 1);
  const name = first === '-m' ? second.replaceAll('.', '/') : first.replace(/\.py$/, '');
  if (!/(?:^|[/_])(?:run_?)?tests?(?:$|[/_])/i.test(name)) return undefined;
  const files = ['', 'src/', 'lib/'].flatMap((base) => [`${base}${name}.py`, `${base}${name}/__main__.py`]);
  const text = files.map((file) => textOf(folder, file)).find(Boolean) ?? '';
  if (!/\bunittest\b/.test(text) && !/^\s*(?:import|from) .*\b(?:runtests|main|test)/m.test(text)) return undefined;
  return first === '-m' ? ['-m', second, ...rest] : [first, ...[second, ...rest].filter(Boolean)];
}

/** Tests in a package import each other by its name, which takes the folder above as the top. */
function needsTop(folder: string, args: readonly string[]): boolean {
  const start = args.slice(1).find((argument) => !argument.startsWith('-')) ?? '.';
  return existsSync(join(folder, start, '__init__.py'));
}

function discoverArgs(folder: string, files: readonly string[]): string[] {
  const start = ['tests', 'test'].find((name) => files.some((file) => file.startsWith(`${name}/`)));
  if (!start) return ['discover'];
  const pattern = files.some((file) => /\/test_[^/]*\.py$/.test(file)) ? [] : ['-p', '*test*.py'];
  return existsSync(join(folder, start, '__init__.py'))
    ? ['discover', '-s', start, '-t', '.', ...pattern]
    : ['discover', '-s', start, ...pattern];
}

function hatchScripts(folder: string): string[] {
  const text = textOf(folder, 'pyproject.toml');
  const block = /^\[tool\.hatch\.envs\.[\w-]+\.scripts\]\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? '';
  return [...block.matchAll(/^test[\w-]*\s*=\s*"([^"]+)"/gm)].map(([, command = '']) => command.replace(/\{args:?([^}]*)\}/g, '$1'));
}

function checkToml(folder: string): void {
  const text = textOf(folder, 'pyproject.toml');
  if (!text) return;
  try {
    parseToml(text);
  } catch (error) {
    throw new GlmError('config_invalid', `${join(folder, 'pyproject.toml')} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

function textOf(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}
