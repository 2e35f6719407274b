import type { Call } from '../coverage/call.ts';
import { cameOut, functionOf, givenTo, group, leftBehind } from './calls.ts';

/** How a call of the failing run differs from that of the good one. `mate` is absent where the good run has no such call. */
export type Difference = {
  readonly call: Call;
  readonly mate?: Call | undefined;
  readonly kind: 'result' | 'state' | 'arguments' | 'extra';
};

/**
 * Compares the calls of one test on two trees. What was given the same and gave otherwise comes first, in the order in which the calls ended, so
 * that the innermost leads; then what was given otherwise, which its caller is to blame for; then calls that only the failing run makes.
 */
export function compareTrees(bad: readonly Call[], good: readonly Call[]): Difference[] {
  const mates = matchCalls(bad, good);
  const known = new Set(good.map(functionOf));
  const found: Record<Difference['kind'], Difference[]> = { result: [], state: [], arguments: [], extra: [] };
  for (const call of bad) {
    const mate = mates.get(call);
    if (!mate) {
      if (!known.has(functionOf(call))) found.extra.push({ call, kind: 'extra' });
    } else if (givenTo(call) !== givenTo(mate)) found.arguments.push({ call, mate, kind: 'arguments' });
    else if (cameOut(call) !== cameOut(mate)) found.result.push({ call, mate, kind: 'result' });
    else if (leftBehind(call) !== leftBehind(mate)) found.state.push({ call, mate, kind: 'state' });
  }
  const place = new Map(bad.map((call, at) => [call, at]));
  const culprits = [...found.result, ...found.state].sort((a, b) => (place.get(a.call) ?? 0) - (place.get(b.call) ?? 0));
  return firstOfEach([...culprits, ...found.arguments, ...found.extra]);
}

/** Each call with the one of the good run that was given the same; those left over, in their order. */
function matchCalls(bad: readonly Call[], good: readonly Call[]): Map<Call, Call> {
  const exact = group(good, (call) => `${functionOf(call)}\0${givenTo(call)}`);
  const mates = new Map<Call, Call>();
  const used = new Set<Call>();
  for (const call of bad) {
    const mate = exact.get(`${functionOf(call)}\0${givenTo(call)}`)?.shift();
    if (!mate) continue;
    mates.set(call, mate);
    used.add(mate);
  }
  const rest = group(
    good.filter((call) => !used.has(call)),
    functionOf,
  );
  for (const call of bad) {
    const mate = mates.has(call) ? undefined : rest.get(functionOf(call))?.shift();
    if (mate) mates.set(call, mate);
  }
  return mates;
}

function firstOfEach(all: readonly Difference[]): Difference[] {
  const seen = new Set<string>();
  return all.filter(({ call }) => {
    const fresh = !seen.has(functionOf(call));
    seen.add(functionOf(call));
    return fresh;
  });
}
