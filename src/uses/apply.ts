import { createHash } from 'node:crypto';
import { GlmError } from '../errors.ts';
import { nameJob } from '../jobs/find-job.ts';
import { loadReport } from '../jobs/store.ts';
import { applyPatch } from '../repo/apply.ts';
import { openPlace } from '../repo/root.ts';
import type { ApplyInput } from '../schema/input.ts';
import type { Report, Status } from '../schema/report.ts';
import type { Wiring } from '../wiring.ts';

type ApplyDeps = {
  readonly wiring: Wiring;
  readonly signal: AbortSignal;
  /** Asks the user whether a patch that is not verified may be applied where none was named. Absent: it may not. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
};

/** Puts the patch of a finished job into the user's tree: the newest proven one, or the one that was named. */
export async function apply(input: ApplyInput & { root: string }, { wiring, signal, confirm }: ApplyDeps): Promise<Report> {
  const { root, git } = await openPlace(input, { ...wiring, signal });
  if (!git)
    throw new GlmError('no_git', `${root} is not a git work tree, so there is no proven patch for it.`, {
      hint: 'Run git init and commit.',
    });
  const job = input.job === undefined ? undefined : await nameJob(wiring.jobs.store, input.job);
  const proven = await (job === undefined ? choose(wiring, git.root, confirm) : named(wiring, job, confirm));
  if (!proven?.patch) {
    throw job === undefined
      ? new GlmError('no_job', `There is no verified patch for ${root}.`, { hint: 'glm-skill fix makes one.' })
      : new GlmError('no_job', `Job ${job} is unknown or holds no patch.`, { hint: 'glm-skill jobs lists the jobs.' });
  }
  if (proven.root !== git.root) {
    throw new GlmError('bad_input', `Job ${proven.job} belongs to ${proven.root}, not to ${git.root}.`, {
      hint: `glm-skill apply ${proven.root} --job ${proven.job}`,
    });
  }
  const diff = (await wiring.jobs.store.read(proven.job ?? '', 'patch.diff')) ?? '';
  const patch = { ...proven.patch, diff };
  if (createHash('sha256').update(diff).digest('hex') !== patch.sha256) {
    throw new GlmError('tree_changed', `The stored patch of job ${proven.job} is not the one that was proven.`, {
      hint: 'Run glm-skill fix again.',
    });
  }
  const { files, undo } = await applyPatch({ git, patch, folders: wiring.folders, signal });
  const unproven = verified.has(proven.status) ? [] : [`this patch was not verified: its verdict is ${proven.status}`];
  const red = await stillRed(git.root, proven, wiring, signal);
  return {
    version: 1,
    verb: 'apply',
    status: 'applied',
    root: git.root,
    ...(proven.job && { job: proven.job }),
    summary:
      files.length === 0
        ? `Already applied: every file is as the patch makes it.${red ? ` ${red}` : ''}`
        : `Changed ${files.length} ${files.length === 1 ? 'file' : 'files'}: ${files.join(', ')}.${red ? ` ${red}` : ''}`,
    patch: proven.patch,
    warnings: [...unproven, ...(red ? [red] : [])],
    next: [`To undo: ${undo}`],
  };
}

/** The test that was mended, in the tree in which it counts. A sentence where it is not green there. */
async function stillRed(root: string, { failing, proof }: Report, wiring: Wiring, signal: AbortSignal): Promise<string | undefined> {
  if (!failing || proof?.verdict !== 'verified' || !proof.before) return undefined;
  const { runAgain } = await import('../proof/run-again.ts');
  const state = await runAgain(root, failing, proof.before, { ...wiring, signal, tell: () => {} });
  return state === 'red'
    ? `${failing.name} is still red in your tree, though it was green in the proof: undo the patch, or look at what differs.`
    : undefined;
}

const verified: ReadonlySet<Status> = new Set(['verified', 'written']);
const arguable: ReadonlySet<Status> = new Set(['improves', 'unverifiable']);

/** The patch of a job that was named. One that was put aside is applied only where the user says so: by typing its name, or when asked. */
async function named({ jobs: { store } }: Wiring, id: string, confirm: ApplyDeps['confirm']): Promise<Report | undefined> {
  const putAside = confirm && (await store.load(id))?.state === 'cancelled';
  if (putAside && !(await confirm(`The patch of job ${id} was put aside. Apply it all the same?`)))
    throw new GlmError('bad_input', `The patch of job ${id} was put aside by the user.`, {
      hint: `glm-skill apply ${id} applies it all the same.`,
    });
  return loadReport(store, id);
}

/** The newest verified patch of the root that was made for it; where there is none, the newest that does some good, if the user says yes to it. */
async function choose(wiring: Wiring, root: string, confirm: ApplyDeps['confirm']): Promise<Report | undefined> {
  const { store } = wiring.jobs;
  const jobs = (await store.list()).filter((job) => job.root === root && job.state === 'done' && job.verb !== 'prove');
  const newest = (statuses: ReadonlySet<Status>) => jobs.find(({ status }) => status && statuses.has(status));
  const sure = newest(verified);
  if (sure) return loadReport(store, sure.id);
  const unsure = newest(arguable);
  if (!unsure || !confirm) return undefined;
  const report = await loadReport(store, unsure.id);
  const question = `There is no verified patch for ${root}. That of job ${unsure.id} is not verified (${unsure.summary}). Apply it all the same?`;
  return report?.patch && (await confirm(question)) ? report : undefined;
}
