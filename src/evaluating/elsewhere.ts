import { z } from 'zod';
import { GlmError } from '../errors.ts';
import type { Farm } from '../schema/farm.ts';
import type { Variant } from '../schema/model.ts';
import { type Attempt, Past } from './attempt.ts';
import type { Bug } from './bug.ts';
import { Reason } from './reasons.ts';
import { Ran } from './running.ts';
import type { Candidate } from './source.ts';

/** A change as it travels: names and places, no text of the repository. Whoever takes it makes the diffs out of a clone of their own. */
export const Travelling = z.strictObject({
  repo: z.string(),
  /** Name of the folder it is laid out in: tests may look at it. */
  folder: z.string(),
  sha: z.string(),
  base: z.string(),
  date: z.string(),
  tests: z.array(z.string()),
  testPart: z.array(z.string()),
  fixPart: z.array(z.string()),
  sources: z.array(z.string()),
});

/** How its tests are run and its pack is made. */
const How = z.strictObject({
  timeout: z.number().optional(),
  command: z.string().optional(),
  env: z.array(z.string()).optional(),
  budget: z.number().optional(),
  offline: z.boolean().optional(),
});

/** Looks at a candidate. */
export const LookErrand = z.strictObject({ change: Travelling, how: How });
export type LookErrand = z.infer<typeof LookErrand>;

/** Lets a variant fix a past bug. */
export const FixErrand = z.strictObject({
  change: Travelling,
  how: How.extend({ sandbox: z.enum(['auto', 'on', 'off']).optional(), attempts: z.number(), maxTokens: z.number().optional() }),
  failToPass: z.array(z.string()),
  passToPass: z.array(z.string()),
  variant: z.string(),
  capUsd: z.number(),
  /** Names what was paid for it. */
  name: z.string(),
});
export type FixErrand = z.infer<typeof FixErrand>;

/** What comes back of a look: without the diffs, and without places on the machine that looked. */
export const Looked = z.union([
  z.object({
    past: Past.pick({ runner: true, seconds: true, measures: true }).extend({
      failToPass: z.array(z.string()),
      passToPass: z.array(z.string()),
    }),
  }),
  z.object({ out: z.object({ reason: Reason, why: z.string() }) }),
]);
export type Looked = z.infer<typeof Looked>;

/** What comes back of a fix; nothing where the cap was not enough. */
export const Fixed = z.object({ ran: Ran.optional() });

export type Sending = { readonly farm: Farm; readonly repo: string; readonly folder: string };

function travelling({ mined }: Pick<Candidate, 'mined'>, { repo, folder }: Sending) {
  if (!mined)
    throw new GlmError('bad_input', 'Bugs of a list hold their diffs, and no text of a repository goes into a queue.', {
      hint: 'Evaluate with --import on one machine, without --queue.',
    });
  const { sha, base, date, tests, testPart, fixPart, sources } = mined;
  return { repo, folder, sha, base, date, tests: [...tests], testPart: [...testPart], fixPart: [...fixPart], sources: [...sources] };
}

/** Has a candidate looked at by another machine. */
export async function lookElsewhere(
  one: Candidate,
  how: z.infer<typeof How>,
  to: Sending,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const data: LookErrand = { change: travelling(one, to), how };
  const looked = Looked.parse(await to.farm.run('past-look', data, signal));
  const bug = await one.open();
  if ('out' in looked) return { out: { ...looked.out, id: bug.id, subject: bug.subject } };
  const { failToPass, passToPass, ...rest } = looked.past;
  return { past: { ...rest, bug: { ...bug, failToPass, passToPass } } };
}

export type Fixing = {
  readonly one: Candidate;
  readonly bug: Pick<Bug, 'failToPass' | 'passToPass'>;
  readonly variant: Variant;
  readonly capUsd: number;
  readonly name: string;
};

/** Has a past bug fixed by another machine. Undefined: the cap was not enough. */
export async function fixElsewhere(
  { one, bug: { failToPass, passToPass }, variant, capUsd, name }: Fixing,
  how: FixErrand['how'],
  to: Sending,
  signal: AbortSignal | undefined,
): Promise<Ran | undefined> {
  const data: FixErrand = { change: travelling(one, to), how, failToPass, passToPass, variant: variant.id, capUsd, name };
  return Fixed.parse(await to.farm.run('past-fix', data, signal)).ran;
}
