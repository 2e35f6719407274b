import { programOf } from '../runner.ts';
import { ownerOf } from '../runners/runners.ts';
import type { Command } from './shell.ts';

/** What a command comes to once wrappers are taken off: a program, a script by name, a Makefile target, or all workspace packages. */
export type Unwrapped =
  | { readonly kind: 'program'; readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> }
  | {
      readonly kind: 'script';
      readonly names: readonly string[];
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'make'; readonly target: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'packages'; readonly argv: readonly string[] }
  | { readonly kind: 'line'; readonly line: string; readonly env: Readonly<Record<string, string>> };

type Env = Readonly<Record<string, string>>;

const coverage = new Set(['c8', 'nyc', 'istanbul', 'cov', 'monocart']);
const plain = new Set([
  'exec',
  'command',
  'time',
  'nice',
  'timeout',
  'xvfb-run',
  'dotenv',
  'dotenvx',
  'env-cmd',
  'doppler',
  'op',
  'infisical',
  'wait-on',
  'stdbuf',
  'ionice',
  'caffeinate',
]);
/** What leads to a runner, beside the runners themselves. */
const starters =
  /^(?:node|npm|npx|pnpm|yarn|bun|bunx|tsx|ts-node|_mocha|ts-mocha|borp|python[\d.]*|py\.test|go|cargo|deno|uvu|lab|qunit|cross-env|react-scripts|make)$/;

/** Takes off one wrapper after the other: package managers, environment setters, coverage tools, Python launchers. */
export function unwrap({ argv, env }: Pick<Command, 'argv' | 'env'>): Unwrapped {
  const [first = '', ...rest] = argv;
  const program = programOf(first);
  const again = (next: readonly string[], more: Env = {}): Unwrapped =>
    next.length > 0 ? unwrap({ argv: next, env: { ...env, ...more } }) : { kind: 'program', argv, env };
  if (program === 'cd') return { kind: 'folder', path: rest[0] ?? '.' };
  if (program === 'make' || program === 'gmake')
    return { kind: 'make', target: rest.find((word) => /^[\w.-]+$/.test(word) && !word.startsWith('-')) ?? '' };
  if (program === 'cross-env' || program === 'cross-env-shell' || program === 'env')
    return withEnv(rest, env, program === 'cross-env-shell');
  if ((program === 'sh' || program === 'bash') && /^-\w*c$/.test(rest[0] ?? '')) return { kind: 'line', line: rest[1] ?? '', env };
  if (program === 'npx' || program === 'bunx' || program === 'pnpx') return again(afterFlags(rest, ['-p', '--package', '-c']));
  if (program === 'npm' || program === 'pnpm' || program === 'yarn' || program === 'bun') return manager(program, rest, env, again);
  if (program === 'run-s' || program === 'run-p' || program === 'npm-run-all' || program === 'npm-run-all2') {
    return { kind: 'script', names: rest.filter((word) => !word.startsWith('-')), args: [], env };
  }
  if (program === 'turbo' || program === 'nx' || program === 'lerna' || program === 'wsrun' || program === 'ultra')
    return { kind: 'packages', argv };
  if (coverage.has(program) || plain.has(program)) return again(fromStarter(rest));
  if (['uv', 'poetry', 'pipenv', 'pdm', 'rye', 'hatch'].includes(program) && rest[0] === 'run') {
    return again(
      afterFlags(rest.slice(1), [
        '--with',
        '--extra',
        '--group',
        '--only-group',
        '--python',
        '-p',
        '--package',
        '--project',
        '-e',
        '--env',
        '--with-requirements',
        '--isolated-env',
      ]),
    );
  }
  if (program === 'coverage' && rest[0] === 'run') return again(fromModule(rest.slice(1), 'python3'));
  if (/^python[\d.]*$/.test(program) && rest[0] === '-m' && rest[1] === 'coverage' && rest[2] === 'run')
    return again(fromModule(rest.slice(3), first));
  return { kind: 'program', argv, env };
}

function withEnv(words: readonly string[], env: Env, shell: boolean): Unwrapped {
  const more: Record<string, string> = { ...env };
  let at = 0;
  for (; at < words.length; at++) {
    const pair = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[at] ?? '');
    if (pair?.[1]) more[pair[1]] = pair[2] ?? '';
    else if (!words[at]?.startsWith('-')) break;
  }
  const rest = words.slice(at);
  if (shell && rest.length === 1) return { kind: 'line', line: rest[0] ?? '', env: more };
  return rest.length > 0 ? unwrap({ argv: rest, env: more }) : { kind: 'program', argv: ['env'], env: more };
}

function manager(program: string, words: readonly string[], env: Env, again: (next: readonly string[]) => Unwrapped): Unwrapped {
  const everywhere = /^(?:-r|--recursive|-ws|--workspaces|workspaces?|--filter(?:=.*)?|-F)$/;
  const one = /^(?:-w|--workspace(?:=.*)?)$/;
  if (words.some((word) => everywhere.test(word) || (program === 'npm' && one.test(word))))
    return { kind: 'packages', argv: [program, ...words] };
  const rest = words.filter(
    (word, index) => !/^(?:-[a-zA-Z]+|--[\w-]+(?:=.*)?)$/.test(word) || (words.indexOf('--') >= 0 && index >= words.indexOf('--')),
  );
  const [verb = '', ...after] = rest;
  const args = after[0] === '--' ? after.slice(1) : after;
  if (verb === 'exec' || verb === 'x' || verb === 'dlx') return again(args);
  // npm hands on what stands after `--`; the others hand on everything after the script's name.
  const handed = (name: string, named: readonly string[]) =>
    program === 'npm' || words.includes('--') ? flagsOf(words, named) : words.slice(words.indexOf(name) + 1);
  if (verb === 'run' || verb === 'run-script' || verb === 'rum') {
    const [name = '', ...more] = after;
    return { kind: 'script', names: [name], args: handed(name, more), env };
  }
  if (program === 'bun' && verb === 'test') return { kind: 'program', argv: [program, ...words], env };
  if (['test', 't', 'tst'].includes(verb)) return { kind: 'script', names: ['test'], args: handed(verb, after), env };
  if (program === 'yarn' || program === 'pnpm' || program === 'bun') {
    return verb === 'node' ? again(words) : { kind: 'script', names: [verb], args: handed(verb, after), env };
  }
  return { kind: 'program', argv: [program, ...words], env };
}

/** Arguments handed on to a script: all after `--`, else what follows its name. */
function flagsOf(words: readonly string[], after: readonly string[]): string[] {
  const dashes = words.indexOf('--');
  return dashes >= 0 ? words.slice(dashes + 1) : [...after];
}

function afterFlags(words: readonly string[], valued: readonly string[]): string[] {
  let at = 0;
  while (at < words.length && words[at]?.startsWith('-')) {
    if (words[at] === '--') return words.slice(at + 1);
    at += valued.includes(words[at] ?? '') ? 2 : 1;
  }
  return words.slice(at);
}

function fromStarter(words: readonly string[]): string[] {
  const at = words.findIndex(
    (word, index) => !word.startsWith('-') && (starters.test(programOf(word)) || ownerOf(words.slice(index)) !== undefined),
  );
  return at < 0 ? [] : words.slice(at).filter((word, index) => !(word === '--' && index === 1));
}

function fromModule(words: readonly string[], python: string): string[] {
  const at = words.indexOf('-m');
  if (at >= 0) return [python, ...words.slice(at)];
  const script = words.findIndex((word) => !word.startsWith('-'));
  return script < 0 ? [] : [python, ...words.slice(script)];
}
