import { join } from 'node:path';
import type { Case } from '../case.ts';
import { ranFiles } from '../coverage/ran.ts';
import { type Pack, pack, packAgain, stateOf } from '../packing/kept-pack.ts';
import { checkReplay, readManifest } from '../packing/replay.ts';
import { type Named, openPlace } from '../repo/root.ts';
import type { Context } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import { type ContextInput, type DiagnoseInput, defaults } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { writeAtomic } from '../store.ts';
import { chooseVariants, makeOffer, type Offer } from '../talk/offer.ts';
import { takeUp } from './find.ts';

type Packed = {
  readonly report: Report;
  readonly found: Case;
  readonly pack: Pack;
  readonly offer: Offer;
  /** The same failure within another budget. */
  readonly repack: (budgetTokens: number) => Promise<Context>;
};

/** From the tests to a priced pack, or the report that ends earlier because nothing fails or nothing could be run. */
export async function packFailure(verb: string, input: DiagnoseInput & Named, deps: Deps): Promise<Report | Packed> {
  const variants = chooseVariants(input.variant, deps.variants);
  const place = await openPlace(input, deps);
  // Nothing is run where a report is given, so the files stay as they are while it is read.
  const state = (input.report ?? input.log) === undefined ? undefined : stateOf(place, deps);
  state?.catch(() => {});
  const { report: red, found } = await takeUp(verb, place, input, deps);
  if (!found) return red;
  const wanted = input.replay === undefined ? undefined : readManifest(input.replay);
  const budgetTokens = wanted?.budgetTokens ?? input.budget ?? defaults.budgetTokens;
  const traced = found.run.rerun ? await (await import('../coverage/trace.ts')).trace(found, deps) : undefined;
  // What runs show varies with the run; a pack by itself is the same for the same tree.
  const { cause, ...shown } = verb === 'context' ? {} : await (await import('./cause.ts')).shownFor(found, deps);
  const packing = { ...found, budgetTokens, ...shown, ...traced };
  const made = await pack(packing, deps, state);
  const { context } = made;
  if (wanted) checkReplay(wanted, context.manifest, made.changed);
  const contextFile = await keepPack(context, deps);
  const { git } = found;
  const { file } = found.failure;
  if (git && made.tree) deps.rests?.({ git, tree: made.tree, files: [contextFile, ...(file ? [join(found.root, file)] : [])] });
  const offer = makeOffer(context.manifest.tokens, variants, input.max_tokens);
  const report: Report = {
    ...red,
    warnings: [...red.warnings, ...made.warnings],
    ...(cause && { cause }),
    suspects: [...context.suspects],
    ...(traced && { ran: ranFiles(traced) }),
    manifest: context.manifest,
    contextFile,
    estimate: offer.estimate,
  };
  const repack = (tokens: number) => packAgain({ ...packing, budgetTokens: tokens }, deps);
  return { report, found, pack: made, offer, repack };
}

/** The whole pack in a 0600 file that is named by what it holds, so that the same tree gives the same report. */
async function keepPack({ manifest, text }: Context, { folders }: Deps): Promise<string> {
  const path = join(folders.cache, 'packs', `${manifest.bundle.slice(0, 32)}.md`);
  await writeAtomic(path, text);
  return path;
}

/**
 * Packs the context of the failing test: suspects, excerpts, manifest and price. Sends nothing, needs no key. The same tree and failure give
 * the same report: it holds no times.
 */
export async function context(input: ContextInput & Named, deps: Deps): Promise<Report> {
  const packed = await packFailure('context', input, deps);
  if (!('pack' in packed)) return packed;
  const { excerpts } = packed.pack;
  const { manifest } = packed.pack.context;
  const { run: _timed, ...timeless } = packed.report;
  return {
    ...timeless,
    status: 'packed',
    excerpts: [...excerpts],
    summary: `${manifest.entries.length} pieces of ${manifest.tokens} tokens for ${packed.report.failing?.name}; the whole pack is in the context file.`,
  };
}
