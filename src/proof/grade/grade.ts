import type { Proof } from '../../schema/report.ts';

/** What a verified patch was put to beside the tests as they are. */
export type Merits = {
  /** Names of what smells of cheating in it. */
  readonly flags: readonly string[];
  /** Hunks without which the failing tests are green as well. */
  readonly unneeded: readonly string[];
  /** How many hunks there was no time for. */
  readonly untried?: number | undefined;
  /** Undefined: the patch adds no line that could be changed. `fine`: how many of the survivors are a step beside alone. */
  readonly mutants:
    | { readonly made: number; readonly noticed: number; readonly survived: readonly string[]; readonly fine: number }
    | undefined;
  /** The patch takes lines away and adds none. */
  readonly removes: boolean;
};

/** How far the tests decide that the patch is right, in one sentence. Pure. */
export function gradeOf(merits: Merits): Required<Pick<Proof, 'grade' | 'gradeWhy'>> {
  const { grade, gradeWhy } = judge(merits);
  const { untried = 0 } = merits;
  return {
    grade,
    gradeWhy:
      untried > 0
        ? `${gradeWhy}; whether ${untried} more of its parts ${untried === 1 ? 'is' : 'are'} needed was not tried for want of time`
        : gradeWhy,
  };
}

function judge({ flags, unneeded, mutants, removes }: Merits): Required<Pick<Proof, 'grade' | 'gradeWhy'>> {
  const thin = (gradeWhy: string) => ({ grade: 'thin' as const, gradeWhy });
  const noticed = mutants && mutants.made > 0 ? `your tests notice ${mutants.noticed} of ${mutants.made} changes to the patched lines` : '';
  if (flags.length > 0) return thin(`${[...new Set(flags)].join(', ')} ${flags.length === 1 ? 'is' : 'are'} flagged`);
  if (unneeded.length > 0) return thin(`the failing tests are green without ${unneeded.join(', ')} as well`);
  const survived = mutants?.survived ?? [];
  const others = `nothing tells this patch from ${survived.length > 1 ? 'those' : 'one'} where ${survived.slice(0, 2).join('; ')}`;
  // One survivor may do the same as the patch, and few real tests look at each step: bench/grade.ts shows what this tells apart.
  const coarse = mutants !== undefined && survived.length > mutants.fine;
  const share = mutants && mutants.made > 0 ? survived.length / mutants.made : 0;
  if (mutants && (mutants.noticed === 0 || share > (coarse ? 1 / 3 : 1 / 2))) return thin(`${noticed}: ${others}`);
  if (noticed && survived.length > 0) return { grade: 'strong', gradeWhy: `${noticed}; ${others}` };
  if (noticed) return { grade: 'strong', gradeWhy: noticed };
  if (removes) return { grade: 'strong', gradeWhy: 'the patch only takes lines away, and with each of them a test is red' };
  return thin('no change could be made to the patched lines, so nothing shows how far the tests decide');
}
