import { z } from 'zod';

/** Text of a file of the repository by its path from the root, undefined where it cannot be read. */
export type Read = (path: string) => string | undefined;

const Names = z.record(z.string(), z.unknown()).catch({});
const Manifest = z
  .looseObject({ dependencies: Names, devDependencies: Names, peerDependencies: Names, optionalDependencies: Names })
  .catch({ dependencies: {}, devDependencies: {}, peerDependencies: {}, optionalDependencies: {} });

/** Modules whose distribution has another name. */
const distributions: Readonly<Record<string, string>> = {
  yaml: 'pyyaml',
  PIL: 'pillow',
  cv2: 'opencv',
  bs4: 'beautifulsoup4',
  sklearn: 'scikit-learn',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  attr: 'attrs',
  jwt: 'pyjwt',
  git: 'gitpython',
  OpenSSL: 'pyopenssl',
  socks: 'pysocks',
  mocker: 'pytest-mock',
  freezer: 'pytest-freezer',
};

const pythonFiles = ['pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini', 'Pipfile', 'requirements.txt', 'noxfile.py'].concat(
  ['dev', 'test', 'tests'].flatMap((kind) => [`requirements-${kind}.txt`, `requirements/${kind}.txt`, `${kind}-requirements.txt`]),
);

/** The manifest that names a package as a dependency, looked for in the folder of a file and those above it. */
export function declaredIn(name: string, file: string, read: Read): string | undefined {
  const package_ = (name.startsWith('@') ? name.split('/').slice(0, 2) : name.split('/').slice(0, 1)).join('/');
  for (const folder of foldersAbove(file)) {
    const path = `${folder}package.json`;
    const json = readJson(read(path));
    if (
      json &&
      [json.dependencies, json.devDependencies, json.peerDependencies, json.optionalDependencies].some((list) => package_ in list)
    )
      return path;
    const python = pythonFiles.find((one) => file.endsWith('.py') && namesPython(read(`${folder}${one}`), name.split('.')[0] ?? name));
    if (python) return `${folder}${python}`;
  }
  return undefined;
}

/** The manifest in which a project gives others something under this name: that is there once the project itself is installed. */
export function offeredIn(name: string, file: string, read: Read): string | undefined {
  if (!file.endsWith('.py')) return undefined;
  const offers = (text: string) => [...text.matchAll(entryPoint)].some(([, one]) => one === name);
  return foldersAbove(file)
    .flatMap((folder) => ['pyproject.toml', 'setup.py', 'setup.cfg'].map((one) => `${folder}${one}`))
    .find((path) => offers(read(path) ?? ''));
}

const about = /^\s*(?:keywords|classifiers|description)\s*=\s*(?:\[[^\]]*\]|.*$)/gm;
/** `total = shop.cart:Total`: what the project gives to others. */
const entryPoint = /(?<![\w.-])["']?([\w.-]+)\s*=\s*["']?[\w.]+:[A-Za-z_][\w.]*/g;

/** A requirement, however it is spelled, and not the project's own name or a word of a sentence. */
function namesPython(text: string | undefined, module: string): boolean {
  if (!text) return false;
  const spelled = (distributions[module] ?? module).replace(/\W/g, '[-_.]').replaceAll('_', '[-_.]');
  const required = [/#.*$/gm, /^\s*name\s*=.*$/gm, about, entryPoint].reduce((rest, other) => rest.replace(other, ''), text);
  return new RegExp(`(?:^\\s*|["'\\s,])(?:pytest[-_])?${spelled}(?=\\s*(?:$|["'\\[<>=!~;,]))`, 'im').test(required);
}

/** The part of a path that git ignores by a plain line of a .gitignore (`dist`, `/build/`): what a build makes. */
export function builtPart(path: string, read: Read): string | undefined {
  const lines = foldersAbove(path).flatMap((folder) => (read(`${folder}.gitignore`) ?? '').split('\n'));
  const ignored = new Set(
    lines.map((line) =>
      line
        .trim()
        .replace(/^\/|^\*\*\//, '')
        .replace(/\/(?:\*+)?$/, ''),
    ),
  );
  const parts = path.split('/').filter((part) => part !== '' && part !== '..' && part !== '.');
  return parts.includes('node_modules')
    ? undefined
    : parts.find((part, at) => ignored.has(part) || ignored.has(parts.slice(0, at + 1).join('/')));
}

/** The built entry of a package that is linked into node_modules, where its manifest names one that git ignores. */
export function builtEntry(name: string, file: string, read: Read): string | undefined {
  for (const folder of foldersAbove(file)) {
    const text = read(`${folder}node_modules/${name}/package.json`);
    const targets = [...(text ?? '').matchAll(/"(?:\.\/)?([\w.-]+(?:\/[\w.-]+)*\.[cm]?js)"/g)].map(([, path = '']) => path);
    const built = targets.find(
      (path) => builtPart(path, read) !== undefined || builtPart(path, (one) => read(`${folder}node_modules/${name}/${one}`)) !== undefined,
    );
    if (built) return built;
  }
  return undefined;
}

/** 'a/b/', 'a/', '' for 'a/b/c.ts'. */
function foldersAbove(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return [...parts.map((_part, at) => `${parts.slice(0, parts.length - at).join('/')}/`), ''];
}

function readJson(text: string | undefined): z.infer<typeof Manifest> | undefined {
  try {
    return text === undefined ? undefined : Manifest.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
