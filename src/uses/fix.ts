import { ranFiles } from '../coverage/ran.ts';
import { GlmError } from '../errors.ts';
import { pack, packAgain } from '../packing/kept-pack.ts';
import { makePlaceless, withoutPlace } from '../packing/placeless.ts';
import { readAllowed } from '../patch/judge/rules.ts';
import { startProof } from '../proof/prove.ts';
import { type Named, openPlace } from '../repo/root.ts';
import type { ManifestEntry } from '../schema/context.ts';
import type { Deps } from '../schema/deps.ts';
import { defaults, type FixInput } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { cascade } from '../talk/cascade.ts';
import { capped, needsKey, tellKeyless } from '../talk/ending.ts';
import { chooseVariants, makeOffer } from '../talk/offer.ts';
import { shrinking } from '../talk/shrink.ts';
import { shownFor } from './cause.ts';
import { takeUp } from './find.ts';
import { firstSteady, unsteady } from './steady.ts';

/** With less room than this, nothing more of the repository is packed after a failed round. */
const leastWiden = 500;

/**
 * The whole product on one page: run the tests, take up the failure, make sure it is no flake, pack what matters, price it, lay out a
 * worktree in which the failure shows, ask, place, judge and prove until it is verified. The user's files stay as they are.
 */
export async function fix(input: FixInput & Named, deps: Deps): Promise<Report> {
  const untilMs = input.max_time === undefined ? undefined : deps.now() + input.max_time * 1000;
  const variants = chooseVariants(input.variant, deps.variants);
  const allow = readAllowed(input.allow);
  const place = await openPlace(input, deps);
  const { git } = place;
  if (!git?.head)
    throw new GlmError('no_git', `${place.root} is not a git repository with a commit, so a patch cannot be proven there.`, {
      hint: 'Run git init, commit, and try again; find and context work without git.',
    });

  tellKeyless(deps);
  const { report, found: taken } = await takeUp('fix', place, input, deps);
  if (report.status === 'green') return { ...report, status: 'nothing_to_fix', summary: `Nothing to fix. ${report.summary}` };
  if (!taken) return report;

  const { found, flake, trace, passedOver } = await firstSteady(taken, input.flaky === true, deps);
  const { failure, run, groups } = found;
  const red: Report = { ...report, failing: failure, groups: [...groups], warnings: [...report.warnings, ...passedOver] };
  const word = unsteady(flake);
  if (word !== undefined && !input.flaky) {
    const status = flake.verdict === 'flaky' ? 'flaky' : 'environment';
    return { ...red, flake, status, summary: `${failure.name} is ${word}: ${flake.why}. Nothing was sent.` };
  }

  const { cause: seen, ...shown } = await shownFor(found, deps);
  const packing = { ...found, budgetTokens: input.budget ?? defaults.budgetTokens, ...shown, ...trace };
  const { context, excerpts, redactor, warnings } = await pack(packing, deps);
  const offer = makeOffer(context.manifest.tokens, variants, input.max_tokens);
  const contextFile = await deps.keep('context.md', context.text);
  const packed: Report = {
    ...red,
    warnings: [...red.warnings, ...warnings],
    flake,
    ...(seen && { cause: seen }),
    suspects: [...context.suspects],
    ...(trace && { ran: ranFiles(trace) }),
    manifest: context.manifest,
    contextFile,
    estimate: offer.estimate,
  };
  const refused = capped(packed, input.max_cost);
  if (refused) return refused;
  if (!deps.ask) return needsKey(packed, excerpts);

  deps.tell({ type: 'stage', stage: 'worktree', message: 'laying out a worktree and making the test red in it' });
  const cause = new Set(found.groups[0]?.ids);
  // What the user narrowed to is what has to become green, all of it.
  const asked = run.failures.filter(({ id }) => id !== failure.id && (input.test !== undefined || cause.has(id)));
  const failures = [failure, ...asked];
  const placeless = makePlaceless(place.root, deps.folders.home);
  const prover = await startProof({ ...found, git, failures, allow, ahead: true }, deps);
  try {
    if (prover.problem) return { ...packed, status: 'unverifiable', summary: prover.problem };
    const widen = async (sent: readonly ManifestEntry[]) => {
      const left = packing.budgetTokens - sent.reduce((sum, { tokens }) => sum + tokens, 0);
      if (left < leastWiden) return undefined;
      const more = await packAgain({ ...packing, budgetTokens: left, sent }, deps);
      return more.manifest.entries.some(({ form }) => form !== 'outline') ? more : undefined;
    };
    const { said, later, ...result } = await cascade(
      {
        context,
        failure: withoutPlace(failure, placeless),
        failures: failures.map((one) => withoutPlace(one, placeless)),
        run,
        prover,
        redactor: await redactor(),
        offer,
        attempts: input.attempts ?? defaults.attempts,
        capUsd: input.max_cost,
        untilMs,
        language: input.language,
        smaller: shrinking(context, (budgetTokens) => packAgain({ ...packing, budgetTokens }, deps)).smaller,
        widen,
      },
      { ...deps, ask: deps.ask },
    );
    const manifest = { ...context.manifest, entries: [...context.manifest.entries, ...later] };
    return { ...packed, ...result, manifest, warnings: [...packed.warnings, ...said] };
  } finally {
    await prover.remove();
  }
}
