/**
 * A test of "does it solve at least this share of these bugs?" that may be looked at after every bug. The bugs are finitely many and drawn
 * without putting back, so that what is known is the number of them that would be solved: the set of numbers K whose likelihood is not
 * small against the mean likelihood of all (prior-posterior-ratio martingale; Waudby-Smith and Ramdas, 2020). The true number is in it at
 * every look with the confidence that was asked for, and after the last bug it is the only one.
 */
export type Interval = { readonly low: number; readonly high: number };

export const confidence = 0.9;

/** How many of `total` would be solved, after `solved` of `tried` drawn in random order. Both ends belong to it. */
export function solvedOf(total: number, tried: number, solved: number, level = confidence): Interval {
  const least = logFactor(total, tried) + Math.log((1 - level) / (tried + 1));
  let low = solved;
  while (logWays(low, total, tried, solved) <= least && low < total) low++;
  let high = total - (tried - solved);
  while (logWays(high, total, tried, solved) <= least && high > low) high--;
  return { low, high };
}

export type Verdict = 'meets' | 'cannot' | 'undecided';

/** A look after each bug, in the order in which they were drawn: what was excluded once stays so. */
export function decide(
  total: number,
  results: readonly boolean[],
  bar: number,
  level = confidence,
): Interval & { readonly verdict: Verdict; readonly looks: number } {
  const needed = neededOf(total, bar);
  let low = 0;
  let high = total;
  let solved = 0;
  for (const [at, result] of results.entries()) {
    if (result) solved++;
    const seen = solvedOf(total, at + 1, solved, level);
    low = Math.max(low, seen.low);
    high = Math.min(high, seen.high);
    // Where what was seen first misled, the later looks are all that is left.
    if (low > high) ({ low, high } = seen);
    if (low >= needed) return { low, high, verdict: 'meets', looks: at + 1 };
    if (high < needed) return { low, high, verdict: 'cannot', looks: at + 1 };
  }
  return {
    low,
    high,
    verdict: total === 0 || results.length < total ? 'undecided' : low >= needed ? 'meets' : 'cannot',
    looks: results.length,
  };
}

/** The least number of solved bugs that is the bar or more. */
export function neededOf(total: number, bar: number): number {
  return Math.ceil(total * bar - 1e-9);
}

/** Logarithm of the ways to draw so many solved and unsolved ones, were `solvable` of all solvable. */
function logWays(solvable: number, total: number, tried: number, solved: number): number {
  return logFactor(solvable, solved) + logFactor(total - solvable, tried - solved);
}

/** Logarithm of "n over k". */
function logFactor(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const known = [0, 0];

function logFactorial(n: number): number {
  for (let at = known.length; at <= n; at++) known.push((known[at - 1] ?? 0) + Math.log(at));
  return known[n] ?? 0;
}
