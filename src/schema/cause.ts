import { z } from 'zod';
import { Since } from './run.ts';

const place = { path: z.string(), line: z.number().int() };

/** A function whose calls in the failing run differ from those of a good one. Values are redacted and cut to sizes. */
export const Divergence = z.strictObject({
  ...place,
  name: z.string(),
  call: z.string().describe('as it was called'),
  gave: z.string().describe('what it returned, threw or left behind'),
  instead: z.string().optional().describe('what the good run gave or was given there'),
  others: z.array(z.string()).optional().describe('what it gave for other arguments'),
  from: z.strictObject(place).optional().describe('where it was called'),
  why: z.string(),
});
export type Divergence = z.infer<typeof Divergence>;

/** `against`: what the failing test's calls were compared with. Places nearest to the cause come first. */
export const Values = z.strictObject({ against: z.string(), divergences: z.array(Divergence), more: z.number().int().optional() });
export type Values = z.infer<typeof Values>;

/** A part of a change: lines as they stand now; 0 lines were added where it only removed some. */
export const Blamed = z.strictObject({
  ...place,
  endLine: z.number().int(),
  name: z.string().optional().describe('function it lies in'),
  added: z.number().int(),
  removed: z.number().int(),
});
export type Blamed = z.infer<typeof Blamed>;

/** Takes back a part of the user's change; it repairs nothing. */
export const Undo = z.strictObject({
  scope: z.enum(['hunks', 'function', 'file', 'change']),
  diff: z.string(),
  green: z.number().int().describe('failing tests that pass with it'),
  of: z.number().int(),
  breaks: z.array(z.string()).optional().describe('tests that passed and fail with it; absent: the other tests were not run'),
  takesAway: z.array(z.string()),
});
export type Undo = z.infer<typeof Undo>;

/** Which part of a change makes the tests red, shown by undoing it. `widest` stands beside the smallest where it passes every suite too. */
export const Blame = z.strictObject({
  change: z.string().describe('what the hunks are part of'),
  hunks: z.array(Blamed),
  of: z.number().int().describe('hunks of the change'),
  why: z.string(),
  runs: z.number().int(),
  undo: Undo.optional(),
  widest: Undo.optional(),
});
export type Blame = z.infer<typeof Blame>;

/** Why tests are red, as far as running shows it. */
export const Cause = z.strictObject({ since: Since.optional(), blame: Blame.optional(), values: Values.optional() });
export type Cause = z.infer<typeof Cause>;
