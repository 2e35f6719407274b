import type { Since } from '../schema/run.ts';
import { maxOdds, maxPasses, oddsOf, passesNeeded } from './odds.ts';
import type { Probe } from './probe-commit.ts';

export type Found = { readonly verdict: Since['verdict']; readonly why: string; readonly index?: number };

const unknown = (why: string): Found => ({ verdict: 'unknown', why });
const todayRuns = 3;

/**
 * Halves the range between a commit seen good and one seen red; unclear commits are stepped over to the nearest that can be told. Red is
 * certain; good is a test that passes so often, or fails in another way, that chance is below one in a hundred.
 */
export async function search(shas: readonly string[], probe: Probe): Promise<Found> {
  const last = shas.length - 1;
  const sha = (index: number) => shas[index] ?? '';
  for (let run = 0; run < todayRuns && probe.left(); run++) {
    const seen = await probe.today();
    if (seen === 'unclear') return unknown('The test cannot be run in a worktree of its own.');
    if (seen === 'other') return unknown('In a worktree of its own the test fails in another way than in your tree.');
  }
  const { failed, runs } = probe.tally();
  const flaky = failed < runs ? `The test is flaky (it failed in ${failed} of ${runs} runs of the code as it is today). ` : '';
  const wanted = passesNeeded(probe.tally());
  if (wanted === undefined)
    return unknown(`${flaky}Not certain: it fails too seldom to tell a good commit from a bad one by ${maxPasses} runs.`);

  if (probe.dirty) {
    const newest = await sure(sha(last), wanted, probe);
    if (newest === undefined) return unknown(`${flaky}Not certain: the time was up.`);
    if (newest === 'unclear') return unknown('The test cannot be run at HEAD without the uncommitted changes.');
    if (newest !== 'red')
      return {
        verdict: 'uncommitted',
        why: `${flaky}The test ${how(newest)} at HEAD: what broke it is not committed.${certain(newest, wanted, probe)}`,
      };
  }
  if (last === 0) return { verdict: flaky ? 'unknown' : 'already_red', why: `${flaky}There is no commit after it.` };
  const already = `${flaky}The test fails there already: an older commit broke it.`;
  const oldest = await probe.at(sha(0));
  if (oldest === 'red') return { verdict: flaky ? 'unknown' : 'already_red', why: flaky ? `${already} No commit is named.` : already };
  let first = 0;
  if (oldest === 'unclear') {
    const clear = await firstClear(shas, 0, last, probe);
    if (clear === undefined) return unknown('The test cannot be run at the commits before it began to fail.');
    if ((await probe.at(sha(clear))) === 'red') return unknown('The test fails at the oldest commit at which it can be run.');
    first = clear;
  }
  return halve(shas, first, flaky, probe);
}

async function halve(shas: readonly string[], first: number, flaky: string, probe: Probe): Promise<Found> {
  const sha = (index: number) => shas[index] ?? '';
  const goods = [first];
  let bad = shas.length - 1;
  while (probe.left()) {
    const good = goods.at(-1) ?? first;
    if (bad - good > 1) {
      const middle = await nearestClear(shas, good, bad, probe);
      if (middle === undefined) return unknown(`${flaky}${between(sha(good), sha(bad))}: the commits between cannot be run.`);
      if ((await probe.at(sha(middle))) === 'red') bad = middle;
      else goods.push(middle);
      continue;
    }
    const wanted = passesNeeded(probe.tally());
    if (wanted === undefined) break;
    const before = await sure(sha(good), wanted, probe);
    if (before === 'red') {
      // It had passed by chance: the search goes on below it.
      bad = good;
      goods.pop();
      if (goods.length === 0) return unknown(`${flaky}It fails now and then at the oldest commit as well. No commit is named.`);
      continue;
    }
    if (before !== 'green' && before !== 'other') break;
    const why = `It ${how(before)} at the commit before and fails at this one.`;
    return { verdict: 'found', why: `${flaky}${why}${certain(before, wanted, probe)}`, index: bad };
  }
  const reason = probe.left() ? 'it fails too seldom to be told by running it' : 'the time was up';
  return unknown(`${flaky}${between(sha(goods.at(-1) ?? first), sha(bad))}. Not certain: ${reason}.`);
}

const how = (seen: 'green' | 'other') => (seen === 'green' ? 'passes' : 'fails in another way');
const between = (good: string, bad: string) => `It broke after ${good.slice(0, 10)} and not after ${bad.slice(0, 10)}`;

function certain(seen: 'green' | 'other', passes: number, probe: Probe): string {
  if (seen === 'other') return '';
  const odds = Math.min(oddsOf(probe.tally(), passes), maxOdds);
  return ` It passed ${passes} times there; the odds that this is chance are ${odds < 0.001 ? 'below 0.1' : (odds * 100).toFixed(1)} %.`;
}

/** What a commit is, once it passed often enough to be called good. */
async function sure(sha: string, wanted: number, probe: Probe) {
  const seen = await probe.at(sha);
  return seen === 'green' ? await probe.confirm(sha, wanted) : seen;
}

async function nearestClear(shas: readonly string[], good: number, bad: number, probe: Probe): Promise<number | undefined> {
  const middle = Math.floor((good + bad) / 2);
  for (let away = 0; away < bad - good && probe.left(); away++) {
    for (const at of away === 0 ? [middle] : [middle - away, middle + away]) {
      if (at > good && at < bad && (await probe.at(shas[at] ?? '')) !== 'unclear') return at;
    }
  }
  return undefined;
}

/** The oldest commit at which the test can be run, by halving: what could not run early may run later. */
async function firstClear(shas: readonly string[], from: number, to: number, probe: Probe): Promise<number | undefined> {
  let low = from;
  let high = to;
  while (high - low > 1 && probe.left()) {
    const middle = Math.floor((low + high) / 2);
    if ((await probe.at(shas[middle] ?? '')) === 'unclear') low = middle;
    else high = middle;
  }
  return high === to ? undefined : high;
}
