import type { Verdict } from '../schema/report.ts';

/** What one test did in one run after the patch. `missing`: it was not collected. */
export type TargetState = 'green' | 'red' | 'skipped' | 'missing';

/**
 * What the runs showed. `targets` holds, for each test that was red before, its state in every run after the patch. `wide` compares the
 * repository before and after; `broken` = it no longer gives a result, `unknown` = there was nothing to compare with, `unseen` = it was
 * not looked for, because no failing test is green.
 */
export type Evidence = {
  readonly problem?: string | undefined;
  readonly targets: readonly (readonly TargetState[])[];
  readonly wide: Damage | 'broken' | 'unknown' | 'unseen';
};

export type Damage = { readonly newFailures: number; readonly missing: number; readonly newSkips: number };

/** How often the failing tests must be green after the patch. */
export const rounds = 2;

/** The only place where a verdict is made. `why` is one sentence. */
export function decide({ problem, targets, wide }: Evidence): { readonly verdict: Verdict; readonly why: string } {
  if (problem !== undefined) return { verdict: 'unverifiable', why: problem };
  if (targets.length === 0) return { verdict: 'unverifiable', why: 'No failing test was named.' };
  const fixed = targets.filter((states) => states.length >= rounds && states.every((state) => state === 'green')).length;
  const unsteady = targets.filter((states) => states.includes('green') && states.some((state) => state !== 'green')).length;
  const green = (count: number) => `${count} of ${targets.length} failing tests ${count === 1 ? 'is' : 'are'} green after the patch`;
  const what = green(fixed);
  const harm = harmOf(wide);
  // Where harm is seen, the failing tests may have run less often.
  const soFar = targets.filter((states) => states.length > 0 && states.every((state) => state === 'green')).length;
  if (harm) return { verdict: 'regresses', why: `${harm}; ${green(soFar)}.` };
  if (fixed < targets.length) {
    const doubt = unsteady > 0 ? `; ${unsteady} passed in one run and not in another` : '';
    return { verdict: fixed > 0 ? 'improves' : 'no_effect', why: `${what}${doubt}.` };
  }
  if (wide === 'unknown' || wide === 'unseen') return { verdict: 'unverifiable', why: `${what}, but no wider run could be compared.` };
  return { verdict: 'verified', why: `${what}, in ${rounds} runs; nothing that passed before fails, is skipped or is missing.` };
}

/** For a change that is to mend nothing, such as a suggestion or a refactoring: nothing may get worse. */
export function decideSteady(wide: Evidence['wide']): { readonly verdict: Verdict; readonly why: string } {
  if (wide === 'unknown' || wide === 'unseen') return { verdict: 'unverifiable', why: 'The tests give no result without the change.' };
  const harm = harmOf(wide);
  if (harm) return { verdict: 'regresses', why: `${harm}.` };
  return { verdict: 'verified', why: 'Nothing that passed before fails, is skipped or is missing.' };
}

function harmOf(wide: Evidence['wide']): string | undefined {
  if (wide === 'unknown' || wide === 'unseen') return undefined;
  if (wide === 'broken') return 'The tests no longer give a result';
  const parts = [
    wide.newFailures > 0
      ? `${wide.newFailures} ${tests(wide.newFailures)} that passed before ${wide.newFailures === 1 ? 'fails' : 'fail'}`
      : '',
    wide.missing > 0 ? `${wide.missing} ${tests(wide.missing)} ${wide.missing === 1 ? 'is' : 'are'} no longer collected` : '',
    wide.newSkips > 0 ? `${wide.newSkips} ${tests(wide.newSkips)} ${wide.newSkips === 1 ? 'is' : 'are'} now skipped` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function tests(count: number): string {
  return count === 1 ? 'test' : 'tests';
}
