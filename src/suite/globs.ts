import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';

const skipped = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '__pycache__',
  '.yarn',
  'vendor',
  'target',
]);
const maxFiles = 50_000;

/** Every file below a folder, relative and POSIX, sorted; installed packages and version control are passed over. */
export function listFiles(folder: string, most = maxFiles): string[] {
  const found: string[] = [];
  const walk = (below: string) => {
    if (found.length >= most) return;
    for (const entry of entriesOf(join(folder, below))) {
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(path);
      } else if (entry.isFile()) found.push(path);
    }
  };
  walk('');
  return found;
}

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

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
