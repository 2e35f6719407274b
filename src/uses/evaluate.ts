import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GlmError } from '../errors.ts';
import { openPurse } from '../evaluating/budget.ts';
import { shuffle } from '../evaluating/deciding/random.ts';
import { type Told, tell } from '../evaluating/evaluation-report.ts';
import { gather } from '../evaluating/gather.ts';
import { climb } from '../evaluating/ladder.ts';
import { startLimit } from '../evaluating/limit.ts';
import { readAlso } from '../evaluating/other-models.ts';
import { byPrice, chooseColumns, priceOfRun } from '../evaluating/prices.ts';
import { saveCascade } from '../evaluating/save.ts';
import { fromHistory, fromList, type Source } from '../evaluating/source.ts';
import { openState } from '../evaluating/state.ts';
import { writeInstances } from '../evaluating/swe-bench.ts';
import { notTried } from '../evaluating/variant-results.ts';
import { type Git, underSignal } from '../repo/git.ts';
import { makeRoom, takeLease } from '../repo/leases.ts';
import { type Named, openPlace } from '../repo/root.ts';
import type { Deps } from '../schema/deps.ts';
import { evaluateDefaults as defaults, type EvaluateInput } from '../schema/evaluate-input.ts';
import type { Report } from '../schema/report.ts';
import { writeAtomic } from '../store.ts';
import { openElsewhere, openHere } from './past-bugs.ts';

/** The time was up before the history was read. */
const nothing: Source = { looked: 0, found: 0, candidates: [] };

/** More candidates than bugs are wanted, because most of them fall out. */
const candidatesPerBug = 12;

/**
 * Which variant is the cheapest that is good enough here: past bugs out of the repository's own history, each laid out as it stood before
 * its fix; how well packs show the known fixes; and, where money may be spent, `fix` on them from the cheapest variant upwards.
 */
export async function evaluate(input: EvaluateInput & Named, deps: Deps): Promise<Report> {
  const { git, root } = await openPlace(input, deps);
  if (!git?.head)
    throw new GlmError('no_git', `${root} is not a git repository with a commit, so it has no past bugs.`, {
      hint: 'Name a repository with its history.',
    });
  const also = (input.also ?? []).map(readAlso);
  const variants = [...chooseColumns(input.variants, deps.variants ?? []), ...also.map(({ variant }) => variant)].sort(byPrice);
  const limit = startLimit((input.minutes ?? defaults.minutes) * 60_000, deps.signal);
  const lease = await takeLease(deps.folders);
  try {
    const timed: Deps = { ...deps, signal: limit.signal };
    const state = openState(deps.folders, root);
    const source = (await limit.within(openSource(underSignal(git, limit.signal), input, timed))) ?? nothing;
    const ground = { git, room: await makeRoom(lease), state, limit, input, also, variants, candidates: source.candidates };
    const work = deps.farm ? await openElsewhere(ground, deps.farm, deps.signal) : await openHere(ground, deps);
    const hands = input.parallel ?? work.hands;
    deps.tell({
      type: 'stage',
      stage: 'gather',
      message: `${source.candidates.length} candidates in ${source.looked} changes; running their tests`,
    });
    const gathered = await gather(
      {
        state,
        candidates: source.candidates,
        most: input.bugs ?? defaults.bugs,
        hands,
        limit,
        attempt: work.attempt,
      },
      deps,
    );
    const bugs = shuffle(gathered.past, input.seed ?? defaults.seed);
    if (input.export !== undefined) await writeAtomic(resolve(input.export), writeInstances(gathered.past.map(({ bug }) => bug)), 0o644);
    const terms = { attempts: input.attempts ?? 1, maxTokens: input.max_tokens };
    const told: Told = {
      root,
      source,
      gathered,
      input,
      standings: variants.map((variant) => notTried(variant, priceOfRun(bugs, variant, terms))),
    };
    const { columns, run } = work;
    if (columns.length === 0 || bugs.length === 0) return tell({ ...told, halt: 'no_key' });
    if (input.max_cost === undefined) return tell({ ...told, halt: 'no_cap' });

    const { standings, capped } = await climb(
      {
        columns,
        bugs,
        bar: input.bar ?? defaults.bar,
        full: input.full ?? false,
        hands,
        terms,
        key: `${input.budget ?? 0}-${terms.attempts}-${terms.maxTokens ?? 0}`,
        state,
        purse: openPurse(input.max_cost),
        run,
      },
      deps,
    );
    return await keep(tell({ ...told, standings, ...(capped && { halt: 'capped' }) }), input);
  } finally {
    limit.clear();
    await lease.release();
  }
}

async function openSource(git: Git, input: EvaluateInput, deps: Deps): Promise<Source> {
  if (input.import !== undefined) {
    const text = await readFile(resolve(input.import), 'utf8').catch((cause: unknown) => {
      throw new GlmError('bad_input', `${input.import} cannot be read.`, { cause });
    });
    return fromList(git, text, input.import);
  }
  deps.tell({ type: 'stage', stage: 'mine', message: 'Looking through the history for fixes with tests' });
  return fromHistory(git, (input.bugs ?? defaults.bugs) * candidatesPerBug, deps.signal);
}

/** Writes what was chosen to where it was asked for. */
async function keep(report: Report, { save, svg }: EvaluateInput): Promise<Report> {
  const { evaluation } = report;
  if (!evaluation) return report;
  if (svg !== undefined) {
    const { plotSvg } = await import('../report/plot.ts');
    await writeAtomic(resolve(svg), plotSvg(evaluation), 0o644);
  }
  if (!save || !evaluation.cascade) return report;
  const saved = await saveCascade(report.root, evaluation.cascade);
  return { ...report, evaluation: { ...evaluation, saved }, summary: `${report.summary} Written into ${saved}.` };
}
