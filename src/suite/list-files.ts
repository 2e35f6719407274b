import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Every file below a folder, relative and POSIX, sorted; installed packages, version control and other checkouts are passed over. */
export function listFiles(folder: string, most = maxFiles): string[] {
  const found: string[] = [];
  const walk = (below: string) => {
    if (found.length >= most) return;
    const entries = entriesOf(join(folder, below));
    // Another checkout inside: a clone, or the work tree of an agent.
    if (below && entries.some((entry) => entry.name === '.git' && (entry.isDirectory() || isLinked(join(folder, below, '.git'))))) return;
    for (const entry of entries) {
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(path);
      } else if (entry.isFile()) found.push(path);
    }
  };
  walk('');
  return found;
}

/** A submodule has such a file as well and belongs to the repository. */
function isLinked(mark: string): boolean {
  try {
    return /^gitdir: .*[\\/]worktrees[\\/]/.test(readFileSync(mark, 'utf8'));
  } catch {
    return false;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
