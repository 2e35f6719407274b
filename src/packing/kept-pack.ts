import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { openMemo } from '../cache/memo.ts';
import type { Case } from '../case.ts';
import { openTree } from '../repo/files.ts';
import { digestState, listStatus, readState, type State } from '../repo/status.ts';
import type { Cache, Context } from '../schema/context.ts';
import type { Deps, Machine } from '../schema/deps.ts';
import type { Redactor } from '../schema/redactor.ts';
import { ignoredPatterns } from '../settings.ts';
import { version } from '../version.ts';
import type { Packed, PackRequest } from './make-pack.ts';
import { makePlaceless, withoutPlace } from './placeless.ts';
import { rememberClean } from './redaction.ts';

export type Pack = Packed & {
  /** Knows the secrets behind the placeholders of the pack. For a pack that was not made anew it reads the files that hold them first. */
  readonly redactor: () => Promise<Redactor>;
  /** Paths that differ from the index. */
  readonly changed: readonly string[];
  /** Names what lies in the work tree, where little enough differs from the index. */
  readonly tree: string | undefined;
};

/** What git says of the work tree, which takes as long as all the rest of a warm run: may be asked early where nothing changes the files meanwhile. */
export function stateOf({ git }: Pick<Case, 'git'>, { folders }: Pick<Machine, 'folders'>): Promise<State | undefined> {
  return git ? readState(git, folders) : Promise.resolve(undefined);
}

/** The name of a bundled file holds a digest of its code and of what it loads: other code, other notes. */
const code = `${version} ${basename(import.meta.url)}`;

/**
 * From a failure to the few thousand tokens in which the fault lies. Sends nothing; the same tree and failure give the same bytes, which is
 * why a pack that was made of exactly these is not made again.
 */
export async function pack(
  asked: PackRequest,
  deps: Machine & Pick<Deps, 'redactor'>,
  asking: Promise<State | undefined> = stateOf(asked, deps),
): Promise<Pack> {
  deps.tell({ type: 'stage', stage: 'pack', message: 'Ranking files' });
  const { root, git, budgetTokens, coverage, passing } = asked;
  const { folders, signal } = deps;
  const placeless = makePlaceless(root, folders.home);
  const failure = withoutPlace(asked.failure, placeless);
  const failures = asked.run.failures.map((one) => withoutPlace(one, placeless));
  const shown = asked.shown?.map(placeless);
  const ignore = [...(asked.ignore ?? []), ...ignoredPatterns(root, deps.env, folders)];
  const state = await asking;
  const changed = state ? listStatus(state).map(({ path }) => path) : [];
  const cache = openCache(folders);
  const plain = deps.redactor;
  const scope = [code, plain.scope];
  const tree = git && state ? digestState(git, state) : undefined;
  const name =
    tree &&
    nameOf([
      JSON.stringify({
        root,
        failure,
        failures,
        shown,
        places: asked.places,
        budgetTokens,
        ignore,
        coverage: [...(coverage ?? [])],
        passing: passing && [...passing],
      }),
      tree,
      ...scope,
    ]);
  const known = name && recallPack(cache, name);
  if (known) {
    const redactor = async () => {
      const { read } = await openTree(root, { git, folders, signal, state });
      for (const path of known.hidden) plain.redact(read(path) ?? '', path);
      return plain;
    };
    return { ...known.packed, redactor, changed, tree };
  }
  const { packFresh } = await import('./make-pack.ts');
  const memo = openMemo(cache, root);
  const { redactor, hidden } = rememberClean(plain, memo, scope);
  const packed = await packFresh({ ...asked, failure, run: { failures }, shown, ignore }, { state, memo, redactor, code }, deps);
  memo.save();
  if (name) cache.set(name, Buffer.from(JSON.stringify({ packed, hidden: hidden() })));
  return { ...packed, redactor: async () => redactor, changed, tree };
}

/** Packs once more, such as within another budget. What is sent of it can be put back, also where it was packed before. */
export async function packAgain(asked: PackRequest, deps: Parameters<typeof pack>[1]): Promise<Context> {
  const again = await pack(asked, deps);
  await again.redactor();
  return again.context;
}

function nameOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\0`).update(part);
  return `pack ${hash.digest('hex')}`;
}

/** `hidden`: files in which secrets were found. The pack holds placeholders; the secrets themselves are never stored. */
function recallPack(cache: Cache, name: string): { readonly packed: Packed; readonly hidden: readonly string[] } | undefined {
  const bytes = cache.get(name);
  return bytes && JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
}
