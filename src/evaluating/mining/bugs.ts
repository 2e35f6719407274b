import type { Git } from '../../repo/git.ts';
import type { Bug } from '../bug.ts';
import type { Candidate } from './candidate.ts';

const diff = ['diff', '--no-color', '--binary', '--full-index', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/'];

/** A candidate with its two diffs. Which tests turn green is not known yet. */
export async function toBug(git: Git, repo: string, one: Candidate): Promise<Bug> {
  const between = async (paths: readonly string[]) => (await git.run([...diff, one.base, one.sha, '--', ...paths])).toString('utf8');
  return {
    id: `${repo.replace('/', '__')}-${one.sha.slice(0, 8)}`,
    repo,
    base: one.base,
    date: one.date,
    subject: one.subject,
    patch: await between(one.fixPart),
    testPatch: await between(one.testPart),
    tests: [...one.tests],
    gold: [...one.sources],
    failToPass: [],
    passToPass: [],
  };
}
