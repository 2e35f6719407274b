import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { GlmError } from '../errors.ts';
import type { Task, TaskState } from '../jobs/queue.ts';
import { openScrub } from '../jobs/scrub.ts';
import { type Batch, Looked } from '../schema/batch.ts';
import { mendAll } from './causes.ts';
import { conclude, rowOf } from './conclude.ts';
import { toShelf } from './ground.ts';
import type { List, Placed } from './list.ts';
import type { Asker, BatchRequest, BatchRun, Found } from './types.ts';

const mostLogBytes = 16 << 20;

/** Names a batch by all that decides what it does: the same again goes on where it was broken off. */
export function batchId({ rows }: List, rest: unknown): string {
  const parts = JSON.stringify([rows.map(({ line, key }) => [line, key]), rest]);
  return `b${createHash('sha256').update(parts).digest('hex').slice(0, 16)}`;
}

/**
 * A list of red repositories to its end: look at every row, group what fails by root cause, ask for one patch per cause, prove it on every
 * row that has the cause. Whoever works for the queue does the work; this only adds tasks and waits.
 */
export async function runBatch(request: BatchRequest, run: BatchRun): Promise<Batch> {
  const { list, id } = request;
  const begun = performance.now();
  // Every row waits under the one signal.
  setMaxListeners(0, run.signal);
  for (const row of list.bad) run.tell({ type: 'row', ...row });
  const asked = makeAsker(run);
  const rows = await Promise.all(list.rows.map((row) => travel(row, request, run)));
  const looks = rows.map((row): Task => ({ id: `${id}-look-${row.key}`, kind: 'look', data: { row: row.row, options: request.options } }));
  await asked.add(looks);
  const found = await Promise.all(
    rows.map(async (row, at): Promise<Found> => {
      const ended = await asked.wait(looks[at]?.id ?? '', row, 'find');
      const seen = ended?.state === 'done' ? { ...row, looked: Looked.parse(ended.result) } : { ...row, ended };
      if (!('looked' in seen) || seen.looked.members.length === 0) run.tell({ type: 'row', ...rowOf(seen, []) });
      return seen;
    }),
  );
  const causes = await mendAll(found, request, { ...run, asked });
  const batch = conclude(request, found, causes, Math.round(performance.now() - begun));
  for (const row of batch.rows) if (row.causes.length > 0) run.tell({ type: 'row', ...row });
  await run.queue.forget(asked.ids());
  return batch;
}

function makeAsker({ queue, tell, signal }: BatchRun): Asker {
  const ids = new Set<string>();
  return {
    ids: () => [...ids],
    add: async (tasks) => {
      for (const { id } of tasks) if ((await queue.look(id))?.state === 'cancelled') await queue.forget([id]);
      await queue.add(tasks);
    },
    wait: async (id, { line, name }, doing) => {
      ids.add(id);
      let last = '';
      const say = (state: TaskState) => {
        const now = `${state.state} ${state.message ?? ''}`;
        if (now !== last) tell({ type: 'task', line, name, doing, state: state.state, message: state.message ?? '' });
        last = now;
      };
      const ended = await queue.wait(id, { signal, tell: say });
      if (ended) say(ended);
      return ended;
    },
  };
}

/** A row that may be worked on elsewhere: what stands in its log goes to the shelf, redacted. */
async function travel(placed: Placed, { id }: BatchRequest, { shelf, wiring }: BatchRun): Promise<Placed> {
  const { row, key } = placed;
  const paths = { log: row.log, report: row.repo === undefined ? undefined : row.report };
  if (paths.log === undefined && paths.report === undefined) return placed;
  const { redactor } = await openScrub(row.root ?? wiring.folders.state, [], wiring);
  const put = async (path: string | undefined, as: string) => {
    if (path === undefined) return {};
    const bytes = await readFile(path);
    if (bytes.length > mostLogBytes)
      throw new GlmError('bad_input', `${path} has ${bytes.length >> 20} MB, more than ${mostLogBytes >> 20}.`, {
        hint: 'Cut it to the part that fails.',
      });
    return { [as]: await toShelf(`${as}-${id}-${key}`, path, redactor.redact(bytes.toString()).text, shelf) };
  };
  return { ...placed, row: { ...row, ...(await put(paths.log, 'log')), ...(await put(paths.report, 'report')) } };
}
