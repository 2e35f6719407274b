import type { Call } from '../coverage/call.ts';
import type { Cause, Divergence } from '../schema/cause.ts';
import { leftBehind } from './calls.ts';
import type { Oddity } from './other-tests.ts';
import type { Difference } from './same-test.ts';

const mostChars = 160;

const why = {
  result: 'given the same, it gave otherwise on the good tree',
  state: 'given the same, it left its object otherwise on the good tree',
  arguments: 'it was given something else on the good tree: its caller decides',
  extra: 'on the good tree it is not called',
} as const;

/** The values of the calls are as they may be shown. */
export function divergenceOf({ call, mate, kind }: Difference, others: readonly Call[]): Divergence {
  const state = kind === 'state';
  const instead = mate === undefined ? undefined : state ? left(mate) : kind === 'arguments' ? callText(mate) : outcome(mate);
  const gave = state ? left(call) : outcome(call);
  const [mine = '', theirs] = instead === undefined ? [gave] : kind === 'arguments' ? [gave, instead] : around(gave, instead);
  return {
    ...placeOf(call),
    call: callText(call),
    gave: cut(mine),
    ...(theirs !== undefined && { instead: cut(theirs) }),
    ...othersOf(call, others),
    why: why[kind],
  };
}

export function oddityOf({ call, mate, others, why: reason }: Oddity): Divergence {
  return {
    ...placeOf(call),
    call: callText(call),
    gave: cut(outcome(call)),
    ...(mate && { instead: cut(outcome(mate)) }),
    ...othersOf(call, others),
    why: reason,
  };
}

function placeOf({ path, line, name, from }: Call) {
  return { path, line, name: name || '(anonymous)', ...(from && { from }) };
}

function othersOf(call: Call, others: readonly Call[]) {
  return others.length > 0 && { others: others.map((one) => beside(call, one)) };
}

/** `with n = 9 it gave 120`: only the arguments that differ. */
function beside(call: Call, other: Call): string {
  const differ = other.args.filter(([name, value]) => call.args.find(([one]) => one === name)?.[1] !== value);
  const given = differ.map(([name, value]) => cut(`${name || 'argument'} = ${value}`, 60)).join(', ');
  return `with ${given} it ${other.threw === undefined ? 'gave' : 'threw'} ${cut(other.threw ?? other.gave ?? '', 80)}`;
}

function callText({ name, args }: Call): string {
  return `${name || '(anonymous)'}(${args.map(([label, value]) => cut(label === '' ? value : `${label}: ${value}`, 70)).join(', ')})`;
}

const outcome = ({ gave, threw }: Call) => (threw === undefined ? (gave ?? '') : `threw ${threw}`);
const left = (call: Call) => call.self ?? leftBehind(call);

/** Two long texts from shortly before the place where they part. */
function around(a: string, b: string): [string, string] {
  if (a.length <= mostChars && b.length <= mostChars) return [a, b];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - 40);
  const part = (text: string) => `${from > 0 ? '…' : ''}${text.slice(from)}`;
  return [part(a), part(b)];
}

export function cut(text: string, most = mostChars): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** The cause as lines of a pack: `price.js:1 unitPrice(tiers: […], n: 10) gave 120; on the good run 100`. The first ones say most. */
export function linesOf({ values, blame }: Cause, most = 4): string[] {
  const places = (values?.divergences ?? []).slice(0, most).map(({ path, line, call, gave, instead, others = [], why: reason }) => {
    const beside = [...(instead === undefined ? [] : [`on the good run: ${instead}`]), ...others];
    return `${path}:${line} ${[`${call} gave ${gave}`, ...beside].join('; ')} (${reason})`;
  });
  const hunks = (blame?.hunks ?? []).slice(0, most).map(({ path, line, endLine }) => `${path}:${line}-${endLine}`);
  return [
    ...(places.length > 0 ? [`Values, seen while it ran (beside ${values?.against}):`, ...places, ''] : []),
    ...(hunks.length > 0 ? [`Of ${blame?.change}, ${hunks.join(', ')}: ${blame?.why}`, ''] : []),
  ];
}
