import type { Case } from '../case.ts';
import type { Deps, Machine } from '../schema/deps.ts';
import type { Failure } from '../schema/run.ts';

/** What is red together: all failures of the group, the one that was taken up included. */
export type Situation = Case & { readonly failures: readonly Failure[] };

export type Needs = Machine & Pick<Deps, 'redactor'>;
