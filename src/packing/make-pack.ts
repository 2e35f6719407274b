import { openCache } from '../cache/cache.ts';
import type { Memo } from '../cache/memo.ts';
import type { Case } from '../case.ts';
import { openIndex } from '../context/index/stored.ts';
import { fewOfEach } from '../context/pack/left-out.ts';
import { pack } from '../context/pack/pack.ts';
import { collect, type RankInput, type Recall } from '../context/rank/collect.ts';
import { lift, type Shown } from '../context/rank/lift.ts';
import { rank } from '../context/rank/rank.ts';
import { makeResolve } from '../context/rank/resolve.ts';
import { kindOf } from '../context/scan/kinds.ts';
import { openTree, type Tree } from '../repo/files.ts';
import { readHistory } from '../repo/history.ts';
import type { State } from '../repo/status.ts';
import { findInstructions } from '../safety/injection.ts';
import type { Context, Coverage, LeftOut, ManifestEntry } from '../schema/context.ts';
import type { Machine } from '../schema/deps.ts';
import type { Redactor } from '../schema/redactor.ts';
import type { Report } from '../schema/report.ts';
import type { TestRun } from '../schema/run.ts';
import { countTokens } from '../tokens/tokens.ts';
import { excerpts } from './excerpts.ts';

export type PackRequest = Pick<Case, 'root' | 'git' | 'failure'> & {
  readonly run: Pick<TestRun, 'failures'>;
  readonly budgetTokens: number;
  /** What running the failing test has shown of its cause, a line each. */
  readonly shown?: readonly string[] | undefined;
  /** Where it leads. */
  readonly places?: readonly Shown[] | undefined;
  /** What was sent before: then what ranks next is packed. */
  readonly sent?: readonly ManifestEntry[] | undefined;
  readonly coverage?: Coverage | undefined;
  /** What tests ran that pass in the failing test's file. */
  readonly passing?: Coverage | undefined;
  /** Patterns of files that are never read, as in a .gitignore. */
  readonly ignore?: readonly string[] | undefined;
};

/** What a pack is made with. `code` names the code that makes it: what was noted by other code is not used. */
export type Tools = {
  readonly state: State | undefined;
  readonly memo: Memo;
  readonly redactor: Redactor;
  readonly code: string;
};

/** A pack, what the reader should know of it (text that talks to models), and the text at its foremost suspects. */
export type Packed = {
  readonly context: Context;
  readonly warnings: readonly string[];
  readonly excerpts: NonNullable<Report['excerpts']>;
};

const mostExcerpts = 8;

/** Ranks and packs. Blob by blob, what was noted before is not worked out again. */
export async function packFresh(request: PackRequest, { state, memo, redactor, code }: Tools, deps: Machine): Promise<Packed> {
  const { input, paths, tree, skipped } = await survey(request, state, deps);
  const recall: Recall = (what, path, derive) => {
    const oid = tree.oid(path);
    return oid === undefined ? derive() : memo.recall(`${what} ${code} ${path} ${oid}`, derive);
  };
  const ranking = lift(rank(collect({ ...input, recall })), request.places ?? []);
  const context = pack({
    failure: request.failure,
    failures: request.run.failures,
    shown: request.shown,
    sent: request.sent,
    ranking,
    paths,
    read: tree.read,
    budgetTokens: request.budgetTokens,
    redact: redactor.redact,
    count: countTokens,
    skipped,
  });
  return { context, warnings: suspicions(context, tree, recall), excerpts: excerpts(context.suspects, tree.read, redactor, mostExcerpts) };
}

export type Prepared = {
  readonly input: RankInput;
  readonly paths: readonly string[];
  readonly tree: Tree;
  readonly skipped: readonly LeftOut[];
};

/** Gathers what the ranking needs to know of the repository. */
export function prepare(request: PackRequest, deps: Machine): Promise<Prepared> {
  return survey(request, undefined, deps);
}

async function survey(
  { root, git, failure, run, coverage, passing, ignore }: PackRequest,
  state: State | undefined,
  { folders, signal }: Machine,
): Promise<Prepared> {
  const cache = openCache(folders);
  const indexed = async () => {
    const tree = await openTree(root, { git, folders, signal, state, ignore });
    const key = `index ${root}`;
    const { index, leftOut, fresh } = openIndex({ ...tree, accept: mayHoldFault }, cache.get(key));
    if (fresh && git) cache.set(key, fresh);
    return { tree, index, leftOut };
  };
  // git reads the history while the files are read here.
  const [history, { tree, index, leftOut }] = await Promise.all([readHistory(git, cache, folders), indexed()]);
  const paths = tree.files.map(({ path }) => path);
  const input: RankInput = {
    failure,
    related: run.failures,
    documents: index.parts.flatMap((part) => part.paths.filter((_, i) => part.alive?.[i] !== 0)),
    index,
    read: tree.read,
    resolve: makeResolve(paths, tree.read),
    history,
    changed: tree.changed,
    coverage,
    passing,
  };
  return { input, paths, tree, skipped: fewOfEach([...tree.leftOut, ...leftOut]) };
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
