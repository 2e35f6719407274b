import { makePool } from '../../process/share.ts';
import type { Machine } from '../../schema/deps.ts';
import type { FileChange, Patch } from '../../schema/patch.ts';
import type { Proof } from '../../schema/report.ts';
import type { Failure, Suite, TestRun } from '../../schema/run.ts';
import { type Compared, compareWhole, isHarm, type Whole } from '../all-suites.ts';
import { aloneScope, ownScope } from '../baseline.ts';
import { bluntFlags } from '../blunt/blunt.ts';
import { isHook, stateOf } from '../compare.ts';
import type { Site } from '../site.ts';
import type { ProofRequest } from '../types.ts';
import { type Desk, examine, patienceMs, withChanges } from './examine.ts';
import { gradeOf } from './grade.ts';
import { withoutPieces } from './needed.ts';

export type Verified = {
  readonly it: {
    readonly request: ProofRequest;
    readonly plain: Site;
    readonly suites: readonly Suite[];
    readonly whole: () => Promise<Whole>;
  };
  readonly site: Site;
  readonly changes: readonly FileChange[];
  readonly targets: readonly Failure[];
  readonly flags: Patch['flags'];
  readonly green: TestRun;
  readonly compared: Compared;
  /** When the proof of this patch began: what follows may take half as long again. */
  readonly beganMs: number;
};

const leastMs = 2_500;

type Graded = {
  readonly graded: Pick<Proof, 'grade' | 'gradeWhy' | 'mutants' | 'unneeded' | 'smaller'>;
  /** All flags: those that were known, and what only changed tests show. */
  readonly flags: Patch['flags'];
};

/** The grade of a verified patch, and the smaller one beside it where a part is not needed. */
export async function gradePatch(verified: Verified, deps: Machine): Promise<Graded> {
  const { it, site, changes, targets, green, compared, beganMs } = verified;
  const suite = it.request.suite;
  const spent = deps.now() - beganMs;
  const part = (await it.whole()).parts.find((one) => one.suite === suite);
  const pool = makePool<Desk>([site, it.plain]);
  const narrow = targets.some(isHook) ? ownScope(targets) : aloneScope(targets);
  const blunt = bluntFlags({
    changes,
    targets,
    read: it.plain.worktree.read,
    run: (turned, scope) => {
      const asked = { ...(scope === 'own' ? ownScope(targets) : narrow), timeoutMs: patienceMs(green) };
      return pool((desk) => withChanges(desk, turned, () => desk.run(suite, asked)));
    },
  });
  const examined = examine(
    {
      pool,
      suite,
      targets,
      changes,
      green,
      wholeMs: part?.files === undefined ? part?.run.durationMs : undefined,
      red: new Set([...green.failures, ...compared.after.failures].map(({ id }) => id)),
      untilMs: deps.now() + Math.max(leastMs, spent / 2),
    },
    deps,
  );
  const [found, merits] = await Promise.all([blunt, examined]);
  const flags = [...verified.flags, ...found];
  const smaller = merits.unneeded.length > 0 ? await proveSmaller(verified, merits.unneeded, deps) : undefined;
  const graded = {
    ...gradeOf({ ...merits, flags: flags.map(({ flag }) => flag) }),
    ...(merits.mutants && {
      mutants: { made: merits.mutants.made, noticed: merits.mutants.noticed, survived: [...merits.mutants.survived] },
    }),
    ...(merits.unneeded.length > 0 && { unneeded: [...merits.unneeded] }),
    ...(smaller && { smaller }),
  };
  return { graded, flags };
}

/** The patch without all that is not needed: offered only when it stands the same proof. */
async function proveSmaller(
  { it, site, changes, targets }: Verified,
  unneeded: readonly string[],
  deps: Machine,
): Promise<Proof['smaller']> {
  const rest = withoutPieces(changes, unneeded);
  if (rest.length === 0) return undefined;
  const { worktree } = site;
  await worktree.reset();
  const { diff, sha256 } = await worktree.change(rest);
  try {
    const run = await site.run(it.request.suite, ownScope(targets));
    if (!targets.every((target) => stateOf(target, run, worktree.read) === 'green')) return undefined;
    const time = { now: deps.now, untilMs: deps.now() + it.request.timeoutMs, signal: deps.signal };
    const whole = await it.whole();
    const { difference } = await compareWhole({
      whole,
      site,
      plain: it.plain,
      suites: it.suites,
      time,
      tell: deps.tell,
    });
    return difference && !isHarm(difference) ? { diff, sha256 } : undefined;
  } finally {
    await worktree.reset();
  }
}
