import { collect, type RankInput } from '../context/collect.ts';
import { kindOf } from '../context/kinds.ts';
import { pack } from '../context/pack.ts';
import { rank } from '../context/rank.ts';
import { makeResolve } from '../context/resolve.ts';
import { openIndex } from '../context/stored.ts';
import { openCache } from '../repo/cache.ts';
import { openTree, type Tree } from '../repo/files.ts';
import { type Git, openGit } from '../repo/git.ts';
import { readHistory } from '../repo/history.ts';
import { findInstructions } from '../safety/injection.ts';
import { makeRedactor, type Redactor } from '../safety/redact.ts';
import { exactSecrets } from '../safety/secrets.ts';
import { workspaceKey } from '../safety/workspace-key.ts';
import type { Cache, Context, Coverage } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import type { Failure, TestRun } from '../schema/run.ts';
import { loadTokens, openTokenMemory } from '../tokens.ts';
import { rememberClean } from './redaction.ts';

export type DiagnoseRequest = {
  readonly root: string;
  readonly run: Pick<TestRun, 'failures'>;
  readonly failure: Failure;
  readonly budgetTokens: number;
  /** Files that the first bad commit changed, where it is known. */
  readonly suspectCommit?: readonly string[] | undefined;
  readonly coverage?: Coverage | undefined;
};

type ToolDeps = Pick<Deps, 'env' | 'folders' | 'signal' | 'tell' | 'secrets'>;

export type Diagnosis = {
  readonly context: Context;
  readonly tree: Tree;
  readonly redactor: Redactor;
  readonly git: Git | undefined;
  /** What the reader should know of the packed files: text in them that talks to models. */
  readonly warnings: readonly string[];
};

/** From a failure to the few thousand tokens in which the fault lies. Sends nothing; the same tree and failure give the same bytes. */
export async function diagnose(request: DiagnoseRequest, deps: ToolDeps): Promise<Diagnosis> {
  deps.tell({ type: 'stage', stage: 'diagnose', message: 'Ranking files' });
  const [{ input, paths, tree, git, cache }, key] = await Promise.all([
    prepare(request, deps),
    workspaceKey(deps.folders, request.root),
    // Loaded while git works: later counts of prompts must be exact, in a warm run too.
    loadTokens(),
  ]);
  const exact = exactSecrets(deps.env, deps.secrets ?? [], deps.folders);
  const redactor = makeRedactor({ key, exact });
  const remembered = rememberClean(redactor, cache, [key, ...exact]);
  const ranking = rank(collect(input));
  const memory = openTokenMemory(cache);
  const context = pack({
    failure: request.failure,
    ranking,
    paths,
    read: tree.read,
    budgetTokens: request.budgetTokens,
    redact: remembered.redact,
    count: memory.count,
    skipped: tree.skipped(),
  });
  memory.save();
  remembered.save();
  return { context, tree, redactor, git, warnings: suspicions(context, tree) };
}

export type Prepared = {
  readonly input: RankInput;
  readonly paths: readonly string[];
  readonly tree: Tree;
  readonly git: Git | undefined;
  readonly cache: Cache;
};

/** Gathers what the ranking needs to know of the repository. */
export async function prepare(
  { root, failure, run, suspectCommit, coverage }: DiagnoseRequest,
  { env, folders, signal }: ToolDeps,
): Promise<Prepared> {
  const git = await openGit(root, { env, signal });
  const cache = openCache(folders);
  const [tree, history] = await Promise.all([openTree(root, { git, folders, signal }), readHistory(git, cache)]);
  const paths = tree.files.map(({ path }) => path);
  const documents = tree.files.filter(({ path }) => mayHoldFault(path));
  const key = `index ${root}`;
  const { index, fresh } = openIndex(documents, cache.get(key), tree.load);
  if (fresh && git) cache.set(key, fresh);
  const input: RankInput = {
    failure,
    related: run.failures,
    documents: index.parts.flatMap((part) => part.paths.filter((_, i) => part.alive?.[i] !== 0)),
    index,
    read: tree.read,
    resolve: makeResolve(paths, tree.read),
    history,
    changed: [...tree.changed, ...(suspectCommit ?? [])],
    coverage,
  };
  return { input, paths, tree, git, cache };
}

function mayHoldFault(path: string): boolean {
  const kind = kindOf(path);
  return kind === 'source' || kind === 'aside';
}

/** Text in the packed files that reads like an instruction to a model. It is sent as data; the reader is told. */
function suspicions({ manifest }: Context, tree: Tree): string[] {
  const packed = new Set(manifest.entries.map(({ path }) => path));
  return [...packed].flatMap((path) =>
    findInstructions(path, tree.read(path) ?? '').map(({ line, what }) => `${path}:${line} ${what}; it was sent as data`),
  );
}
