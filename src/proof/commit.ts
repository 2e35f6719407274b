import type { Git } from '../repo/git.ts';
import type { Since } from '../schema/run.ts';

const maxDiff = 20_000;
const maxFiles = 100;

/** A commit as a report shows it, with the diff against its first parent. */
export async function describeCommit(git: Git, sha: string): Promise<NonNullable<Since['commit']>> {
  const [facts, names, diff] = await Promise.all([
    git.run(['show', '--no-patch', '--format=%H%x00%s%x00%an%x00%aI', sha]),
    git.run(['diff-tree', '--root', '-m', '--first-parent', '-r', '-z', '--no-commit-id', '--name-only', sha]),
    git.run([
      'diff-tree',
      '--root',
      '-m',
      '--first-parent',
      '-r',
      '-p',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '--no-commit-id',
      sha,
    ]),
  ]);
  const [full = sha, subject = '', author = '', authorDate = ''] = facts.toString().trim().split('\0');
  const text = diff.toString();
  return {
    sha: full,
    subject,
    author,
    authorDate,
    files: names.toString().split('\0').filter(Boolean).slice(0, maxFiles),
    diff: text.length > maxDiff ? `${text.slice(0, maxDiff)}\n[cut]` : text,
  };
}
