import { basename } from 'node:path';
import { collect, type RankInput, type Recall } from '../context/collect.ts';
import { kindOf } from '../context/kinds.ts';
import { fewOfEach } from '../context/left-out.ts';
import { pack } from '../context/pack.ts';
import { rank } from '../context/rank.ts';
import { makeResolve } from '../context/resolve.ts';
import { openIndex } from '../context/stored.ts';
import { type Notes, openNotes } from '../notes.ts';
import { openCache } from '../repo/cache.ts';
import { openTree, type Tree } from '../repo/files.ts';
import { type Git, openGit } from '../repo/git.ts';
import { readHistory } from '../repo/history.ts';
import { findInstructions } from '../safety/injection.ts';
import { makeRedactor, type Redactor } from '../safety/redact.ts';
import { exactSecrets } from '../safety/secrets.ts';
import { workspaceKey } from '../safety/workspace-key.ts';
import type { Context, Coverage, LeftOut } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import type { Failure, TestRun } from '../schema/run.ts';
import { loadTokens, rememberTokens } from '../tokens.ts';
import { version } from '../version.ts';
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
  const cache = openCache(deps.folders);
  const notes = openNotes(cache, request.root);
  const [{ input, paths, tree, git, skipped }, key] = await Promise.all([prepare(request, deps), workspaceKey(deps.folders, request.root)]);
  const exact = exactSecrets(deps.env, deps.secrets ?? [], deps.folders);
  const redactor = rememberClean(makeRedactor({ key, exact }), notes, [code, key, ...exact]);
  const recall = recallFrom(notes, tree);
  const ranking = rank(collect({ ...input, recall }));
  const packed = () => {
    const { count, guessed } = rememberTokens(notes);
    const context = pack({
      failure: request.failure,
      ranking,
      paths,
      read: tree.read,
      budgetTokens: request.budgetTokens,
      redact: redactor.redact,
      count,
      skipped,
    });
    return { context, guessed: guessed() };
  };
  let { context, guessed } = packed();
  // The vocabulary takes longer to load than all the rest of a warm run, which needs it for nothing.
  if (guessed) {
    await loadTokens();
    ({ context, guessed } = packed());
  }
  const warnings = suspicions(context, tree, recall);
  notes.save();
  return { context, tree, redactor, git, warnings };
}

/** The name of a bundled file holds a digest of its code and of what it imports: other code, other notes. */
const code = `${version} ${basename(import.meta.url)}`;

/** What is derived from a file that git knows by its content is noted by its blob id. */
function recallFrom(notes: Notes, tree: Tree): Recall {
  return (what, path, derive) => {
    const oid = tree.oid(path);
    return oid === undefined ? derive() : notes.recall(`${what} ${code} ${path} ${oid}`, derive);
  };
}

export type Prepared = {
  readonly input: RankInput;
  readonly paths: readonly string[];
  readonly tree: Tree;
  readonly git: Git | undefined;
  readonly skipped: readonly LeftOut[];
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
  const key = `index ${root}`;
  const { index, leftOut, fresh } = openIndex({ ...tree, accept: mayHoldFault }, cache.get(key));
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
  return { input, paths, tree, git, skipped: fewOfEach([...tree.leftOut, ...leftOut]) };
}

function mayHoldFault(path: string): boolean {
  const kind = kindOf(path);
  return kind === 'source' || kind === 'aside';
}

/** Text in the packed files that reads like an instruction to a model. It is sent as data; the reader is told. */
function suspicions({ manifest }: Context, tree: Tree, recall: Recall): string[] {
  const packed = new Set(manifest.entries.map(({ path }) => path));
  return [...packed].flatMap((path) => {
    const found = recall('instructions', path, () => findInstructions(path, tree.read(path) ?? ''));
    return found.map(({ line, what }) => `${path}:${line} ${what}; it was sent as data`);
  });
}
