import { openCache } from '../cache/cache.ts';
import { openIndex } from '../context/index/stored.ts';
import { type First, packQuestion } from '../context/pack/pack-question.ts';
import { collect } from '../context/rank/collect.ts';
import { type Ranking, rank } from '../context/rank/rank.ts';
import { makeResolve } from '../context/rank/resolve.ts';
import { settings } from '../context/rank/weights.ts';
import { openTree, type Tree } from '../repo/files.ts';
import { readHistory } from '../repo/history.ts';
import { type Named, openPlace, type Place } from '../repo/root.ts';
import type { Context } from '../schema/context.ts';
import type { Deps, Machine } from '../schema/deps.ts';
import type { Redactor } from '../schema/redactor.ts';
import { ignoredPatterns } from '../settings.ts';
import { countTokens } from '../tokens/tokens.ts';

export type Ground = Place & { readonly tree: Tree; readonly redactor: Redactor };

export type GatherRequest = {
  /** What is sought, in words. */
  readonly text: string;
  readonly budgetTokens: number;
  /** Which files may be packed. */
  readonly accept: (path: string) => boolean;
  readonly first: readonly First[];
  /** A small collection is not sent whole where there is room. */
  readonly lean?: boolean | undefined;
  /** What counts beside the words: the definitions that a diff touches, calls or changes for others. */
  readonly prefer?: ((ranking: Ranking) => Ranking) | undefined;
};

export type Gathered = { readonly context: Context; readonly cut: readonly string[] };

/** The files of a root, what git knows of it, and its redactor. */
export async function openGround(named: Named, deps: Machine & Pick<Deps, 'redactor'>): Promise<Ground> {
  const place = await openPlace(named, deps);
  const { root, git } = place;
  const ignore = ignoredPatterns(root, deps.env, deps.folders);
  const tree = await openTree(root, { git, ...deps, ignore });
  return { ...place, tree, redactor: deps.redactor };
}

/** Documents count as much as code when no test says what to look for. */
const weights = { ...settings, aside: 1 };

/** From words to the few thousand tokens that bear on them, ranked as for a failing test. Sends nothing. */
export async function gather({ tree, git, redactor }: Ground, request: GatherRequest, deps: Machine): Promise<Gathered> {
  deps.tell({ type: 'stage', stage: 'pack', message: 'Ranking files' });
  const history = await readHistory(git, openCache(deps.folders), deps.folders);
  const paths = tree.files.map(({ path }) => path);
  const documents = tree.files.filter(({ path }) => request.accept(path));
  const { index } = openIndex({ files: documents, accept: () => true, load: tree.load }, undefined);
  const asked = { id: 'question', name: request.text, kind: 'error' as const, message: request.text, frames: [] };
  const ranked = rank(
    collect(
      {
        failure: asked,
        question: true,
        related: [],
        documents: documents.map(({ path }) => path),
        index,
        read: tree.read,
        resolve: makeResolve(paths, tree.read),
        history,
        changed: tree.changed,
      },
      weights,
    ),
    weights,
  );
  const files = ranked.files.map((file) => ({
    ...file,
    evidence: file.evidence.map((one) => one.replace('the test and its output', 'the question')),
  }));
  const ranking = { ...ranked, files };
  const { cut, ...context } = packQuestion({
    ranking: request.prefer ? request.prefer(ranking) : ranking,
    first: request.first,
    lean: request.lean,
    paths: documents.map(({ path }) => path),
    read: tree.read,
    budgetTokens: request.budgetTokens,
    redact: redactor.redact,
    count: countTokens,
    skipped: tree.skipped(),
  });
  return { context, cut };
}
