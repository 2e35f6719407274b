import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkStopped, Stopped } from '../errors.ts';
import type { Shelf, Ticket } from '../jobs/queue.ts';
import { isTestName } from '../patch/judge/rules.ts';
import { makeInside } from '../safety/inside.ts';
import { BatchOptions, type Looked, Row, type Tried } from '../schema/batch.ts';
import type { Machine } from '../schema/deps.ts';
import type { Ask, Tell } from '../schema/model.ts';
import { isUnpaid, type Report } from '../schema/report.ts';
import { startVerb, type Verb, verbs } from '../verbs.ts';
import type { Wiring } from '../wiring.ts';
import { classify, classOfRun, fingerprintOf } from './cause-id.ts';
import { Handing, handOver } from './forge/hand-over.ts';
import { type Ground, onGround } from './ground.ts';
import { pastKinds, workOnPast } from './past.ts';

/** What a worker works with. `beforeEffect` throws where another attempt has begun: then this one must not spend or write any more. */
export type Hands = {
  readonly wiring: Wiring;
  readonly shelf: Shelf;
  readonly signal: AbortSignal;
  readonly tell: Tell;
  readonly beforeEffect: () => Promise<void>;
  /** Whether a request goes on, and its reply is kept, when the task that asked is put back. */
  readonly outlasting: boolean;
};

const mostTests = 100;
const mostReportBytes = 8 << 20;

const Errand = z.strictObject({
  row: Row,
  commit: z.string().optional(),
  options: BatchOptions,
  /** Ids of the failures to mend. */
  tests: z.array(z.string()).optional(),
  patch: z.string().optional(),
  /** The job whose patch it is, where the patch holds a secret. */
  patchOf: z.string().optional(),
  maxCost: z.number().optional(),
  handing: Handing.optional(),
});
export type Errand = z.infer<typeof Errand>;

/** A task under way, with a count of the replies that it has paid for. */
type Doing = { readonly id: string; readonly hands: Hands; readonly bill: { requests: number } };

type Does = (errand: Errand, ground: Ground, task: Doing) => Promise<object>;

/** What a worker can do. A task's kind is a name of this table. */
const kinds: Readonly<Record<string, Does>> = { look: lookAt, fix: fixAt, prove: proveAt };

/** Does one task to its result, which is small: what is long lies on the shelf. */
export async function work({ id, kind, data }: Ticket, hands: Hands): Promise<unknown> {
  const machine: Machine = { ...hands.wiring, signal: hands.signal, tell: hands.tell };
  if (kind === 'open') return open(Errand.parse(data), hands, machine);
  if (pastKinds.has(kind))
    return workOnPast(kind, data, { wiring: hands.wiring, askAs: (ask) => askFor(ask, id, hands, () => {}) }, machine);
  const does = kinds[kind];
  if (!does) throw new Error(`no worker knows the kind ${kind}`);
  const errand = Errand.parse(data);
  return onGround(errand, hands.shelf, machine, (ground) => does(errand, ground, { id, hands, bill: { requests: 0 } }));
}

/** Needs no ground: what is handed over is laid out from where it was pushed. */
async function open({ patch, handing, ...errand }: Errand, { shelf, beforeEffect }: Hands, machine: Machine): Promise<object> {
  if (patch === undefined || handing === undefined) throw new Error('nothing to hand over');
  const report = handing.report === undefined ? undefined : await shelf.read(handing.report);
  return { url: await handOver({ ...errand, patch, handing }, { report, before: beforeEffect }, machine) };
}

async function run(verb: Verb, root: string, input: object, { id, hands, bill }: Doing): Promise<Report> {
  const { wiring, signal, tell } = hands;
  const running = await startVerb(wiring, verb, root, { ...input }, signal, (deps) => ({
    ...deps,
    ask: deps.ask && askFor(deps.ask, id, hands, () => bill.requests++),
  }));
  running.follow(tell);
  const stop = () => running.stop('interrupted');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const report = await running.done;
    await wiring.jobs.fetched(running.id);
    return report;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Gives each request of a task its name over all attempts. `paid` is called for those that this task has paid for, now or in an attempt
 * that was lost. Only who cancels the task ends a request that another process would bring to its end.
 */
export function askFor(ask: Ask, task: string, { signal, beforeEffect, outlasting }: Hands, paid: () => void): Ask {
  let asked = 0;
  return async (request, options) => {
    const once = `${task}-${++asked}`;
    await beforeEffect();
    const stop = new AbortController();
    const gone = AbortSignal.any([signal, ...(options.signal ? [options.signal] : [])]);
    const onGone = () => (!outlasting || signal.reason === 'cancelled') && stop.abort(gone.reason);
    gone.addEventListener('abort', onGone, { once: true });
    try {
      const asking = ask({ ...request, once }, { ...options, signal: stop.signal });
      const reply = await unless(gone, asking);
      if (reply.outcome !== 'over_cap' && !(reply.stored && reply.cost === 0)) paid();
      return reply;
    } finally {
      gone.removeEventListener('abort', onGone);
    }
  };
}

async function unless<T>(gone: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => {});
  checkStopped(gone);
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => gone.addEventListener('abort', () => reject(new Stopped(gone.reason)), { once: true })),
  ]);
}

const lookingAt = ({ row, options }: Errand, { log, report }: Ground) => ({
  command: row.command,
  test: row.test === undefined ? undefined : [row.test].flat(),
  timeout: options.timeout,
  env: options.env,
  log,
  report,
});

async function lookAt(errand: Errand, ground: Ground, task: Doing): Promise<Looked> {
  const { options } = errand;
  const begun = performance.now();
  const given = ground.log ?? ground.report;
  const find = () =>
    run(verbs.find, ground.root, { ...lookingAt(errand, ground), flakes: given === undefined ? (options.flakes ?? 2) : 0 }, task);
  let report = await find();
  const lacks = report.status === 'not_installed' || (report.groups ?? []).some(({ notInstalled }) => notInstalled);
  if (lacks && (await ground.install())) report = await find();
  checkStopped(task.hands.signal);
  const inside = makeInside(ground.root);
  const read = (path: string) => (inside(path) === undefined ? readFileSync(join(ground.root, path), 'utf8') : undefined);
  const members = (report.groups ?? []).map((group, index) => ({
    fingerprint: fingerprintOf(group, read, [ground.root]),
    cause: group.cause,
    // Only the first failure was run again.
    ...classify(group, index === 0 ? report.flake : undefined, isTestName),
    count: group.count,
    tests: group.ids.slice(0, mostTests),
  }));
  const classed = members.length === 0 ? classOfRun(report) : undefined;
  const summary = classed ? `${report.summary} (${classed.class}: ${classed.why})` : report.summary;
  return {
    status: report.status,
    summary,
    commit: ground.commit,
    durationMs: Math.round(performance.now() - begun),
    job: report.job,
    members,
    warnings: report.warnings.slice(0, 10),
    ...(classed && { class: classed.class }),
  };
}

/** A clone that lacks its dependencies gets them before its tests are run again. */
async function ready(errand: Errand, ground: Ground): Promise<void> {
  if (errand.options.install) await ground.install();
}

async function fixAt(errand: Errand, ground: Ground, task: Doing): Promise<Tried> {
  await ready(errand, ground);
  const { timeout: _timeout, env: _env, flakes: _flakes, install: _install, ...steering } = errand.options;
  const input = { ...lookingAt(errand, ground), ...steering, test: errand.tests, max_cost: errand.maxCost };
  return triedOf(await run(verbs.fix, ground.root, input, task), task);
}

async function proveAt(errand: Errand, ground: Ground, task: Doing): Promise<Tried> {
  const patch = errand.patch ?? (errand.patchOf && (await task.hands.wiring.jobs.store.read(errand.patchOf, 'patch.diff')));
  if (patch === undefined)
    return { status: 'not_applied', summary: 'The patch holds a secret, so it stays on the machine that made it and was not tried here.' };
  await ready(errand, ground);
  const { timeout, env, sandbox, allow } = errand.options;
  const input = { patch, test: errand.tests, command: errand.row.command, timeout, env, sandbox, allow };
  return triedOf(await run(verbs.prove, ground.root, input, task), task);
}

async function triedOf(report: Report, { id, hands, bill }: Doing): Promise<Tried> {
  const name = `report-${id}`;
  await hands.beforeEffect();
  const text = JSON.stringify(report);
  if (text.length <= mostReportBytes) await hands.shelf.keep(name, text);
  const { patch } = report;
  // The report shows placeholders where the patch holds a secret.
  const closed = patch && createHash('sha256').update(patch.diff).digest('hex') !== patch.sha256;
  return {
    status: report.status,
    summary: report.summary,
    job: report.job,
    ...(report.costUsd !== undefined && { costUsd: report.costUsd }),
    ...(isUnpaid(report) && { unpaid: true }),
    requests: bill.requests,
    ...(patch && { patch: { diff: patch.diff, sha256: patch.sha256, closed: closed === true } }),
    report: name,
  };
}
