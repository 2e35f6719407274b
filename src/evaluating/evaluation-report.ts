import type { EvaluateInput } from '../schema/evaluate-input.ts';
import { evaluateDefaults as defaults } from '../schema/evaluate-input.ts';
import type { Evaluation, Standing } from '../schema/evaluation.ts';
import { unknown } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { chooseCascade } from './deciding/cascade.ts';
import type { Gathered } from './gather.ts';
import { Reason, reasons } from './reasons.ts';
import type { Source } from './source.ts';

export type Told = {
  readonly root: string;
  readonly source: Source;
  readonly gathered: Gathered;
  readonly input: EvaluateInput;
  readonly standings: readonly Standing[];
  /** Why nobody is asked, or no more. Absent: all that was to be asked was asked. */
  readonly halt?: 'no_cap' | 'no_key' | 'capped' | undefined;
};

/** The report of an evaluation: the data set, how the variants stand, and what to do with it. */
export function tell(told: Told): Report {
  const evaluation = evaluationOf(told);
  const { bugs } = evaluation;
  const base = {
    version: 1,
    verb: 'evaluate',
    root: told.root,
    evaluation,
    warnings: warningsOf(evaluation, told.gathered),
    next: [],
  } as const;
  const report = { ...base, warnings: [...base.warnings] };
  if (bugs.length === 0)
    return {
      ...report,
      status: 'measured',
      summary: 'No past bug was found that is red without its fix and green with it.',
      next: ['Read why the candidates fell out; more of the history is tried with a larger --bugs and more --minutes.'],
    };
  const many = bugs.length === 1 ? '1 past bug' : `${bugs.length} past bugs`;
  const price = cheapestPrice(evaluation.variants);
  if (told.halt === 'no_key')
    return {
      ...report,
      status: 'measured',
      summary: `${many}; no key was found, so nobody was asked.`,
      next: ['Set RUNAPI_API_KEY (keys: https://runapi.ai/api_keys) and give --max-cost.'],
    };
  if (told.halt === 'no_cap')
    return {
      ...report,
      status: 'measured',
      summary: `${many}; nobody was asked, because nothing may be spent.`,
      next: [`glm-skill evaluate --max-cost ${price} tries the variants on them, from the cheapest upwards.`],
    };
  const chosen = chooseCascade(evaluation.variants);
  if (chosen) {
    const setting = chosen.variants.join(',');
    return {
      ...report,
      status: 'evaluated',
      summary: `${chosen.why}.`,
      evaluation: { ...evaluation, cascade: [...chosen.variants], cascadeWhy: chosen.why },
      next: told.input.save ? [] : [`glm-skill evaluate --save … writes "variant": "${setting}" into glm-skill.config.json`],
    };
  }
  if (told.halt === 'capped')
    return {
      ...report,
      status: 'over_cap',
      summary: `The cap of $${told.input.max_cost} stands in the way of going on; what was paid for is kept.`,
      next: ['Raise --max-cost: the run goes on from where it stopped.'],
    };
  return {
    ...report,
    status: 'evaluated',
    summary: `No variant meets the bar of ${Math.round(evaluation.bar * 100)} % here.`,
    next: ['Lower --bar, raise --attempts or --budget, or name stronger variants.'],
  };
}

function evaluationOf({ source, gathered: { past, out }, input, standings }: Told): Evaluation {
  return {
    looked: source.looked,
    candidates: source.found,
    tried: past.length + out.length,
    fellOut: Reason.options.flatMap((reason) => {
      const [first, ...more] = out.filter((one) => one.reason === reason);
      return first ? [{ why: reasons[reason], count: more.length + 1, example: `${first.id.slice(0, 10)}: ${first.why}` }] : [];
    }),
    bugs: past.map(({ bug, runner, measures: { inFive, lines, tokens } }) => ({
      id: bug.id,
      subject: bug.subject,
      tests: bug.failToPass.length,
      runner,
      inFive,
      lines,
      tokens,
    })),
    bar: input.bar ?? defaults.bar,
    seed: input.seed ?? defaults.seed,
    variants: [...standings],
  };
}

function warningsOf({ bugs, variants }: Evaluation, { ended }: Gathered): string[] {
  const unpriced = variants.filter(({ standing }) => standing === 'no_price').map(({ variant }) => variant);
  return [
    ...(ended ? [timeNote(ended)] : []),
    ...(bugs.length > 0 && bugs.length < few ? [`Only ${bugs.length} past bugs: what holds for them says little about the next one.`] : []),
    ...(unpriced.length > 0 ? [`Left out because the price is not known: ${unpriced.join(', ')}. Say it with --price.`] : []),
  ];
}

/** The same command goes on from there. */
function timeNote({ left, waiting }: NonNullable<Gathered['ended']>): string {
  const wait = waiting > 0 ? `, ${waiting} of them for want of packages that were not installed yet` : '';
  return `The time was up with ${left} candidates untried${wait}; the same command goes on with them.`;
}

const few = 10;

/** What the cheapest variant takes over all bugs, rounded up to what one would type. */
function cheapestPrice(variants: readonly Standing[]): string {
  const [first] = variants.flatMap(({ highUsd }) => (highUsd === unknown ? [] : [highUsd]));
  return first === undefined ? 'USD' : (Math.ceil(first * 100) / 100).toFixed(2);
}
