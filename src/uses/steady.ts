import { type Rerun, rerun } from '../proof/rerun.ts';
import type { Machine } from '../schema/deps.ts';
import { defaults } from '../schema/input.ts';
import type { Flake } from '../schema/run.ts';
import type { TakenUp } from './find.ts';

type Found = NonNullable<TakenUp['found']>;

/** The failure that is worked on, what re-running it said, and a sentence for each that was passed over. */
export type Steady = Rerun & { readonly found: Found; readonly passedOver: readonly string[] };

/** Failures that are re-run until one stays. */
const most = 5;

/** What a verdict that no patch helps against is called. */
export const unsteady = ({ verdict }: Flake): string | undefined =>
  verdict === 'flaky' ? 'flaky' : verdict === 'environment' ? 'red because of its environment' : undefined;

/** The first failure that is neither flaky nor its environment's; where there is none, or with `anyway`, the first of all. */
export async function firstSteady(found: Found, anyway: boolean, deps: Machine): Promise<Steady> {
  const passedOver: string[] = [];
  let first: Steady | undefined;
  for (const [index, group] of found.groups.slice(0, most).entries()) {
    const failure = group.first;
    const groups = [group, ...found.groups.filter((other) => other !== group)];
    const taken = index === 0 ? found : { ...found, failure, groups, suite: found.suiteOf(failure) };
    deps.tell({ type: 'stage', stage: 'flake', message: `re-running ${failure.name}` });
    const seen = await rerun({ ...taken, runs: found.run.rerun ? defaults.flakeRuns : 0 }, deps);
    const word = unsteady(seen.flake);
    if (word === undefined || anyway) return { ...seen, found: taken, passedOver };
    first ??= { ...seen, found: taken, passedOver: [] };
    passedOver.push(`${failure.name} is ${word} and was passed over: ${seen.flake.why}.`);
  }
  if (!first) throw new Error('a failure without a group');
  return { ...first, passedOver: passedOver.slice(1) };
}
