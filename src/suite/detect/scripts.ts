import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '../runner.ts';
import { ownerOf } from '../runners/runners.ts';
import { type Everywhere, readEverywhere } from './everywhere.ts';
import { type Command, readCommands } from './shell.ts';
import { unwrap } from './unwrap.ts';

/** One thing a script does. `test`: starts a runner we know; `build`: makes what the tests need; `unclear`: only a shell can say. */
export type Step =
  | {
      readonly kind: 'test';
      readonly runner: string;
      readonly argv: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
    }
  | { readonly kind: 'build'; readonly argv: readonly string[]; readonly cwd: string }
  | { readonly kind: 'packages'; readonly script: string; readonly asked: Everywhere }
  | { readonly kind: 'watch'; readonly argv: readonly string[]; readonly reason: string }
  | { readonly kind: 'unclear'; readonly argv: readonly string[] };

export type ScriptHome = {
  /** Absolute folder of the package. */
  readonly folder: string;
  readonly scripts: Readonly<Record<string, string>>;
};

const lints =
  /^(?:eslint|standard|xo|prettier|biome|oxlint|tslint|jshint|jscs|stylelint|markdownlint(?:-cli2?)?|commitlint|tsd|attw|publint|knip|madge|depcheck|dtslint|ls-engines|evalmd|npmignore|aud|cspell|size-limit|rimraf|del|del-cli|echo|exit|true|false|mkdirp?|cp|rm|mv|shx|cpx|cpy|codecov|coveralls|husky|sort-package-json|dprint|api-extractor|eclint|editorconfig-checker|snazzy|flow|tstyche|nyc|c8|black|flake8|ruff|mypy|isort|pylint|pyright|golangci-lint|gofmt|git|kill-port|sleep|safe-publish-latest|in-publish|not-in-publish|test|\[)$/;
const builds =
  /^(?:tsup|rollup|esbuild|webpack|babel|swc|unbuild|tsdown|pkgroll|microbundle|tshy|bunchee|parcel|grunt|gulp|vite|ncc|zshy|obuild)$/;

/** What the script of a package does, its `pre` script first, nested scripts followed. */
export function readScript(name: string, home: ScriptHome, args: readonly string[] = [], depth = 0): Step[] {
  const text = home.scripts[name];
  if (text === undefined || depth > 8) return [];
  const before = depth > 0 || name === 'test' ? readScript(`pre${name}`, home, [], depth + 1) : [];
  return [...before, ...readLine(text, home, { env: {}, args, depth })];
}

type Around = { readonly env: Readonly<Record<string, string>>; readonly args: readonly string[]; readonly depth: number };

/** What one line of shell does. `args` go to its last command, as npm hands them on. */
export function readLine(line: string, home: ScriptHome, around: Around = { env: {}, args: [], depth: 0 }): Step[] {
  const commands = readCommands(line);
  let cwd = '';
  return commands.flatMap((command, index) => {
    const args = index === commands.length - 1 ? around.args : [];
    const full: Command = { ...command, argv: [...command.argv, ...args], env: { ...around.env, ...command.env } };
    const inner = unwrap(full);
    if (inner.kind === 'folder') {
      cwd = join(cwd, inner.path);
      return [];
    }
    return readCommand(full, inner, cwd, home, around.depth);
  });
}

function readCommand(command: Command, inner: ReturnType<typeof unwrap>, cwd: string, home: ScriptHome, depth: number): Step[] {
  switch (inner.kind) {
    case 'line':
      return depth > 8 ? [] : readLine(inner.line, home, { env: inner.env, args: [], depth: depth + 1 });
    case 'packages':
      return readEverywhereSteps(inner.argv, cwd);
    case 'make':
      return readMake(inner.target, home, depth);
    case 'folder':
      return [];
    case 'script':
      return readNested(command, inner, cwd, home, depth);
    case 'program':
      return command.opaque ? [{ kind: 'unclear', argv: command.argv }] : readProgram(inner.argv, inner.env, cwd, home);
  }
}

const isBuild = (script: string) => /^(?:.*:)?(?:build|compile|bundle|generate|codegen|transpile|dist)(?::.*)?$/.test(script);
const isLint = (script: string) => /lint|format|prettier|typecheck|check-types|types?:check|^types$/.test(script);

/** What a command starts in many packages; of several scripts a build is one for itself. */
function readEverywhereSteps(argv: readonly string[], cwd: string): Step[] {
  const asked = readEverywhere(argv);
  return asked.scripts.flatMap((script): Step[] => {
    if (isLint(script)) return [];
    if (!isBuild(script)) return [{ kind: 'packages', script, asked }];
    return argv.includes(script)
      ? [{ kind: 'build', argv: argv.filter((word) => word === script || !asked.scripts.includes(word)), cwd }]
      : [];
  });
}

function readNested(
  command: Command,
  inner: Extract<ReturnType<typeof unwrap>, { kind: 'script' }>,
  cwd: string,
  home: ScriptHome,
  depth: number,
): Step[] {
  const names = inner.names.flatMap((name) => matching(name, home));
  if (names.length === 0) {
    // `yarn jest`, `pnpm vitest`: a program of the dependencies, called through the package manager.
    return readProgram([...inner.names, ...inner.args], inner.env, cwd, home);
  }
  return names.flatMap((name) => {
    if (isBuild(name)) return [{ kind: 'build' as const, argv: command.argv, cwd }];
    if (isLint(name)) return [];
    const text = home.scripts[name] ?? '';
    const before = readScript(`pre${name}`, home, [], depth + 1);
    return depth > 8 ? [] : [...before, ...readLine(text, home, { env: inner.env, args: inner.args, depth: depth + 1 })];
  });
}

/** Script names, by name, by a pattern of npm-run-all (`test:*`) or of pnpm (`/^test:/`). */
function matching(name: string, home: ScriptHome): string[] {
  if (name in home.scripts) return [name];
  const given = /^\/(.+)\/$/.exec(name)?.[1];
  if (given !== undefined) return Object.keys(home.scripts).filter((other) => matches(given, other));
  if (!name.includes('*')) return [];
  const shape = new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*\*?/g, '[^:]*')}$`);
  return Object.keys(home.scripts).filter((other) => shape.test(other));
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}

function readProgram(argv: readonly string[], env: Readonly<Record<string, string>>, cwd: string, home: ScriptHome): Step[] {
  const program = programOf(argv[0]);
  const runner = ownerOf(argv);
  if (runner) {
    const reason = runner.refuse?.(argv);
    return [reason ? { kind: 'watch', argv, reason } : { kind: 'test', runner: runner.name, argv, env, cwd }];
  }
  if (program === 'tsc' || program === 'tsgo' || program === 'vue-tsc' || program === 'ttsc') {
    return emits(argv, join(home.folder, cwd)) ? [{ kind: 'build', argv, cwd }] : [];
  }
  if (program === 'vite' && argv[1] !== 'build') return [{ kind: 'unclear', argv }];
  if (builds.test(program)) return [{ kind: 'build', argv, cwd }];
  if (lints.test(program)) return [];
  if (program === 'node' && /build|compile|generate|bundle/.test(argv[1] ?? '')) return [{ kind: 'build', argv, cwd }];
  const script = scriptRunner(argv, join(home.folder, cwd));
  if (script) return [{ kind: 'test', runner: script, argv, env, cwd }];
  return [{ kind: 'unclear', argv }];
}

/** `tsc` builds unless a flag or its config says that nothing is written. */
function emits(argv: readonly string[], folder: string): boolean {
  if (argv.some((argument) => /^--?noEmit$/i.test(argument))) return false;
  const at = argv.findIndex((argument) => argument === '-p' || argument === '--project' || argument === '-b' || argument === '--build');
  const given = join(folder, at >= 0 ? (argv[at + 1] ?? '.') : '.');
  for (const path of [given, join(given, 'tsconfig.json')]) {
    try {
      return !/"noEmit"\s*:\s*true/.test(readFileSync(path, 'utf8'));
    } catch {
      // A folder: its tsconfig.json is next.
    }
  }
  return true;
}

/** `node test.js`, `tsx test/index.ts`: the runner that the file loads. */
function scriptRunner(argv: readonly string[], folder: string): string | undefined {
  if (!/^(?:node|nodejs|tsx|ts-node|bun)$/.test(programOf(argv[0]))) return undefined;
  const file = argv.slice(1).find((argument) => !argument.startsWith('-') && readText(argument, folder) !== undefined);
  const text = file && readText(file, folder);
  if (!text) return undefined;
  if (/['"]node:test['"]/.test(text)) return 'node:test';
  // A runner that is started through its API: the script is run as it is.
  if (/(?:\bfrom|\brequire\(|\bimport\(?)\s*['"](?:mocha|jasmine|jest|jest-cli|@jest\/core)['"]/.test(text)) return 'command';
  return /['"](?:tape|tape-catch|tape-promise\/tape|zora|tap|@hapi\/tape)['"]/.test(text) ? 'tape' : undefined;
}

function readText(file: string, folder: string): string | undefined {
  for (const path of [file, `${file}.js`, `${file}.mjs`, join(file, 'index.js')]) {
    try {
      return readFileSync(join(folder, path), 'utf8');
    } catch {
      // The next form of the name.
    }
  }
  return undefined;
}

/** The recipe of a Makefile target, its prerequisites left out. */
function readMake(target: string, home: ScriptHome, depth: number): Step[] {
  const path = ['Makefile', 'makefile', 'GNUmakefile'].map((name) => join(home.folder, name)).find(existsSync);
  if (!path || depth > 8) return [];
  const lines = readFileSync(path, 'utf8')
    .replace(/\\\n\s*/g, ' ')
    .split('\n');
  const variables = new Map(
    lines.flatMap((line) => {
      const set = /^([\w.-]+)\s*[:?]?=\s*(.*)$/.exec(line);
      return set?.[1] ? [[set[1], set[2] ?? ''] as const] : [];
    }),
  );
  const wanted = target || lines.map((line) => /^([\w-]+)\s*:(?!=)/.exec(line)?.[1]).find((name) => name !== undefined);
  const at = lines.findIndex(
    (line) =>
      line
        .split(/:(?!=)/)[0]
        ?.split(/\s+/)
        .includes(wanted ?? '') && /^[\w. -]+\s*:(?!=)/.test(line),
  );
  if (at < 0) return [];
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && !line.startsWith('\t') && !line.startsWith('#'));
  const expand = (line: string) =>
    line.replace(/\$[({]([\w.-]+)[)}]/g, (_all, name: string) => variables.get(name) ?? '').replaceAll('$$', '$');
  return rest
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => line.startsWith('\t'))
    .flatMap((line) => readLine(expand(expand(line.trim().replace(/^[@+-]+/, ''))), home, { env: {}, args: [], depth: depth + 1 }));
}
