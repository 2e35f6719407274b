import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GlmError } from '../errors.ts';
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

/** Files of a merge that is not finished; `marked` still hold both sides. */
export type Unmerged = { readonly paths: readonly string[]; readonly marked: readonly string[] };

const mostNamed = 10;
/** What git leaves in its folder while something is merged, or until the next commit. */
const signs = ['AUTO_MERGE', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'];

export async function findUnmerged(git: Git | undefined): Promise<Unmerged> {
  if (!git || !signs.some((name) => existsSync(join(git.gitDir, name)))) return { paths: [], marked: [] };
  const listed = (await git.run(['ls-files', '--unmerged', '-z'])).toString().split('\0').filter(Boolean);
  const paths = [...new Set(listed.map((line) => line.slice(line.indexOf('\t') + 1)))];
  return { paths, marked: paths.filter((path) => holdsBothSides(join(git.root, path))) };
}

function holdsBothSides(path: string): boolean {
  return existsSync(path) && /^<{7} [\s\S]*^>{7} /m.test(readFileSync(path, 'latin1'));
}

const named = (paths: readonly string[]) =>
  `${paths.length === 1 ? '1 file is' : `${paths.length} files are`} unmerged: ${paths.slice(0, mostNamed).join(', ')}${paths.length > mostNamed ? ' and others' : ''}.`;

/** What a reader has to know before a result of such a tree. */
export const unmergedNote = ({ paths }: Unmerged): string[] => (paths.length > 0 ? [named(paths)] : []);

/** Text with both sides of a merge in it is nothing to send, to judge or to patch. */
export function refuseMarked({ marked }: Unmerged): void {
  if (marked.length === 0) return;
  throw new GlmError('bad_input', named(marked), {
    hint: 'Both sides of the merge stand in them: finish it first (git status names what is left). find works meanwhile.',
  });
}
