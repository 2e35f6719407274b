import type { Machine } from '../schema/deps.ts';
import type { Standing } from '../schema/evaluation.ts';
import { unknown } from '../schema/model.ts';
import type { Past } from './attempt.ts';
import type { Purse } from './budget.ts';
import { decide } from './deciding/sequential.ts';
import { inParallel } from './in-parallel.ts';
import { priceOfBug, priceOfRun } from './prices.ts';
import { type Column, paidOf, Ran, type Tried } from './running.ts';
import type { State } from './state.ts';
import { notTried, standingOf } from './variant-results.ts';

/** `One`: a variant, and what is known of whom to ask for it. */
export type Climb<One extends Pick<Column, 'variant'>> = {
  /** The cheapest first. */
  readonly columns: readonly One[];
  /** In the order in which they are tried, the same for all variants. */
  readonly bugs: readonly Past[];
  readonly bar: number;
  /** Every variant on every bug, for a comparison that is complete. */
  readonly full: boolean;
  readonly hands: number;
  readonly terms: { readonly attempts: number; readonly maxTokens: number | undefined };
  /** Names what results hang on beside variant and bug. */
  readonly key: string;
  readonly state: State;
  readonly purse: Purse;
  /** Tries one bug for at most so much. Undefined: that was not enough, and nothing was asked. */
  readonly run: (past: Past, column: One, capUsd: number, name: string) => Promise<Ran | undefined>;
};

export type Climbed = { readonly standings: readonly Standing[]; readonly capped: boolean };

/** From the cheapest variant upwards, until one meets the bar, or the money is gone. What was tried before is not tried again. */
export async function climb<One extends Pick<Column, 'variant'>>(asked: Climb<One>, deps: Machine): Promise<Climbed> {
  const standings: Standing[] = [];
  const aside = new Set<string>();
  let met = false;
  let capped = false;
  for (const column of asked.columns) {
    const price = priceOfRun(asked.bugs, column.variant, asked.terms);
    const fresh = notTried(column.variant, price);
    if (met || capped || fresh.standing === 'no_price') standings.push(fresh);
    else {
      const tried = await tryVariant(column, aside, asked, deps);
      capped ||= tried.capped;
      const standing = standingOf(fresh, tried);
      met ||= standing.standing === 'meets' && !asked.full;
      standings.push(standing);
    }
  }
  return { standings, capped };
}

async function tryVariant<One extends Pick<Column, 'variant'>>(
  column: One,
  aside: Set<string>,
  asked: Climb<One>,
  deps: Machine,
): Promise<Tried> {
  const { bugs, state, purse, hands, bar, full, terms } = asked;
  const results = new Map<string, Ran>();
  const name = ({ bug }: Past) => `runs/${asked.key}/${column.variant.id}/${bug.id}`;
  let capped = false;
  let at = 0;
  const look = () => {
    const open = bugs.filter(({ bug }) => !aside.has(bug.id));
    const gap = open.findIndex(({ bug }) => !results.has(bug.id));
    const prefix = open.slice(0, gap < 0 ? open.length : gap).flatMap(({ bug }) => {
      const ran = results.get(bug.id);
      return ran ? [{ id: bug.id, ran }] : [];
    });
    const seen = decide(
      open.length,
      prefix.map(({ ran }) => ran.outcome === 'solved'),
      bar,
    );
    const solved = prefix.filter(({ ran }) => ran.outcome === 'solved').length;
    if (!full) return { ...seen, total: open.length, prefix: prefix.slice(0, seen.looks) };
    return { ...seen, ...(gap < 0 && { low: solved, high: solved }), total: open.length, prefix };
  };
  const next = () => {
    if (capped || (!full && look().verdict !== 'undecided')) return undefined;
    while (at < bugs.length && aside.has(bugs[at]?.bug.id ?? '')) at++;
    return bugs[at++];
  };
  const take = (past: Past, ran: Ran) => {
    if (ran.outcome === 'aside') aside.add(past.bug.id);
    else results.set(past.bug.id, ran);
    const { verdict, prefix, total } = look();
    const solved = prefix.filter(({ ran: { outcome } }) => outcome === 'solved').length;
    deps.tell({
      type: 'stage',
      stage: 'try',
      message: `${column.variant.id}: ${solved} of ${prefix.length} solved, ${total} bugs, ${verdict}`,
    });
  };
  const work = async (past: Past) => {
    const known = state.get(name(past), Ran);
    if (known) {
      // What was paid in a run that was stopped is part of what all of it may cost.
      purse.settle(0, paidOf(known, 0));
      return take(past, known);
    }
    const high = priceOfBug(past, column.variant, terms)?.high ?? 0;
    const put = high === unknown ? 0 : high * margin;
    if (!(await purse.reserve(put))) {
      capped = true;
      return;
    }
    let paid = 0;
    try {
      const ran = await asked.run(past, column, put, name(past));
      if (!ran) capped = true;
      else {
        paid = paidOf(ran, put);
        // What did not show this time may show the next.
        if (ran.outcome !== 'aside') await state.set(name(past), ran);
        take(past, ran);
      }
    } finally {
      purse.settle(put, paid);
    }
  };
  await inParallel(hands, next, work, deps.signal);
  return { ...look(), results, capped };
}

/** The pack of the run itself may be a little larger than the one that was priced. */
const margin = 1.15;
