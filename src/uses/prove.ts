import { GlmError } from '../errors.ts';
import { readAnswer } from '../glm/prompts/answer.ts';
import { isTestName, readAllowed } from '../patch/judge/rules.ts';
import { placeEdits } from '../patch/place/place-edits.ts';
import { readEdits } from '../patch/read/edits.ts';
import { startProof } from '../proof/prove.ts';
import { type Git, openGit } from '../repo/git.ts';
import { openPlace, type Place } from '../repo/root.ts';
import { surveyTree } from '../repo/survey.ts';
import { uncommitted } from '../repo/uncommitted.ts';
import { makeWorktree, type Worktree } from '../repo/worktree.ts';
import { deniedPath } from '../safety/paths.ts';
import type { Deps } from '../schema/deps.ts';
import type { ProveInput } from '../schema/input.ts';
import type { FileChange } from '../schema/patch.ts';
import type { Report } from '../schema/report.ts';
import type { Suite } from '../schema/run.ts';
import { tellProof } from '../talk/conclude.ts';
import { type TakenUp, takeUp } from './find.ts';

/** Proves a patch of anybody's: a diff, edits in blocks, a whole answer of a model, or the uncommitted change itself. Asks no model. */
export async function prove(input: ProveInput & { root: string }, deps: Deps): Promise<Report> {
  if ((input.patch === undefined) === !input.worktree)
    throw new GlmError('bad_input', 'Name either a patch or the work tree.', {
      hint: 'glm-skill prove --patch FILE, or prove --worktree.',
    });
  const allow = readAllowed(input.allow);
  const place = await openPlace(input, deps);
  const { root, git } = place;
  if (!git?.head)
    throw new GlmError('no_git', `${root} is not a git repository with a commit, so a patch cannot be proven there.`, {
      hint: 'Run git init, commit, and try again.',
    });
  const base = { commit: git.head, clean: input.clean === true };
  if (!input.worktree && !input.clean)
    return { ...(await proveAt({ input, deps, allow, place, git }, (read) => readPatch(input.patch ?? '', read))), base };
  const before = await makeWorktree({ git, survey: await surveyTree(git), folders: deps.folders, signal: deps.signal, tell: deps.tell });
  try {
    const changes = await uncommitted(git, before.read);
    const own = input.clean ? changes : changes.filter(({ path }) => !isTestName(path));
    if (input.worktree && own.length === 0)
      throw new GlmError('bad_input', 'The work tree changes no code: there is nothing to prove.', { hint: 'Tests alone are no patch.' });
    before.put(own.map(({ path, before: old, after }) => ({ path, before: after, after: old })));
    const inner = await openGit(before.path, deps);
    if (!inner) throw new Error('a worktree without git');
    const change = (read: Worktree['read']) => (input.worktree ? own : readPatch(input.patch ?? '', read));
    const inside = { ...place, root: before.path, git: inner };
    const report = await proveAt({ input, deps, allow, place: inside, git: inner }, change);
    return { ...report, root, base };
  } finally {
    await before.remove();
  }
}

type Ground = {
  readonly input: ProveInput;
  readonly deps: Deps;
  readonly allow: readonly string[];
  readonly place: Place;
  readonly git: Git;
};

async function proveAt(
  { input, deps, allow, place, git }: Ground,
  changesOf: (read: Worktree['read']) => readonly FileChange[],
): Promise<Report> {
  const { report: red, found } = await takeUp('prove', place, input, deps);
  if (!found) {
    const nothing = `${red.summary} Without a red test there is nothing that the patch could be shown to mend.`;
    return red.status === 'green' ? { ...red, status: 'unverifiable', summary: nothing } : red;
  }
  const { run, groups } = found;
  const { failure, suite } = input.test === undefined ? nearestTo(input.patch ?? '', found) : found;
  const asked = run.failures.filter(({ id }) => id !== failure.id);
  const causes = input.test === undefined ? groups.map(({ ids }) => ids) : undefined;
  const prover = await startProof({ ...found, suite, git, failures: [failure, ...asked], causes, allow }, deps);
  try {
    const changes = changesOf(prover.read);
    const { proof, patch, refusals } = await prover.prove(changes);
    const why = refusals.length > 0 ? refusals.map(({ message }) => message).join(' ') : tellProof(proof, patch);
    return { ...red, status: proof.verdict, summary: why, proof, ...(patch && { patch }), next: [] };
  } finally {
    await prover.remove();
  }
}

type Found = NonNullable<TakenUp['found']>;

/** Where several packages are red, the failure of one that the patch names files of. */
function nearestTo(patch: string, found: Pick<Found, 'failure' | 'suite' | 'suites' | 'run'>): Pick<Found, 'failure' | 'suite'> {
  const holds = ({ cwd }: Suite, path: string | undefined) => cwd === '' || (path?.startsWith(`${cwd}/`) ?? false);
  const named = (found.suites ?? []).filter(({ cwd }) => cwd !== '' && patch.includes(`${cwd}/`));
  if (named.length === 0 || named.some((suite) => holds(suite, found.failure.file))) return found;
  const failure = found.run.failures.find(({ file }) => named.some((suite) => holds(suite, file)));
  const suite = named.find((one) => holds(one, failure?.file));
  return failure && suite ? { failure, suite } : found;
}

/** Edits in whatever form they come, placed on the files as they are. Throws `bad_input` where they cannot be read or do not fit. */
function readPatch(text: string, read: Worktree['read']): readonly FileChange[] {
  const plain = readEdits(text);
  const { edits, problems } = plain.edits.length > 0 && plain.problems.length === 0 ? plain : readEdits(readAnswer(text).editsText);
  const seen = (path: string) => (deniedPath(path) === undefined ? read(path) : undefined);
  const placed = problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, seen);
  const [failed] = placed.failures;
  if (failed)
    throw new GlmError('bad_input', `The patch does not fit: ${failed.path}: ${failed.message}`, {
      hint: 'Make it again from the files as they are.',
    });
  if (placed.changes.length === 0)
    throw new GlmError('bad_input', 'There is no patch in what was given.', {
      hint: 'A unified diff, SEARCH/REPLACE blocks or a whole answer.',
    });
  return placed.changes;
}
