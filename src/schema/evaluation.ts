import { z } from 'zod';
import { Amount } from './model.ts';

const Share = z.number().min(0).max(1);

/** A past bug of the repository that variants are tried on. */
export const PastBug = z.strictObject({
  id: z.string(),
  subject: z.string(),
  tests: z.number().int().describe('tests that its fix turns green'),
  runner: z.string(),
  inFive: Share.describe("share of the fix's files among the first five suspects"),
  lines: Share.describe("share of the fix's lines in the pack"),
  tokens: z.number().int(),
});
export type PastBug = z.infer<typeof PastBug>;

export const standings = ['meets', 'cannot', 'undecided', 'not_tried', 'no_price'] as const;

/** How one variant did, or what a run of it over all bugs would cost. */
export const Standing = z.strictObject({
  variant: z.string(),
  standing: z.enum(standings).describe('whether it meets the bar, by a sequential test'),
  likelyUsd: Amount.describe('price of a run over all bugs, said before it'),
  highUsd: Amount,
  tried: z.number().int(),
  solved: z.number().int().describe('patches that were verified'),
  low: Share.describe('of all bugs here, with 90 % confidence at any time'),
  high: Share,
  strong: z.number().int().describe('verified patches whose grade is strong'),
  costUsd: Amount,
  tokensIn: Amount,
  tokensOut: Amount,
  seconds: z.number(),
  failures: z.array(z.strictObject({ why: z.string(), count: z.number().int(), example: z.string() })),
});
export type Standing = z.infer<typeof Standing>;

/** The past bugs of a repository, how well packs show their fixes, and how variants did on them. */
export const Evaluation = z.strictObject({
  looked: z.number().int().describe('changes of the history'),
  candidates: z.number().int(),
  tried: z.number().int().describe('candidates whose tests were run'),
  fellOut: z.array(z.strictObject({ why: z.string(), count: z.number().int(), example: z.string() })),
  bugs: z.array(PastBug),
  bar: Share,
  seed: z.number().int(),
  variants: z.array(Standing),
  cascade: z.array(z.string()).optional().describe('what meets the bar for least'),
  cascadeWhy: z.string().optional(),
  saved: z.string().optional().describe('file into which it was written'),
});
export type Evaluation = z.infer<typeof Evaluation>;
