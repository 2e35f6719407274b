import { z } from 'zod';
import type { Suite } from '../schema/run.ts';
import { isForeign, makeRelate } from '../suite/paths.ts';
import type { Traced } from './reached.ts';

/** A place in the repository: its path is relative to the root, lines count from 1. */
export type Spot = { readonly path: string; readonly line: number };

/** One call of a function of the repository, as it ended. Values are text, cut to sizes where they are big. */
export type Call = Spot & {
  readonly name: string;
  readonly args: readonly (readonly [name: string, value: string])[];
  /** One of the two: what it returned or yielded, or the exception that left it. */
  readonly gave?: string | undefined;
  readonly threw?: string | undefined;
  /** The receiver when the call had ended. */
  readonly self?: string | undefined;
  /** How many functions of the repository, tests included, were being run. */
  readonly depth: number;
  /** Where it was called from. */
  readonly from?: Spot | undefined;
};

/** A suite whose runs write their calls down, in the order in which they ended, and what reads them. */
export type ValueTracer = { readonly suite: Suite; readonly read: () => Call[] };

/** What one run writes down. Strings are whole or a size, so that none is cut in the middle of a secret. */
export const limits = {
  chars: 600,
  most: 4_000,
  items: 12,
  places: 8_000,
  perFunction: 24,
  calls: 2_500,
  exceptions: 300,
  ms: 8_000,
} as const;

export type ValuesRequest = Traced & {
  /** Files whose own functions are not looked at: the tests. */
  readonly tests: readonly string[];
};

/** Where in the repository a file's line is; undefined where it is not of the repository itself. */
export function makeSpot(root: string): (file: string, line: number) => Spot | undefined {
  const relate = makeRelate(root, root);
  return (file, line) => {
    const path = relate(file);
    return path === undefined || isForeign(path) ? undefined : { path, line };
  };
}

/** Of a call, whatever wrote it down. */
export const shown = {
  name: z.string(),
  args: z.array(z.tuple([z.string(), z.string()])),
  gave: z.string().optional(),
  threw: z.string().optional(),
  self: z.string().nullish(),
  depth: z.number(),
};
