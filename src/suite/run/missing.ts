import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessResult } from '../../process/run.ts';
import type { Failure } from '../../schema/run.ts';
import { readPackageJson } from '../package-json.ts';

const shapes = [
  /Cannot find (?:module|package) '((?:@[\w.-]+\/)?[a-zA-Z][\w.-]*)(?:\/[^']*)?'/,
  /Failed to (?:resolve import|load url) "?((?:@[\w.-]+\/)?[a-zA-Z][\w.-]*)(?:\/[^"\s]*)?"? /,
  /ModuleNotFoundError: No module named '([\w.]+)'/,
  /No module named ([\w.]+)$/m,
  /no required module provides package ([^\s;]+)/,
  /missing go\.sum entry for module providing package ([^\s;]+)/,
  /^(?:sh|bash|dash|env|zsh)?:? ?(?:line \d+: |\d+: )?([\w./-]+): (?:command )?not found$/m,
  /^\/usr\/bin\/env: ['‘]?([\w.-]+)['’]?: No such file/m,
  /^go: (\S+@\S+): Get ".*dial tcp/m,
  /Plugin (\S+) or one of its dependencies could not be resolved/,
  /Could not (?:find artifact|transfer artifact) (\S+)/,
  /Missing required plugins: ([\w.-]+)/,
  /error: unrecognized arguments: (--?[\w-]+)/,
  /Preset ([\w@/.-]+) not found/,
];

const versions: readonly (readonly [RegExp, string])[] = [
  [/invalid go version '([\d.]+)'|requires go >= ([\d.]+)/, 'Go'],
  [/requires (?:at least )?Node(?:\.js)? (?:version )?(?:>=|\^|v)*([\d.]+\d)/i, 'Node.js'],
];

/**
 * What is not installed, where that is why nothing ran: the program itself, or a package that every failing file cannot find. A repository
 * where other tests ran has its dependencies; there a missing module is an ordinary failure, and so is one that this repository should hold
 * (`isLocal`).
 */
export function findMissing(
  process: ProcessResult,
  output: string,
  failures: readonly Failure[],
  collected: number,
  isLocal: (name: string) => boolean,
): string | undefined {
  if (process.end === 'failed_to_start')
    return /ENOENT/.test(process.startError ?? '') ? (/spawn (\S+)/.exec(process.startError ?? '')?.[1] ?? 'the program') : undefined;
  if (collected > 0 && failures.length < collected) return undefined;
  if (failures.some((failure) => failure.kind !== 'load')) return undefined;
  const texts = failures.length > 0 ? failures.map((failure) => `${failure.message}\n${failure.output ?? ''}`) : [output];
  if (process.exitCode === 0) return undefined;
  const names = texts.map(missingName);
  return names.every((name) => name !== undefined && !isLocal(name)) ? [...new Set(names)].slice(0, 5).join(', ') : undefined;
}

/** The program, module or plugin that a text says is not there. */
export function missingName(text: string): string | undefined {
  for (const shape of shapes) {
    const name = shape.exec(text)?.[1];
    if (name) return name;
  }
  for (const [shape, tool] of versions) {
    const match = shape.exec(text);
    if (match) return `${tool} ${match[1] ?? match[2]}`;
  }
  return undefined;
}

/** Is this a module of the repository itself: a Python package or file of that name, or the package's own name? */
export function makeIsLocal(folder: string): (name: string) => boolean {
  return (name) => {
    const top = name.split(/[./]/)[0] ?? name;
    const own = readPackageJson(folder)?.name;
    const here = ['', 'src', 'lib'].some((base) => existsSync(join(folder, base, top)) || existsSync(join(folder, base, `${top}.py`)));
    return name === own || (own !== undefined && name.startsWith(`${own}/`)) || (here && !existsSync(join(folder, 'package.json')));
  };
}
