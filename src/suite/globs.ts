import { existsSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { listFiles } from './list-files.ts';

/** The globs among the arguments replaced by the files they name; one that names none stays as it is. */
export function expandGlobs(argv: readonly string[], folder: string): string[] {
  let files: readonly string[] | undefined;
  return argv.flatMap((argument) => {
    if (argument.startsWith('-') || !/[*?{[]/.test(argument) || existsSync(join(folder, argument))) return [argument];
    files ??= listFiles(folder);
    const matches = picomatch(argument.replace(/^\.\//, ''));
    const named = files.filter((file) => matches(file));
    return named.length > 0 ? named : [argument];
  });
}
