import { existsSync, readFileSync, rmSync } from 'node:fs';
import script from './outlived.sh?raw';

/** A process that lived on when what started it had ended. */
export type Survivor = { readonly command: string; readonly ports: readonly number[] };

/**
 * The same program, started by a shell that looks for what still lives when it has ended and writes it to `out`: by the mark that all
 * processes of a run carry, in a sandbox from inside. Linux only; elsewhere nothing is seen.
 */
export function watchingFor(argv: readonly string[], out: string): string[] {
  return ['/bin/sh', '-c', script, 'glm-skill', out, ...argv];
}

/** What was written there; it is removed. */
export function readSurvivors(out: string): Survivor[] {
  if (!existsSync(out)) return [];
  const lines = readFileSync(out, 'utf8').split('\n');
  rmSync(out);
  return lines.flatMap((line) => {
    const [ports = '', command] = line.split('\t');
    if (command === undefined) return [];
    const found = ports.split(' ').filter((port) => port !== '');
    return [{ command: command.trim(), ports: [...new Set(found.map((port) => Number.parseInt(port, 16)))] }];
  });
}
