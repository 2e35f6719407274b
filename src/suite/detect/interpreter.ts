import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import picomatch from 'picomatch';
import { runProcess } from '../../process/run.ts';
import { listFiles } from '../list-files.ts';

/** An interpreter and what of the wanted modules it lacks. `argv0` is how it is started: relative to the suite's folder where it lies in it. */
export type Interpreter = { readonly argv0: string; readonly version: string; readonly missing: readonly string[]; readonly tried: number };

type Needs = { readonly env: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined };

const probe = `import sys, importlib.util as u
sys.path = [p for p in sys.path if p not in ("", ".")]
def lacks(name):
    try: return u.find_spec(name) is None
    except Exception: return True
print("%d.%d.%d" % sys.version_info[:3])
print(" ".join(n for n in sys.argv[1:] if n not in sys.builtin_module_names and n not in getattr(sys, "stdlib_module_names", ()) and lacks(n)))`;

/**
 * The interpreter that has most of the wanted modules: the repository's own virtual environment first, then the active one, then every
 * python3 on the PATH. Undefined where there is no Python.
 */
export async function findInterpreter(
  folder: string,
  modules: readonly string[],
  { env, signal }: Needs,
): Promise<Interpreter | undefined> {
  let best: Interpreter | undefined;
  let tried = 0;
  for (const argv0 of await interpreters(folder, { env, signal })) {
    const result = await runProcess({ argv: [argv0, '-c', probe, ...modules], cwd: folder, env, timeoutMs: 20_000, signal });
    if (result.exitCode !== 0) continue;
    tried++;
    const [version = '', missing = ''] = result.stdout.toString().split('\n');
    const found = { argv0, version, missing: missing.split(' ').filter(Boolean), tried };
    if (found.missing.length === 0) return found;
    if (!best || found.missing.length < best.missing.length) best = found;
  }
  return best;
}

async function interpreters(folder: string, needs: Needs): Promise<string[]> {
  const { env } = needs;
  // A workspace has one environment, at its top: the nearest counts.
  const own = upwards(folder).flatMap((up) =>
    ['.venv', 'venv', 'env', '.env'].map((name) => join(up, name, 'bin', 'python')).filter((path) => existsSync(join(folder, path))),
  );
  // uv reads the variable from the top of the workspace.
  const top = upwards(folder).findLast((up) => existsSync(join(folder, up, 'uv.lock'))) ?? '';
  const named = env.UV_PROJECT_ENVIRONMENT && resolve(folder, top, env.UV_PROJECT_ENVIRONMENT);
  const given = [named, env.VIRTUAL_ENV, env.CONDA_PREFIX]
    .flatMap((home) => (home ? [join(home, 'bin', 'python')] : []))
    .filter(existsSync);
  const kept = own.length === 0 && given.length === 0 ? await managed(folder, needs) : [];
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((entry) => join(entry, 'python3'))
    .filter(existsSync);
  const first = named ? [...given, ...own] : [...own, ...given];
  // The first python3 keeps its plain name: it is what the user would type.
  return [...new Set([...first, ...kept, ...(onPath.length > 0 ? ['python3', ...onPath.slice(1)] : ['python'])])];
}

/** `''`, `..`, `../..` as far as the folder that holds `.git`. */
function upwards(folder: string): string[] {
  const ups = [''];
  for (let at = folder, up = ''; !existsSync(join(at, '.git')) && dirname(at) !== at && ups.length < 8; at = dirname(at)) {
    up = join(up, '..');
    ups.push(up);
  }
  // Outside of a repository nothing above is the project's.
  return existsSync(join(folder, ups.at(-1) ?? '', '.git')) ? ups : [''];
}

const managers = [
  { lock: 'poetry.lock', argv: ['poetry', 'env', 'info', '--path'] },
  { lock: 'Pipfile', argv: ['pipenv', '--venv'] },
  { lock: 'pdm.lock', argv: ['pdm', 'info', '--python'] },
];

/** Environments that a tool keeps elsewhere, by its own word. */
async function managed(folder: string, { env, signal }: Needs): Promise<string[]> {
  const manager = managers.find(({ lock }) => existsSync(join(folder, lock)));
  if (!manager) return [];
  const result = await runProcess({ argv: manager.argv, cwd: folder, env, timeoutMs: 20_000, signal });
  const path = result.exitCode === 0 ? result.stdout.toString().trim().split('\n').at(-1) : undefined;
  if (!path) return [];
  return [path, join(path, 'bin', 'python')].filter((one) => existsSync(one) && statSync(one).isFile());
}

/**
 * Folders that have to be on PYTHONPATH so that tests see this checkout and no installed copy, relative. The members of a uv workspace are
 * installed by a path into the user's tree: theirs come after.
 */
export function importFolders(folder: string): string[] {
  const members = workspaceMembers(folder).map((member) => join(member, 'src'));
  const packages = existsSync(join(folder, 'src')) ? foldersIn(join(folder, 'src')) : [];
  const modules =
    packages.some((name) => hasPython(join(folder, 'src', name))) || filesIn(join(folder, 'src')).some((name) => name.endsWith('.py'));
  const own = modules && !existsSync(join(folder, 'src', '__init__.py')) ? ['src', '.'] : ['.'];
  return [...new Set([...own, ...members.filter((path) => existsSync(join(folder, path)))])];
}

/** Folders of the workspace that a folder is the top or a member of, relative to it. */
function workspaceMembers(folder: string): string[] {
  const top = upwards(folder).findLast((up) => /^\[tool\.uv\.workspace\]/m.test(readText(join(folder, up, 'pyproject.toml'))));
  if (top === undefined) return [];
  const text = readText(join(folder, top, 'pyproject.toml'));
  const block = /^\[tool\.uv\.workspace\]\n((?:(?!\[)[^\n]*\n?|\[(?=["']))*)/m.exec(text)?.[1] ?? '';
  const patterns = [...(/^members\s*=\s*\[([^\]]*)\]/m.exec(block)?.[1] ?? '').matchAll(/["']([^"']+)["']/g)].map(([, glob = '']) => glob);
  if (patterns.length === 0) return [];
  const isMember = picomatch(patterns);
  return listFiles(join(folder, top), 20_000)
    .filter((file) => file.endsWith('/pyproject.toml'))
    .map((file) => file.slice(0, -'/pyproject.toml'.length))
    .filter((path) => isMember(path))
    .map((path) => join(top, path));
}

const hasPython = (folder: string) => filesIn(folder).some((name) => name.endsWith('.py'));

export type PythonTests = {
  readonly files: readonly string[];
  readonly modules: readonly string[];
  readonly usesPytest: boolean;
  readonly usesUnittest: boolean;
};

const maxRead = 400;

/** Test files of a Python package, the foreign modules they import, and which of the two frameworks they are written for. */
export function readPythonTests(folder: string): PythonTests {
  const all = listFiles(folder);
  const files = all.filter(
    (path) => /(?:^|\/)(?:test_[^/]*|[^/]*_test|tests?)\.py$/.test(path) || /(?:^|\/)tests?\/(?:[^/]+\/)*[^/]+\.py$/.test(path),
  );
  const local = new Set(all.filter((path) => path.endsWith('.py')).flatMap((path) => path.replace(/\.py$/, '').split('/')));
  const modules = new Map<string, number>();
  let usesPytest = false;
  let usesUnittest = false;
  for (const path of [...files.slice(0, maxRead), ...all.filter((name) => /(?:^|\/)conftest\.py$/.test(name))]) {
    const text = readText(join(folder, path));
    if (/^\s*(?:import pytest|from pytest)\b|^def test_/m.test(text)) usesPytest = true;
    if (/\bunittest\b|\bTestCase\b/.test(text)) usesUnittest = true;
    for (const [, one, other] of text.matchAll(/^(?:import ([\w.]+)|from ([\w.]+) import)/gm)) {
      const name = (one ?? other ?? '').split('.')[0] ?? '';
      if (name && !local.has(name)) modules.set(name, (modules.get(name) ?? 0) + 1);
    }
  }
  const often = [...modules].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 60);
  return { files, modules: often.map(([name]) => name), usesPytest, usesUnittest };
}

/** What installs the dependencies of a Python project. */
export function pythonInstall(folder: string): string {
  const has = (name: string) => existsSync(join(folder, name));
  if (has('uv.lock')) return 'uv sync --all-groups';
  if (has('poetry.lock')) return 'poetry install';
  if (has('pdm.lock')) return 'pdm install';
  if (has('Pipfile')) return 'pipenv install --dev';
  const requirements = [
    'requirements-dev.txt',
    'dev-requirements.txt',
    'requirements/tests.txt',
    'requirements/test.txt',
    'requirements-test.txt',
    'test-requirements.txt',
    'tests/requirements.txt',
    'requirements.txt',
  ].find(has);
  if (requirements) return `python3 -m pip install -r ${requirements}`;
  return has('pyproject.toml') || has('setup.py') ? 'python3 -m pip install -e .' : 'python3 -m pip install pytest';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 200_000);
  } catch {
    return '';
  }
}

function foldersIn(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function filesIn(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
