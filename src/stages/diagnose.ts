import { makeResolve } from '../context/imports.ts';
import { kindOf } from '../context/kinds.ts';
import { pack } from '../context/pack.ts';
import { buildPostings } from '../context/postings.ts';
import { rank } from '../context/rank.ts';
import { collect, type RankInput } from '../context/collect.ts';
import { openTree, type Tree } from '../repo/files.ts';
import { type Git, openGit } from '../repo/git.ts';
import { readHistory } from '../repo/history.ts';
import { makeRedactor, type Redactor } from '../safety/redact.ts';
import { exactSecrets } from '../safety/secrets.ts';
import { workspaceKey } from '../safety/workspace-key.ts';
import type { Context, Coverage } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import type { Failure, TestRun } from '../schema/run.ts';
import { countTokens, loadTokens } from '../tokens.ts';

export type DiagnoseRequest = {
  readonly root: string;
  readonly run: Pick<TestRun, 'failures'>;
  readonly failure: Failure;
  readonly budgetTokens: number;
  /** Files that the first bad commit changed, where it is known. */
  readonly suspectCommit?: readonly string[] | undefined;
  readonly coverage?: Coverage | undefined;
};

type ToolDeps = Pick<Deps, 'env' | 'folders' | 'signal' | 'tell'>;

export type Diagnosis = { readonly context: Context; readonly tree: Tree; readonly redactor: Redactor; readonly git: Git | undefined };

/** From a failure to the few thousand tokens in which the fault lies. Sends nothing; the same tree and failure give the same bytes. */
export async function diagnose(request: DiagnoseRequest, deps: ToolDeps): Promise<Diagnosis> {
  deps.tell({ type: 'stage', stage: 'diagnose', message: 'Ranking files' });
  const [{ input, paths, tree, git }, key] = await Promise.all([
    prepare(request, deps),
    workspaceKey(deps.folders, request.root),
    loadTokens(),
  ]);
  const redactor = makeRedactor({ key, exact: exactSecrets(deps.env, [], deps.folders) });
  const context = pack({
    failure: request.failure,
    ranking: rank(collect(input)),
    paths,
    read: tree.read,
    budgetTokens: request.budgetTokens,
    redact: redactor.redact,
    count: countTokens,
    skipped: tree.skipped(),
  });
  return { context, tree, redactor, git };
}

export type Prepared = { readonly input: RankInput; readonly paths: readonly string[]; readonly tree: Tree; readonly git: Git | undefined };

/** Gathers what the ranking needs to know of the repository. */
export async function prepare(
  { root, failure, run, suspectCommit, coverage }: DiagnoseRequest,
  { env, folders, signal }: ToolDeps,
): Promise<Prepared> {
  const git = await openGit(root, { env, signal });
  const [tree, history] = await Promise.all([openTree(root, { git, folders, signal }), readHistory(git)]);
  const paths = tree.files.map(({ path }) => path);
  const builder = buildPostings();
  const documents = paths.filter((path) => {
    if (!['source', 'aside'].includes(kindOf(path))) return false;
    const bytes = tree.load(path);
    if (bytes) builder.add(bytes, bytes.length, path);
    return bytes !== undefined;
  });
  const input: RankInput = {
    failure,
    related: run.failures,
    documents,
    postings: builder.finish(),
    read: tree.read,
    resolve: makeResolve(paths, tree.read),
    history,
    changed: [...tree.changed, ...(suspectCommit ?? [])],
    coverage,
  };
  return { input, paths, tree, git };
}
