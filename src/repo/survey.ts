import type { Git } from './git.ts';
import type { IndexEntry } from './lay.ts';

/** What git lists of a work tree, asked once for all worktrees that are made of it. */
export type Survey = {
  /** The user's index, conflicts and submodules included. */
  readonly index: readonly IndexEntry[];
  /** What is tracked, submodules apart, each path once. */
  readonly tracked: readonly string[];
  readonly submodules: readonly string[];
  readonly untracked: readonly string[];
  /** The same with folders of which nothing is tracked in place of what lies in them. */
  readonly folders: readonly string[];
  readonly ignored: readonly string[];
  /** Lines of "oid refname". */
  readonly refs: string;
  readonly notes: readonly string[];
};

export async function surveyTree(git: Git): Promise<Survey> {
  const notes = new Set<string>();
  const others = ['--others', '--exclude-standard', '--exclude=node_modules', '--exclude=.glm-skill'];
  const [listed, folders, ignored, refs] = await Promise.all([
    git.run(['ls-files', '-z', '-t', '--stage', ...others]),
    git.run(['ls-files', '-z', ...others, '--directory']),
    git.run(['ls-files', '-z', ...others, '--ignored', '--directory']),
    git.run(['for-each-ref', '--format=%(objectname) %(refname)']),
  ]);
  const lines = listed.toString('latin1').split('\0').filter(Boolean);
  const index = lines.filter((line) => !line.startsWith('?')).map(readEntry);
  const named = (paths: readonly string[]) => nameable(paths, notes);
  const paths = (bytes: Buffer) => named(bytes.toString('latin1').split('\0').filter(Boolean));
  return {
    index,
    tracked: named([...new Set(index.filter(({ mode }) => mode !== '160000').map(({ name }) => name))]),
    submodules: named(index.filter(({ mode }) => mode === '160000').map(({ name }) => name)),
    untracked: named(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(2))),
    folders: paths(folders),
    ignored: paths(ignored),
    refs: refs.toString(),
    notes: [...notes],
  };
}

/** A line of `ls-files -t --stage`: tag, mode, blob id, stage, path. */
function readEntry(line: string): IndexEntry {
  const tab = line.indexOf('\t');
  const [, mode = '', oid = '', stage = ''] = line.slice(0, tab).split(' ');
  return { mode, oid, stage: Number(stage), name: line.slice(tab + 1) };
}

/** One that is not UTF-8 cannot be named in a report or a patch and is left out. */
function nameable(names: readonly string[], notes: Set<string>): string[] {
  const all = names.map((name) => Buffer.from(name, 'latin1').toString('utf8'));
  const good = all.filter((path) => !path.includes('\ufffd'));
  if (good.length < all.length) notes.add(`${all.length - good.length} files with names that are not UTF-8 are not in the worktree.`);
  return good;
}
