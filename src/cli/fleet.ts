import type { z } from 'zod';
import { GlmError } from '../errors.ts';
import type { Opened } from '../fleet/engine/store.ts';
import type { BatchEvent } from '../fleet/types.ts';
import { BatchInput, WorkerInput } from '../schema/batch.ts';
import { EvaluateInput } from '../schema/evaluate-input.ts';
import type { Farm } from '../schema/farm.ts';
import type { Account } from '../schema/model.ts';
import { verbs } from '../verbs.ts';
import { openWiring, type Wiring } from '../wiring.ts';
import { type Call, type Command, command, type Outcome } from './command.ts';
import { rootFlag } from './flags.ts';
import { reportOutcome, rootOf, runJob } from './verbs.ts';

const Evaluate = EvaluateInput.extend({ queue: WorkerInput.shape.queue.describe('give the work to the workers of this queue instead') });
const Batch = BatchInput.extend({ root: rootFlag });

/** The verbs for many rows and many machines. */
export const fleetCommands: readonly Command[] = [
  command({
    name: 'batch',
    summary: 'find, group and fix what is red in many repositories: one patch per root cause, proven on every row that has it',
    arguments: 'LIST.jsonl | --from-ci LOG…',
    input: Batch,
    reaches: true,
    examples: [
      'glm-skill batch red.jsonl --jobs 4 --max-cost 2',
      'glm-skill batch --from-ci logs/ --root ../shop --html red.html',
      'glm-skill batch red.jsonl --only-find --json',
      'glm-skill batch red.jsonl --queue redis://queue:6379',
    ],
    run: runBatchCommand,
  }),
  command({
    name: 'evaluate',
    summary:
      'find the cheapest variant that is good enough here, on past bugs of your own history; without --max-cost it only measures and prices',
    arguments: '[ROOT]',
    input: Evaluate,
    reaches: true,
    reports: true,
    examples: [
      'glm-skill evaluate',
      'glm-skill evaluate --max-cost 2 --bar 0.7 --save',
      'glm-skill evaluate ../shop --variants glm-4.5-air,glm-4.7 --export bugs.jsonl',
      'glm-skill evaluate --bugs 60 --queue redis://queue:6379',
    ],
    run: runEvaluateCommand,
  }),
  command({
    name: 'worker',
    summary: 'work for a queue until SIGTERM: what batches and servers of other machines have put there',
    arguments: '',
    input: WorkerInput,
    reaches: true,
    examples: ['glm-skill worker --queue redis://queue:6379 --jobs 4', 'glm-skill worker --queue postgres://glm@db/glm'],
    run: runWorkerCommand,
  }),
];

async function runBatchCommand(call: Call<z.infer<typeof Batch>>): Promise<Outcome> {
  const { input, wiring, signal } = call;
  const {
    root,
    command: test,
    max_cost: maxCost,
    from_ci: _fromCi,
    only_find: onlyFind = false,
    jobs = 2,
    queue,
    open,
    label: labels,
    ...options
  } = input;
  const [{ batchId }, { runLocal }, { batchText, wentWell }, { showBatch }] = await Promise.all([
    import('../fleet/batch.ts'),
    import('../fleet/local.ts'),
    import('../report/batch/text.ts'),
    import('./live.ts'),
  ]);
  const list = await readRows(call, root ?? process.cwd());
  const rows = list.rows.map((placed) => ({ ...placed, row: { ...placed.row, command: placed.row.command ?? test } }));
  const request = {
    id: batchId({ ...list, rows }, [options, test, onlyFind, open, labels]),
    list: { ...list, rows },
    options,
    onlyFind,
    maxCost,
    open,
    labels,
  };
  const live = call.quiet
    ? undefined
    : showBatch(process.stderr, call.wiring.env.TERM !== 'dumb' && process.stderr.isTTY === true, list.rows.length + list.bad.length);
  const tell = (event: BatchEvent) => {
    if (call.json) process.stdout.write(`${JSON.stringify(event)}\n`);
    live?.tell(event);
  };
  try {
    const batch =
      queue === undefined
        ? await runLocal(request, { wiring, signal, jobs, tell })
        : await onQueue(queue, call, async (opened) =>
            (await import('../fleet/worker.ts')).runRemote(request, { wiring, signal, tell }, opened),
          );
    const page = async () => (await import('../report/batch/page.ts')).batchPage(batch);
    const exitCode = batch.rows.every(wentWell) ? 0 : 1;
    return { exitCode, text: batchText(batch), json: { type: 'batch', ...batch }, page, streamed: true };
  } finally {
    live?.end();
  }
}

async function readRows({ input, positionals, wiring, signal, tell }: Call<z.infer<typeof Batch>>, root: string) {
  const { readList, readLogs } = await import('../fleet/list.ts');
  const machine = { ...wiring, signal, tell };
  const [path] = positionals;
  const hint = 'glm-skill batch LIST.jsonl, or glm-skill batch --from-ci LOG…';
  if (path === undefined) throw new GlmError('bad_input', 'batch: which list?', { hint });
  if (input.from_ci) return readLogs(positionals, root, machine);
  if (positionals.length > 1) throw new GlmError('bad_input', `batch: one list at a time, not ${positionals.length}.`, { hint });
  return readList(path, machine);
}

async function runEvaluateCommand(call: Call<z.infer<typeof Evaluate>>): Promise<Outcome> {
  const { queue: url, ...input } = call.input;
  const one = { ...call, input };
  const done = async (farm?: Farm) => {
    const { job: _job, ...report } = await runJob(verbs.evaluate, rootOf(call.positionals), one, farm);
    return reportOutcome(report);
  };
  if (url === undefined) return done();
  return onQueue(url, call, async ({ queue }) => {
    const { openFarm } = await import('../fleet/farm.ts');
    const farm = openFarm(queue);
    const outcome = await done(farm);
    await farm.close();
    return outcome;
  });
}

/** Opens a queue for as long as the work takes. */
async function onQueue<T>(url: string, { wiring }: Pick<Call<unknown>, 'wiring'>, work: (opened: Opened) => Promise<T>): Promise<T> {
  const { openQueue } = await import('../fleet/engine/open.ts');
  const opened = await openQueue(url, wiring.env);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

async function runWorkerCommand(call: Call<WorkerInput>): Promise<Outcome> {
  const { queue: url = call.wiring.env.GLM_SKILL_QUEUE, jobs = 2, drain = 600 } = call.input;
  if (!url)
    throw new GlmError('bad_input', 'worker: which queue?', {
      hint: 'glm-skill worker --queue redis://HOST:6379, or set GLM_SKILL_QUEUE.',
    });
  const stop = new AbortController();
  // The first signal drains; whoever sends a second one does not want to wait.
  call.signal.addEventListener('abort', () => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort());
  });
  const told = (line: string) => call.quiet || process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  return onQueue(url, call, async (opened) => {
    const [{ runWorker }, { openKeeping }] = await Promise.all([import('../fleet/worker.ts'), import('../fleet/keeper-client.ts')]);
    const { baseUrl, env } = call.wiring;
    const keeping = openKeeping([process.execPath, ...process.execArgv, process.argv[1] ?? '', 'keep-replies'], {
      queue: url,
      baseUrl,
      env,
    });
    const opener = (account: Account | undefined) => openWiring(baseUrl, env, { account, through: () => keeping.askAs(account) });
    const wiring = opener(undefined);
    const users = new Map<string, Wiring>();
    const wiringOf = (account: Account | undefined) => {
      const name = JSON.stringify(account ?? '');
      const one = account === undefined ? wiring : (users.get(name) ?? opener(account));
      users.set(name, one);
      return one;
    };
    try {
      told(`working for ${url} with ${jobs} hands`);
      await runWorker({ opened, wiring, wiringOf, jobs, drain: call.signal, drainMs: drain * 1000, stop: stop.signal, told });
      told('drained');
    } finally {
      for (const one of [wiring, ...users.values()]) await one.jobs.close();
      await keeping.close();
    }
    return { exitCode: 0, text: '', json: { queue: url, drained: true } };
  });
}
