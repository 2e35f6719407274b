import type { FileChange } from '../schema/patch.ts';
import type { Git } from './git.ts';

/** What the work tree holds otherwise than its last commit, as planned files: tracked and untracked, binary files left out. */
export async function uncommitted(git: Git, read: (path: string) => string | undefined): Promise<FileChange[]> {
  const names = async (argv: readonly string[]) => (await git.run(argv)).toString().split('\0').filter(Boolean);
  const tracked = await names(['diff', '--name-only', '--no-renames', '--no-ext-diff', '--ignore-submodules=all', '-z', 'HEAD', '--']);
  const untracked = await names(['ls-files', '--others', '--exclude-standard', '-z']);
  const changes: FileChange[] = [];
  for (const path of new Set([...tracked, ...untracked])) {
    const before = untracked.includes(path) ? null : await committed(git, path);
    const after = read(path) ?? null;
    if (before !== undefined && before !== after) changes.push({ path, before, after });
  }
  return changes;
}

/** Null: the commit does not hold it. Undefined: it is not text. */
async function committed(git: Git, path: string): Promise<string | null | undefined> {
  const bytes = await git.run(['cat-file', '-p', `HEAD:${path}`], { codes: [0, 128] });
  const missing = bytes.length === 0 && (await git.run(['ls-tree', 'HEAD', '--', path])).length === 0;
  if (missing) return null;
  return bytes.includes(0) ? undefined : bytes.toString();
}
