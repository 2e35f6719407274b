import { z } from 'zod';
import { GlmError } from '../errors.ts';
import type { Git } from '../repo/git.ts';
import type { Bug } from './bug.ts';
import { isRunnable } from './mining/candidate.ts';

/** Lists of tests are JSON inside a string in the published sets, and plain lists elsewhere. */
const Names = z
  .union([z.array(z.string()), z.string().transform((text, issue) => parseList(text) ?? issue.addIssue('not a list of names'))])
  .pipe(z.array(z.string()));

/** An instance in SWE-bench's form. */
const Instance = z.object({
  instance_id: z.string().min(1),
  repo: z.string(),
  base_commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  patch: z.string(),
  test_patch: z.string(),
  problem_statement: z.string().optional(),
  created_at: z.string().optional(),
  FAIL_TO_PASS: Names.optional(),
  PASS_TO_PASS: Names.optional(),
});

/** A list of commits: the patches are made from them. */
const Commits = z.object({
  id: z.string().min(1),
  repo: z.string(),
  base_commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  fix_commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  test_files_changed: z.array(z.string()),
  gold_files: z.array(z.string()),
  date: z.string().optional(),
});

export type Imported = {
  readonly bugs: readonly Bug[] /** Instances of other repositories, whose commits are not here. */;
  readonly elsewhere: number;
};

/** One instance a line, as `--export` writes them. */
export function writeInstances(bugs: readonly Bug[]): string {
  return bugs
    .map((bug) =>
      JSON.stringify({
        repo: bug.repo,
        instance_id: bug.id,
        base_commit: bug.base,
        patch: bug.patch,
        test_patch: bug.testPatch,
        problem_statement: bug.subject,
        hints_text: '',
        created_at: bug.date,
        version: '',
        FAIL_TO_PASS: JSON.stringify(bug.failToPass),
        PASS_TO_PASS: JSON.stringify(bug.passToPass),
        environment_setup_commit: bug.base,
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Reads JSON lines or one JSON list. Throws `bad_input` with the number of the instance that cannot be read. */
export async function readInstances(text: string, name: string, git: Git): Promise<Imported> {
  const bugs: Bug[] = [];
  let elsewhere = 0;
  for (const [at, value] of valuesIn(text, name).entries()) {
    const instance = Instance.safeParse(value).data;
    const commits = instance ? undefined : Commits.safeParse(value);
    if (!instance && !commits?.success)
      throw new GlmError(
        'bad_input',
        `${name}: instance ${at + 1} is not in SWE-bench's form: ${explain(Instance.safeParse(value).error)}.`,
        {
          hint: 'An instance has instance_id, repo, base_commit, patch and test_patch.',
        },
      );
    const made = instance ? await fromInstance(instance, git) : commits?.data && (await fromCommits(commits.data, git));
    if (made) bugs.push(made);
    else elsewhere++;
  }
  if (bugs.length === 0)
    throw new GlmError('bad_input', `${name} names no commit of this repository.`, {
      hint: 'Name the clone that the instances are from as root.',
    });
  return { bugs, elsewhere };
}

async function fromInstance(one: z.infer<typeof Instance>, git: Git): Promise<Bug | undefined> {
  if (!(await isHere(git, one.base_commit))) return undefined;
  const added = pathsIn(one.test_patch);
  return {
    id: one.instance_id,
    repo: one.repo,
    base: one.base_commit,
    date:
      one.created_at && !Number.isNaN(Date.parse(one.created_at))
        ? new Date(one.created_at).toISOString()
        : await dateOf(git, one.base_commit),
    subject: one.problem_statement?.split('\n')[0]?.slice(0, 200) ?? one.instance_id,
    patch: one.patch,
    testPatch: one.test_patch,
    tests: added.filter(isRunnable),
    gold: pathsIn(one.patch, true),
    failToPass: one.FAIL_TO_PASS ?? [],
    passToPass: one.PASS_TO_PASS ?? [],
  };
}

async function fromCommits(one: z.infer<typeof Commits>, git: Git): Promise<Bug | undefined> {
  if (!(await isHere(git, one.base_commit)) || !(await isHere(git, one.fix_commit))) return undefined;
  const between = async (paths: readonly string[]) =>
    (
      await git.run(['diff', '--no-color', '--binary', '--full-index', '--no-renames', one.base_commit, one.fix_commit, '--', ...paths])
    ).toString();
  return {
    id: one.id,
    repo: one.repo,
    base: one.base_commit,
    date: one.date ?? (await dateOf(git, one.base_commit)),
    subject: (await git.run(['log', '-1', '--format=%s', one.fix_commit])).toString().trim(),
    patch: await between(one.gold_files),
    testPatch: await between(one.test_files_changed),
    tests: one.test_files_changed.filter(isRunnable),
    gold: one.gold_files,
    failToPass: [],
    passToPass: [],
  };
}

async function isHere(git: Git, commit: string): Promise<boolean> {
  return (await git.run(['cat-file', '-t', commit], { codes: [0, 128] })).toString().trim() === 'commit';
}

async function dateOf(git: Git, commit: string): Promise<string> {
  return (await git.run(['log', '-1', '--format=%cI', commit])).toString().trim();
}

/** Paths that a diff leaves behind, or, for `before`, those that it finds. */
export function pathsIn(diff: string, before = false): string[] {
  const mark = before ? /^--- a\/(.+)$/gm : /^\+\+\+ b\/(.+)$/gm;
  return [...new Set([...diff.matchAll(mark)].map(([, path = '']) => path.replace(/\t.*$/, '')))];
}

function valuesIn(text: string, name: string): unknown[] {
  try {
    if (text.trimStart().startsWith('[')) return z.array(z.unknown()).parse(JSON.parse(text));
    return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)]));
  } catch (cause) {
    throw new GlmError('bad_input', `${name} is neither JSON lines nor a JSON list.`, { cause });
  }
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explain(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  return `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'not of the right form'}`;
}
