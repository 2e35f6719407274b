import type { Call } from '../coverage/call.ts';
import type { Failure } from '../schema/run.ts';
import { cameOut, functionOf, givenTo, group, nearest, steady } from './calls.ts';
import type { Likeness } from './likeness.ts';

/** A function of the failing run, its call that says most, and why it is looked at. */
export type Oddity = {
  readonly call: Call;
  readonly mate?: Call | undefined;
  readonly others: readonly Call[];
  readonly why: string;
  readonly score: number;
};

/** What speaks against a call, in points that only order. */
const points = { error: 100, wrote: 60, otherwise: 50, alone: 40, throws: 40, empty: 30, fed: 25, fresh: 10, given: 5, late: 10 } as const;

/** Of two orders: how much the second counts beside the first, and how fast a place in them loses weight. */
const fusion = { likeness: 2, lag: 3 } as const;

/** Functions that nothing speaks for but their words: as many as lead that order. */
const mostAlike = 10;

/**
 * Where no tree is known on which the test passes: the functions that it ran, by what their calls show beside those of tests that pass, and by how
 * near their code is to what the failure says. On real bugs the calls alone lead to what is farthest from the fault: a missing branch changes no
 * value until long after it.
 */
export function compareTests(
  bad: readonly Call[],
  passing: readonly (readonly Call[])[],
  failure: Failure,
  likeness: Likeness = () => undefined,
): Oddity[] {
  const odd = oddities(bad, passing, failure);
  const calls = group([...passing.flat(), ...bad], functionOf);
  const alike = [...group(bad, functionOf).values()]
    .flatMap((own) => {
      const call = own.at(-1);
      const at = call && likeness(call);
      return call && at !== undefined ? [{ call, at }] : [];
    })
    .sort((a, b) => a.at - b.at);
  const found = new Map<string, { one: Oddity; weight: number }>();
  for (const [at, one] of odd.entries()) found.set(functionOf(one.call), { one, weight: 1 / (fusion.lag + at) });
  for (const [at, { call }] of alike.entries()) {
    const weight = fusion.likeness / (fusion.lag + at);
    const known = found.get(functionOf(call));
    const why = at === 0 ? 'its code is nearest to what the failure says' : 'its code is near to what the failure says';
    if (!known && at < mostAlike) found.set(functionOf(call), { one: { call, others: [], why, score: 0 }, weight });
    if (known)
      found.set(functionOf(call), {
        one: at > 0 ? known.one : { ...known.one, why: `${known.one.why}; ${why}` },
        weight: known.weight + weight,
      });
  }
  return [...found.values()]
    .sort((a, b) => b.weight - a.weight)
    .map(({ one }) => ({ ...one, others: nearest(one.call, calls.get(functionOf(one.call)) ?? []) }));
}

/**
 * What throws the test's own error, what made the value that the assertion compares, what came out otherwise for the same arguments and what only
 * this test runs speak for a function.
 */
function oddities(bad: readonly Call[], passing: readonly (readonly Call[])[], failure: Failure): Oddity[] {
  const good = passing.flat();
  const usual = group(good, functionOf);
  const wrote = writerOf(bad, failure);
  const fed = new Set(wrote && callsIn(wrote, bad));
  const message = steady(failure.message.split('\n')[0] ?? '');
  const odd = bad.flatMap((call, at): Oddity[] => {
    const own = usual.get(functionOf(call)) ?? [];
    const mate = own.find((one) => givenTo(one) === givenTo(call));
    if (mate && cameOut(mate) === cameOut(call) && call !== wrote) return [];
    // Who asserts is not who is wrong.
    if (call.threw !== undefined && /^Assert\w*|^JestAssertionError|^Failed\(/.test(call.threw)) return [];
    const reasons: (readonly [number, string])[] = [];
    if (call.threw !== undefined && isError(call.threw, message)) reasons.push([points.error, 'the error of the test comes from here']);
    if (call === wrote) reasons.push([points.wrote, 'it made the value that the test compares']);
    if (mate && cameOut(mate) !== cameOut(call))
      reasons.push([points.otherwise, 'in a passing test it gave otherwise for the same arguments']);
    if (own.length === 0 && passing.length > 0) reasons.push([points.alone, 'no passing test beside it runs this function']);
    if (call.threw !== undefined && own.length > 0 && own.every(({ threw }) => threw === undefined))
      reasons.push([points.throws, 'it throws in no passing test']);
    if (isEmpty(call) && own.length > 0 && !own.some(isEmpty)) reasons.push([points.empty, `it gives ${call.gave} in no passing test`]);
    if (own.length > 0 && !own.some((one) => cameOut(one) === cameOut(call)))
      reasons.push([points.fresh, 'it gives this in no passing test']);
    if (fed.has(call)) reasons.push([points.fed, 'it was called for the value that the test compares']);
    if (own.length > 0 && !mate) reasons.push([points.given, 'no passing test beside it calls it so']);
    if (reasons.length === 0) return [];
    const score = reasons.reduce((sum, [one]) => sum + one, 0) + (points.late * at) / bad.length;
    return [
      {
        call,
        mate,
        others: [],
        why: reasons.map(([, why]) => why).join('; '),
        score,
      },
    ];
  });
  const best = new Map<string, Oddity>();
  for (const one of odd.sort((a, b) => b.score - a.score)) if (!best.has(functionOf(one.call))) best.set(functionOf(one.call), one);
  return [...best.values()];
}

/** The first call that gave what the assertion compares: whoever made it, not whoever handed it on. */
function writerOf(bad: readonly Call[], { actual }: Failure): Call | undefined {
  const wanted = steady((actual ?? '').trim());
  if (wanted.length < 2 || /^(?:true|false|null|None|undefined|\[\]|\{\})$/i.test(wanted)) return undefined;
  const plain = wanted.replace(/^['"`]|['"`]$/g, '');
  const says = ({ gave }: Call) => gave !== undefined && [wanted, plain].includes(steady(gave).replace(/^['"`]|['"`]$/g, ''));
  return bad.findLast((call, at) => says(call) && !bad.slice(0, at).some((one) => says(one) && one.depth > call.depth)) ?? bad.find(says);
}

/** The calls that ended while another was going on. */
function callsIn(outer: Call, all: readonly Call[]): Call[] {
  const end = all.indexOf(outer);
  const before = all.slice(0, end);
  const start = before.findLastIndex(({ depth }) => depth <= outer.depth);
  return before.slice(start + 1);
}

function isError(threw: string, message: string): boolean {
  const text = /\((?:"|')(.*)(?:"|')\)?$/.exec(threw)?.[1] ?? '';
  return text.length > 2 && message.includes(steady(text).slice(0, 80));
}

const isEmpty = ({ gave }: Call) => gave !== undefined && /^(?:undefined|null|None|NaN|nan|\[\]|\{\}|""|'')$/.test(gave);
