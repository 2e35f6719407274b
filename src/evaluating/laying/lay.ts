import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../../repo/git.ts';
import { layEmpty } from '../../repo/lay.ts';
import { removeTree } from '../../repo/leases.ts';
import type { Bug } from '../bug.ts';
import { nameGoModule } from './go-module.ts';
import type { ObjectStore } from './store.ts';

/** A bug as a user would have met it. `path` is the work tree. */
export type Laid = {
  readonly path: string;
  /** Puts the real fix on the files, or takes it off again. */
  readonly fix: (on: boolean) => Promise<void>;
  readonly remove: () => Promise<void>;
};

const who = {
  GIT_AUTHOR_NAME: 'glm-skill',
  GIT_AUTHOR_EMAIL: 'glm-skill@localhost',
  GIT_COMMITTER_NAME: 'glm-skill',
  GIT_COMMITTER_EMAIL: 'glm-skill@localhost',
} as const;

/** What comes with an install or a run and is no part of the bug. */
const excluded = 'node_modules\n.venv\nvenv\n__pycache__\n.pytest_cache\n';

/**
 * Lays a bug out in a repository of its own: the commit before the fix with its past, and one commit on top that brings the tests of the
 * fix. Nothing later is in it: its objects are those of the past and of these tests. Throws where the test patch does not apply.
 */
export async function layBug(
  git: Git,
  bug: Pick<Bug, 'base' | 'patch' | 'testPatch' | 'date'>,
  store: ObjectStore,
  path: string,
): Promise<Laid> {
  const folder = join(path, '.git');
  layEmpty(folder, git.objectFormat);
  if (store.objects) writeFileSync(join(folder, 'objects', 'info', 'alternates'), `${store.objects}\n`);
  writeFileSync(join(folder, 'info', 'exclude'), excluded);
  await store.bring(bug.base, folder);
  const dated = { ...who, GIT_AUTHOR_DATE: bug.date, GIT_COMMITTER_DATE: bug.date };
  const inside = (args: readonly string[], input?: string) =>
    git.run(args, { cwd: path, env: { ...dated, GIT_DIR: folder, GIT_WORK_TREE: path }, input });
  await inside(['update-ref', 'refs/heads/main', bug.base]);
  await inside(['reset', '-q', '--hard']);
  if (bug.testPatch !== '') await inside(['apply', '--index', '--whitespace=nowarn', '-'], bug.testPatch);
  await inside(['commit', '-q', '--allow-empty', '--no-verify', '-m', 'tests']);
  if (nameGoModule(path)) appendFileSync(join(folder, 'info', 'exclude'), 'go.mod\ngo.sum\n');
  return {
    path,
    fix: async (on) => {
      await inside(['apply', '--whitespace=nowarn', ...(on ? [] : ['--reverse']), '-'], bug.patch);
    },
    remove: () => removeTree(path),
  };
}

/** A folder below `room` for one bug, named as the repository is: tests may look at the name of the folder they lie in. */
export function placeFor(room: string, number: number, name: string): string {
  const path = join(room, String(number), /^[\w-][\w.@+-]*$/.test(name) && name !== 'node_modules' ? name : 'repo');
  mkdirSync(path, { recursive: true });
  return path;
}
