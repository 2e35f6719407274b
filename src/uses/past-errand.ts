import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { attempt, type Yard } from '../evaluating/attempt.ts';
import type { FixErrand, Fixed, LookErrand, Looked, Travelling } from '../evaluating/elsewhere.ts';
import { makeInstalls } from '../evaluating/laying/install.ts';
import { openStore } from '../evaluating/laying/store.ts';
import { makeSupplies } from '../evaluating/laying/supply.ts';
import { toBug } from '../evaluating/mining/bugs.ts';
import { nameOf } from '../evaluating/source.ts';
import { openState } from '../evaluating/state.ts';
import { makeTry } from '../evaluating/trying.ts';
import type { Git } from '../repo/git.ts';
import type { Deps } from '../schema/deps.ts';
import { bugFixer, howToLook } from './past-bugs.ts';

/** What a worker has laid out for it: a clone with all of its history, and a folder that goes when the work is done. */
export type Clone = { readonly git: Git; readonly room: string };
type Change = (typeof Travelling)['_output'];

const inputOf = <How extends LookErrand['how']>({ timeout, ...how }: How) => ({ ...how, run_timeout: timeout });

/** Looks at a candidate for another machine. What comes back names no place here. */
export async function lookForOther({ change, how }: LookErrand, clone: Clone, deps: Deps): Promise<Looked> {
  const bug = await bugOf(change, clone);
  const yard = await openYard(change, how, clone, deps);
  const came = await attempt({ bug, number: 0, install: true }, yard, howToLook(inputOf(how), deps), deps);
  if ('wants' in came) throw new Error('what may be installed is not waited for');
  const said = (text: string) => deps.redactor.redact(text).text;
  if ('out' in came) return { out: { reason: came.out.reason, why: said(came.out.why) } };
  const { runner, seconds, measures, bug: found } = came.past;
  return { past: { runner, seconds, measures, failToPass: found.failToPass.map(said), passToPass: found.passToPass.map(said) } };
}

/** Lets a variant fix a past bug for another machine. A reply that was paid for here before is not paid for again. */
export async function fixForOther(errand: FixErrand, clone: Clone, deps: Deps): Promise<(typeof Fixed)['_output']> {
  const { change, how, variant: id, capUsd, name, failToPass, passToPass } = errand;
  const variant = (deps.variants ?? []).find((one) => one.id === id);
  const { ask } = deps;
  if (!variant || !ask) return { ran: undefined };
  const bug = { ...(await bugOf(change, clone)), failToPass, passToPass };
  const yard = await openYard(change, how, clone, deps);
  const { maxTokens: max_tokens, ...rest } = how;
  const run = makeTry(yard, openState(deps.folders, change.repo), bugFixer({ ...inputOf(rest), max_tokens }, deps), deps.now);
  return { ran: await run({ bug, from: undefined }, { variant, ask }, capUsd, name) };
}

const bugOf = async (change: Change, { git }: Clone) => toBug(git, await nameOf(git), { ...change, subject: '', says: true });

async function openYard(change: Change, { offline }: LookErrand['how'], { git, room }: Clone, deps: Deps): Promise<Yard> {
  const home = join(deps.folders.cache, 'evaluations', createHash('sha256').update(change.repo).digest('hex').slice(0, 16));
  const store = await openStore(git, [change.base], join(room, 'past'));
  return {
    git,
    room,
    name: change.folder,
    store,
    supplies: makeSupplies(git.root, offline ? undefined : makeInstalls(home, deps)),
  };
}
