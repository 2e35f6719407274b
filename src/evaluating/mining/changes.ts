import { GlmError } from '../../errors.ts';
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
  const line = ['--first-parent', `--max-count=${mostCommits}`, head, '--'];
  try {
    return await readLog(git, line);
  } catch (error) {
    if (!(error instanceof GlmError)) throw error;
    const list = (await git.run(['rev-list', ...line])).toString().split('\n').filter(Boolean);
    return readPieces(git, list);
  }
}

async function readLog(git: Pick<Git, 'run'>, which: readonly string[], input?: string): Promise<Change[]> {
  return splitChanges((await git.run([...command, '--diff-merges=first-parent', ...which], { input })).toString('utf8'));
}

/** A clone may lack the content of large files, or all that was not asked for yet: the changes that need it are left out, and only those. */
async function readPieces(git: Pick<Git, 'run'>, shas: readonly string[]): Promise<Change[]> {
  try {
    return await readLog(git, ['--no-walk=unsorted', '--stdin'], shas.join('\n'));
  } catch (error) {
    if (!(error instanceof GlmError)) throw error;
    if (shas.length < 2) return [];
    const half = Math.ceil(shas.length / 2);
    return [...(await readPieces(git, shas.slice(0, half))), ...(await readPieces(git, shas.slice(half)))];
  }
}

/** What a merge brought, commit by commit. */
export async function readBranch(git: Pick<Git, 'run'>, { sha, base }: Pick<Change, 'sha' | 'base'>): Promise<Change[]> {
  return readLog(git, ['--no-merges', '--max-count=50', sha, `^${base}`, '--']);
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
