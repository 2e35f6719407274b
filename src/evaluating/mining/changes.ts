import type { Git } from '../../repo/git.ts';

/** One file of a change. `from`: what it was called before. Binary files have no lines. */
export type Touched = { readonly path: string; readonly from?: string | undefined; readonly added: number; readonly removed: number };

/** One step of a line of history: a commit, or a merge against its first parent. `date` is that of the commit, ISO 8601. */
export type Change = {
  readonly sha: string;
  readonly base: string;
  readonly merge: boolean;
  readonly date: string;
  readonly subject: string;
  readonly body: string;
  readonly files: readonly Touched[];
};

const format = '%x01%H%x00%P%x00%cI%x00%s%x00%b%x02';
const mostCommits = 4_000;

/**
 * The main line, newest first: each merge is one change against its first parent, so that a branch whose test and fix are commits of their
 * own is taken as a whole, as a squash is. Renamed files are known as such.
 */
export async function readMainLine(git: Pick<Git, 'run'>, head = 'HEAD'): Promise<Change[]> {
  const log = await git.run([...command, '--first-parent', '--diff-merges=first-parent', `--max-count=${mostCommits}`, head, '--']);
  return splitChanges(log.toString('utf8'));
}

/** What a merge brought, commit by commit. */
export async function readBranch(git: Pick<Git, 'run'>, { sha, base }: Pick<Change, 'sha' | 'base'>): Promise<Change[]> {
  const log = await git.run([...command, '--no-merges', '--max-count=50', sha, `^${base}`, '--']);
  return splitChanges(log.toString('utf8'));
}

const command = ['log', '-z', '-M', '--numstat', '--no-color', `--format=${format}`];

/** Reads the log; what has no parent is no change of anything. */
export function splitChanges(log: string): Change[] {
  return log.split('\x01').flatMap((entry): Change[] => {
    const [head = '', stats = ''] = entry.split('\x02');
    const [sha = '', parents = '', date = '', subject = '', body = ''] = head.split('\0');
    const [base, second] = parents.split(' ').filter(Boolean);
    return base ? [{ sha, base, merge: second !== undefined, date, subject, body, files: readStats(stats) }] : [];
  });
}

/** `added TAB removed TAB path NUL`, and for a renamed file an empty path, then its old and its new name. */
function readStats(stats: string): Touched[] {
  const words = stats.split('\0').map((word) => word.replace(/^\n+/, ''));
  const files: Touched[] = [];
  for (let at = 0; at < words.length; at++) {
    const [added, removed, path] = (words[at] ?? '').split('\t');
    if (added === undefined || removed === undefined || path === undefined) continue;
    const lines = { added: Number(added) || 0, removed: Number(removed) || 0 };
    if (path !== '') files.push({ path, ...lines });
    else {
      files.push({ path: words[at + 2] ?? '', from: words[at + 1], ...lines });
      at += 2;
    }
  }
  return files;
}
