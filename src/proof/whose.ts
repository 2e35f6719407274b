import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../repo/git.ts';
import type { TestRun } from '../schema/run.ts';

/** A folder whose tests are not this repository's own, and what it is. */
type Elsewhere = { readonly folder: string; readonly what: 'another checkout' | 'ignored by git' | 'a vendored copy' };

/** What a command line holds on every system. */
const mostChars = 20_000;

const vendored = /^((?:.*\/)?(?:vendor|third[_-]party|node_modules|site-packages))\//;

/**
 * Sets apart what a runner collected besides the repository's own tests: other checkouts inside it (an agent's work tree, a clone), ignored
 * folders and vendored copies. They are counted in the note and never taken up. `asked` are folders and files that the user named.
 */
export async function setApart(root: string, run: TestRun, asked: readonly string[], git: Git | undefined): Promise<TestRun> {
  const files = [...new Set(run.tests.flatMap(({ file }) => (file?.includes('/') ? [file] : [])))];
  if (files.length === 0) return run;
  const found = await findElsewhere(root, files, git);
  const homes = new Map([...found].filter(([, { folder }]) => !asked.some((name) => name === folder || name.startsWith(`${folder}/`))));
  if (homes.size === 0) return run;
  const isApart = ({ file }: { readonly file?: string | undefined }) => file !== undefined && homes.has(file);
  const tests = run.tests.filter((test) => !isApart(test));
  // A repository may hold nothing but generated tests: another checkout is never its own, the rest is where nothing else is.
  if (tests.length === 0 && ![...homes.values()].some(({ what }) => what === 'another checkout')) return run;
  const failures = run.failures.filter((failure) => !isApart(failure));
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const flaky = run.flaky?.tests.filter(({ id }) => tests.some((test) => test.id === id)) ?? [];
  return {
    ...run,
    tests,
    failures,
    flaky: flaky.length > 0 ? { count: flaky.length, tests: flaky } : undefined,
    outcome: outcomeOf(run, failures.length, count('passed')),
    collected: tests.length,
    passed: count('passed'),
    failed: failures.length,
    skipped: count('skipped'),
    note: [run.note, noteOf(run, homes)].filter(Boolean).join(' '),
  };
}

function outcomeOf(run: TestRun, failed: number, passed: number): TestRun['outcome'] {
  if (failed > 0 || (run.outcome !== 'red' && run.outcome !== 'green')) return run.outcome;
  if (run.complete === false) return 'crashed';
  return passed > 0 ? 'green' : 'no_tests';
}

function noteOf(run: TestRun, homes: ReadonlyMap<string, Elsewhere>): string {
  const folders = [...new Map([...homes.values()].map((home) => [home.folder, home])).values()];
  const said = folders.slice(0, 5).map(({ folder, what }) => {
    const own = run.tests.filter(({ file }) => file !== undefined && homes.get(file)?.folder === folder);
    const bad = own.filter(({ status }) => status === 'failed').length;
    return `${own.length} in ${folder} (${what}${bad > 0 ? `; ${bad} fail` : ''})`;
  });
  const more = folders.length > 5 ? ` and in ${folders.length - 5} more folders` : '';
  return `Set apart, as not the repository's own tests: ${said.join(', ')}${more}.`;
}

async function findElsewhere(root: string, files: readonly string[], git: Git | undefined): Promise<Map<string, Elsewhere>> {
  const found = new Map<string, Elsewhere>();
  const checkouts = new Map<string, boolean>();
  for (const file of files) {
    const folder = foldersOf(file).find((path) => {
      if (!checkouts.has(path)) checkouts.set(path, isCheckout(join(root, path)));
      return checkouts.get(path);
    });
    const copy = vendored.exec(file)?.[1];
    if (folder !== undefined) found.set(file, { folder, what: 'another checkout' });
    else if (copy !== undefined) found.set(file, { folder: copy, what: 'a vendored copy' });
  }
  const rest = files.filter((file) => !found.has(file));
  for (const file of await ignoredBy(root, rest, git)) {
    const folder = file.split('/').slice(0, -1).join('/');
    found.set(file, { folder, what: 'ignored by git' });
  }
  return found;
}

async function ignoredBy(root: string, files: readonly string[], git: Git | undefined): Promise<string[]> {
  if (!git || files.length === 0) return [];
  // Of the named files alone where they fit a command line: a list of all that is ignored walks the whole tree.
  const few = files.join(' ').length < mostChars;
  const list = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', ...(few ? ['--', ...files] : ['--directory'])];
  const ignored = (await git.run(list, { cwd: root, codes: [0, 128] })).toString().split('\0').filter(Boolean);
  const single = new Set(ignored);
  const folders = ignored.filter((path) => path.endsWith('/'));
  return files.filter((file) => single.has(file) || folders.some((folder) => file.startsWith(folder)));
}

/** The folders above a file, the outermost first. */
const foldersOf = (file: string) =>
  file
    .split('/')
    .slice(0, -1)
    .map((_part, index, all) => all.slice(0, index + 1).join('/'));

/** A clone, or a linked work tree; a submodule belongs to the repository. */
function isCheckout(folder: string): boolean {
  const mark = join(folder, '.git');
  if (!existsSync(mark)) return false;
  return statSync(mark).isDirectory() || /^gitdir: .*[\\/]worktrees[\\/]/.test(readFileSync(mark, 'utf8'));
}
