import { messageOf } from '../errors.ts';
import { judge } from '../patch/judge/judge.ts';
import { surveyTree } from '../repo/survey.ts';
import { makeWorktree } from '../repo/worktree.ts';
import type { Machine } from '../schema/deps.ts';
import type { FileChange } from '../schema/patch.ts';
import type { Suite } from '../schema/run.ts';
import { filesOf, runWhole, type Whole } from './all-suites.ts';
import { ofSuite, openBaseline } from './baseline.ts';
import { summaryOf } from './compare.ts';
import { orderSuites } from './order-suites.ts';
import { makeIsTest } from './reach/test-files.ts';
import { openSite, type Site } from './site.ts';
import { tryPatch } from './trial.ts';
import type { ProofRequest, Prover } from './types.ts';

/**
 * Lays out two worktrees, makes the failures red in the first one and leaves it unpatched: every suite runs there in the background, while
 * a model is asked or once a patch has shown some good. Patches are tried in the second one, so that a bad one is refused without waiting
 * for the rest.
 */
export async function startProof(asked: ProofRequest, deps: Machine): Promise<Prover> {
  const request = { ...asked, failures: ofSuite(asked.suite, asked.failures) };
  const { git } = request;
  const survey = await surveyTree(git);
  const lay = (tell: Machine['tell']) => makeWorktree({ git, survey, folders: deps.folders, signal: deps.signal, tell });
  const worktree = await lay(deps.tell);
  const background = new AbortController();
  const signal = AbortSignal.any([background.signal, ...(deps.signal ? [deps.signal] : [])]);
  // One right after the other, so that they hold the same bytes, whatever the user does meanwhile.
  const other = lay(() => {}).catch(keep);
  let second: Promise<Site | Error> | undefined;
  const removeAll = async () => {
    background.abort();
    await second;
    const made = await other;
    if (!(made instanceof Error)) await made.remove();
    await worktree.remove();
  };
  try {
    const { site: plain, run, seen: shown, problem } = await openBaseline(request, worktree, deps);
    const setup = { ...request, envNames: request.envNames ?? [], sandbox: plain.sandbox };
    const patched = async () => {
      second ??= other
        .then((made) => {
          if (made instanceof Error) throw made;
          return openSite({ ...setup, worktree: made }, { ...deps, tell: () => {} });
        })
        .catch(keep);
      const site = await second;
      if (site instanceof Error) throw site;
      return site;
    };
    const near = [request.suite, ...(request.suites ?? []).filter((one) => !isSame(one, request.suite))];
    const suites = orderSuites(near, filesOf(request.failures), worktree.read);
    const time = () => ({ now: deps.now, untilMs: deps.now() + request.timeoutMs, signal });
    let whole: Promise<Whole | Error> | undefined;
    const begin = () => {
      if (problem === undefined) whole ??= runWhole(plain, suites, request.failures, time()).catch(keep);
    };
    if (request.ahead) begin();
    const collected = new Set([...run.tests, ...request.failures].flatMap(({ file }) => file ?? []));
    const isTest = makeIsTest({ paths: worktree.paths, read: worktree.read, collected });
    const review = (changes: readonly FileChange[]) =>
      judge(changes, { isTest, allow: request.allow, look: worktree.look, paths: worktree.paths });
    const usual = new Set(worktree.altered());
    const seen = async () => {
      begin();
      const found = await whole;
      if (found instanceof Error) throw found;
      for (const { run: one } of found?.parts ?? []) for (const { file } of one.tests) if (file) collected.add(file);
      return found ?? { parts: [], left: [] };
    };
    return {
      baseline: summaryOf(run),
      problem,
      notes: worktree.notes,
      read: worktree.read,
      paths: worktree.paths,
      judge: review,
      prove: (changes) =>
        tryPatch({ request, plain, patched, run, shown, problem, suites, whole: seen, begin, review, isTest, usual }, changes, deps),
      remove: async () => {
        background.abort();
        await whole;
        await removeAll();
      },
    };
  } catch (error) {
    await removeAll();
    throw error;
  }
}

function isSame(one: Suite, other: Suite): boolean {
  return one === other || (one.cwd === other.cwd && one.runner === other.runner && one.argv.join('\0') === other.argv.join('\0'));
}

/** A rejection that nobody awaits yet must not end the process. */
function keep(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}
