import { type Found, findCause } from '../cause/cause.ts';
import { linesOf } from '../cause/describe-values.ts';
import type { Situation } from '../cause/situation.ts';
import { messageOf } from '../errors.ts';
import { type Named, openPlace } from '../repo/root.ts';
import type { Cause } from '../schema/cause.ts';
import type { Deps } from '../schema/deps.ts';
import type { CauseInput } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import type { Failure } from '../schema/run.ts';
import { checkSince, type TakenUp, takeUp } from './find.ts';

/** Shows why tests are red: since when, by which part of a change, and with which values. Sends nothing, needs no key. */
export async function cause(input: CauseInput & Named, deps: Deps): Promise<Report> {
  const place = await openPlace(input, deps);
  await checkSince(place, input.since);
  const { report: red, found } = await takeUp('cause', place, input, deps);
  if (red.status === 'green') return { ...red, status: 'nothing_to_fix', summary: `Nothing is red. ${red.summary}` };
  if (!found) return red;
  const shown = await findCause({ ...withGroup(found), since: input.since }, deps);
  const summary = summarize(found.failure, shown.cause);
  return {
    ...red,
    cause: shown.cause,
    ...(shown.patch && { patch: shown.patch }),
    status: summary === undefined ? red.status : 'shown',
    summary: summary ?? `${found.failure.name} fails, and running it has not shown why. ${red.summary}`,
    warnings: [...red.warnings, ...shown.notes],
  };
}

/** What a pack is told of the cause, as far as some seconds show it. Whatever goes wrong, there is none. */
export async function shownFor(
  found: NonNullable<TakenUp['found']>,
  deps: Deps,
): Promise<{ readonly cause?: Cause; readonly shown?: readonly string[]; readonly places?: Found['places'] }> {
  if (!found.run.rerun) return {};
  try {
    const { cause: seen, places } = await findCause({ ...withGroup(found), quick: true }, deps);
    return { cause: seen, shown: linesOf(seen), places };
  } catch (error) {
    if (deps.signal?.aborted) throw error;
    deps.tell({ type: 'progress', message: `no values: ${messageOf(error)}` });
    return {};
  }
}

/** The failure that was taken up with all of its group. */
function withGroup({ groups, ...found }: NonNullable<TakenUp['found']>): Situation {
  const ids = new Set(groups.find(({ first }) => first.id === found.failure.id)?.ids);
  const failures = [found.failure, ...found.run.failures.filter(({ id }) => id !== found.failure.id && ids.has(id))];
  return { ...found, failures };
}

/** The cause in one sentence. Undefined: none was shown. */
function summarize(failing: Failure, { blame, values, since }: Cause): string | undefined {
  const [first] = values?.divergences ?? [];
  const gave =
    first &&
    `${first.call} gave ${first.gave}${first.instead === undefined ? '' : ` instead of ${first.instead}`} (${first.path}:${first.line})`;
  const [hunk] = blame?.hunks ?? [];
  if (blame && hunk) return `${failing.name} is red because of ${hunk.path}:${hunk.line}: ${blame.why}.${gave ? ` ${gave}.` : ''}`;
  if (gave) return `${failing.name} is red. ${gave}: ${first.why}.`;
  return since?.commit ? `${failing.name} is red since ${since.commit.sha.slice(0, 10)} (${since.commit.subject}).` : undefined;
}
