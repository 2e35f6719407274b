import { cutSegments } from '../context/scan/segments.ts';
import { rangesOf } from '../coverage/reached.ts';
import type { Pool } from '../process/share.ts';
import { isReadable } from '../proof/compare.ts';
import { type Mutant, makeMutants } from '../proof/mutants/mutants.ts';
import type { Desk } from '../proof/steady-worktree.ts';
import type { Machine } from '../schema/deps.ts';
import { unknown } from '../schema/model.ts';
import type { FileChange } from '../schema/patch.ts';
import type { TestWorth } from '../schema/report.ts';
import type { Failure, TestRun } from '../schema/run.ts';

const mostMutants = 8;
const fewestMutants = 2;
/** Above this, one run of all tests per mutant takes too long, and the new tests are run alone first. */
export const quickMs = 2_000;
const startMs = 10_000;

export type MutationRequest = {
  readonly target: string;
  /** Worktrees that the mutants are shared among. */
  readonly pool: Pool<Desk>;
  /** The run without the new tests. */
  readonly before: TestRun;
  readonly changes: readonly FileChange[];
  readonly text: string;
  /** Ids of the new tests. */
  readonly fresh: ReadonlySet<string>;
  /** Where mutants are made, the best first; the first set that allows any is taken. Undefined: anywhere. */
  readonly places: readonly (ReadonlySet<number> | undefined)[];
  /** Whether it must be known what the tests noticed that were there already. */
  readonly compare: boolean;
  /** Lines that no test ran before: what is noticed there was not noticed before. */
  readonly unreached: ReadonlySet<number> | undefined;
  /** When no more mutants are begun, by the clock of the machine. Two are tried in any case. */
  readonly endMs: number;
  /** How long the new tests take by themselves. */
  readonly filesMs: number;
};

export type Mutation = Pick<TestWorth, 'mutants' | 'killed' | 'killedBefore' | 'survived' | 'mutated'> & {
  readonly newlyKilled: number;
  /** How many made an assertion fail, and not only an error fly. */
  readonly asserted: number;
};

type Looked = {
  readonly what: string;
  readonly byNew: boolean;
  readonly byOld: boolean;
  readonly newly: boolean;
  readonly asserted: boolean;
};

/** Runs the tests against each mutant, wherever a desk is free. A run of all of them tells both: what the new tests notice, and what the old ones did. */
export async function runMutants(request: MutationRequest, deps: Machine): Promise<Mutation> {
  const { pool, before } = request;
  const { mutants, lines } = choose(request);
  let begun = 0;
  let newly = false;
  const look = async (desk: Desk, mutant: Mutant) => {
    if (begun++ >= fewestMutants && deps.now() > request.endMs) return undefined;
    deps.tell({ type: 'stage', stage: 'prove', message: `Running the tests against a mutant (${mutant.what})` });
    // One mutant that the old tests miss is enough to know that the new ones add something.
    const found = await lookAt(mutant, desk, { ...request, compare: request.compare && !newly }, deps);
    newly ||= found?.newly === true;
    return found;
  };
  const looked = await Promise.all(mutants.map((mutant) => pool((desk) => look(desk, mutant))));
  const counted = looked.filter((one) => one !== undefined);
  const count = (is: (one: Looked) => boolean) => counted.filter(is).length;
  return {
    mutants: counted.length,
    killed: count(({ byNew }) => byNew),
    asserted: count(({ asserted }) => asserted),
    newlyKilled: count((one) => one.newly),
    killedBefore: before.durationMs <= quickMs ? count(({ byOld }) => byOld) : unknown,
    survived: counted.flatMap(({ byNew, what }) => (byNew ? [] : [what])),
    mutated: lines ? `${lines.size === 1 ? 'line' : 'lines'} ${rangesOf(lines, 6)}` : 'the whole file',
  };
}

/** Undefined: it says nothing about tests. */
async function lookAt(
  mutant: Mutant,
  { worktree, run: runThere }: Desk,
  request: MutationRequest,
  deps: Machine,
): Promise<Looked | undefined> {
  const { target, changes, text, fresh, before } = request;
  const quick = before.durationMs <= quickMs;
  const files = changes.map(({ path }) => path);
  // A mutant can loop for ever.
  const timeoutMs = Math.round(startMs + 4 * (quick ? before.durationMs : Math.min(before.durationMs, request.filesMs)));
  const wholeMs = Math.round(startMs + 2 * before.durationMs);
  const redBefore = new Set(before.failures.map(({ id }) => id));
  const noticing = (run: TestRun) => run.failures.filter(({ id, kind }) => kind !== 'load' && !redBefore.has(id));
  const noticed = (run: TestRun) => noticing(run).map(({ id }) => id);
  await worktree.reset();
  worktree.put([...changes, { path: target, before: text, after: mutant.text }]);
  const run = await runThere({ ...(!quick && { files }), timeoutMs });
  const hangsAlone = async () => {
    await worktree.reset();
    worktree.put([{ path: target, before: text, after: mutant.text }]);
    return (await runThere({ timeoutMs: wholeMs })).outcome === 'timeout';
  };
  // One that hangs without the new tests is not what they notice.
  // Where no time is left to see that, it counts for nothing.
  if (run.outcome === 'timeout' && (deps.now() > request.endMs || (await hangsAlone()))) return undefined;
  // A mutant that cannot be loaded says nothing about tests.
  if (!isReadable(run) && run.outcome !== 'timeout') return undefined;
  const failed = noticed(run);
  if (failed.length === 0 && run.failures.some(({ kind }) => kind === 'load')) return undefined;
  const byNew = run.outcome === 'timeout' || failed.some((id) => fresh.has(id));
  const asked = !quick && byNew && request.compare;
  const byOld = (asked ? noticed(await runThere({ timeoutMs: wholeMs })) : failed).some((id) => !fresh.has(id));
  return {
    what: mutant.what,
    byNew,
    byOld,
    newly: byNew && !byOld && (quick || asked || request.unreached?.has(mutant.line) === true),
    asserted: noticing(run).some((failure) => fresh.has(failure.id) && isAsserted(failure, target)),
  };
}

/** Did an assertion fail, and not only an error fly through the target? */
function isAsserted({ kind, frames }: Failure, target: string): boolean {
  return kind === 'assertion' || !frames.some(({ file }) => file === target);
}

function choose({ target, text, places }: MutationRequest): { mutants: Mutant[]; lines: ReadonlySet<number> | undefined } {
  for (const lines of places) {
    const mutants = makeMutants(target, text, { most: mostMutants, lines });
    if (mutants.length > 0) return { mutants, lines };
  }
  return { mutants: [], lines: places[0] };
}

/** What a file only brings in says nothing of what it tests. */
const brings = /^\s*(?:import\b|from\b|export\b.*\bfrom\b|use\b|using\b|(?:const|let|var)\b.*\brequire\()/;

/** Lines of the definitions that the new tests name; undefined where they name none. */
export function linesNamed(target: string, text: string, changes: readonly FileChange[]): ReadonlySet<number> | undefined {
  const words = new Set(changes.flatMap(({ before, after }) => added(before, after).match(/[A-Za-z_$][\w$]*/g) ?? []));
  const named = cutSegments(target, text).filter(({ kind, name }) => kind !== 'glue' && words.has(name));
  const lines = named.flatMap(({ startLine, endLine }) => Array.from({ length: endLine - startLine + 1 }, (_, at) => startLine + at));
  return lines.length > 0 ? new Set(lines) : undefined;
}

function added(before: string | null, after: string | null): string {
  const known = new Set(before?.split('\n'));
  return (after ?? '')
    .split('\n')
    .filter((line) => !known.has(line) && !brings.test(line))
    .join('\n');
}
