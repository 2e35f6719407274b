import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { asProblem, checkStopped, Stopped } from '../errors.ts';
import { startOf } from '../process/alive.ts';
import { toMarkdown } from '../report/markdown.ts';
import type { Deps } from '../schema/deps.ts';
import type { Job, JobState } from '../schema/job.ts';
import type { Ask, Variant } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { followElsewhere } from './elsewhere.ts';
import { errorOf, withReplies } from './problem.ts';
import { type JobRecord, openRecord } from './record.ts';
import { isPaid, recall, rememberReplies } from './replies.ts';
import type { Scrub } from './scrub.ts';
import { type JobStore, loadReport, newJobId } from './store.ts';
import { madeBefore, noteSent, type Running, type Work } from './work.ts';

export type Jobs = {
  /** Starts the work, attaches to an equal job that runs here or in another process, hands out an unfetched result, or resumes an interrupted one. */
  readonly start: (work: Work) => Promise<Running>;
  readonly running: (id: string) => Running | undefined;
  /** The result was handed out; `perhaps` to nobody, so that an equal call gets it once more. */
  readonly fetched: (id: string, perhaps?: boolean) => Promise<void>;
  /** Cancels a job that runs elsewhere, where that can be done from here. */
  readonly cancel?: (id: string) => Promise<boolean>;
  /** Stops everything that runs here and waits for it. A reply that is being paid for is waited for so long first. */
  readonly close: (graceMs?: number) => Promise<void>;
  readonly store: JobStore;
};

type JobDeps = Omit<Deps, 'ask' | 'variants' | 'redactor' | 'tell' | 'keep' | 'recall' | 'signal'> & {
  readonly ask: () => Promise<Ask | undefined>;
  readonly variants?: () => Promise<readonly Variant[]>;
  readonly scrub: (root: string) => Promise<Scrub>;
};

type Here = Running & { readonly key: string; readonly stage: () => string };

/** Ids of what runs in this process. One of ours that is not among them has ended, and the disk had no room to say so. */
const underWay = new Set<string>();

export function makeJobs(store: JobStore, deps: JobDeps): Jobs {
  const here = new Map<string, Here>();
  const elsewhere = new Set<Running>();
  const starting = new Map<string, Promise<Running>>();

  function start(work: Work): Promise<Running> {
    const key = keyOf(work);
    // Many equal calls at once must meet before the first of them has looked at the disk.
    const begun = starting.get(key) ?? begin(work, key).finally(() => starting.delete(key));
    starting.set(key, begun);
    return begun;
  }

  async function begin(work: Work, key: string): Promise<Running> {
    const equal = [...here.values()].find((one) => one.key === key);
    if (equal) return equal;
    // Two processes that look at the same moment would both find nothing.
    const release = work.shared ? await store.lock() : () => {};
    try {
      const earlier = work.shared ? (await store.list()).find((job) => job.key === key) : undefined;
      const lost = earlier?.state === 'running' && earlier.pid === process.pid && !underWay.has(earlier.id);
      if (earlier?.state === 'running' && !lost) {
        const one = followElsewhere(earlier, store, () => start(work));
        elsewhere.add(one);
        one.done.finally(() => elsewhere.delete(one)).catch(() => {});
        return one;
      }
      const known: Job | undefined = lost && earlier ? { ...earlier, state: 'interrupted' } : earlier;
      return await launch(work, key, work.tree === undefined ? undefined : known);
    } finally {
      release();
    }
  }

  async function launch(work: Work, key: string, earlier: Job | undefined): Promise<Running> {
    if (earlier?.state === 'done' && !earlier.fetched) {
      const report = await loadReport(store, earlier.id);
      if (report) return finished(earlier.id, report);
    }
    // One that failed after it had paid goes on from there too.
    const goesOn = earlier?.state === 'interrupted' || (earlier?.state === 'failed' && (await isPaid(earlier, store, deps.folders)));
    const resumed = earlier && goesOn && (await store.claim(earlier)) ? earlier : undefined;
    const running = await run(work, key, resumed);
    // To look through all that is kept takes longer than a warm context: one start in 32 does, by its random id.
    if (running.id.endsWith('0')) void store.prune(deps.now()).catch(() => {});
    return running;
  }

  async function run(work: Work, key: string, resumed: Job | undefined): Promise<Running> {
    const begun = new Date(deps.now()).toISOString();
    const id = resumed?.id ?? newJobId();
    const record = openRecord(
      {
        version: 1,
        id,
        verb: work.verb,
        root: work.root,
        key,
        input: work.input,
        state: 'running',
        stage: 'start',
        message: 'starting',
        created: resumed?.created ?? begun,
        updated: begun,
        pid: process.pid,
        owner: startOf(process.pid),
        fetched: false,
      },
      resumed ? 'resumed' : 'started',
      store,
      deps.now,
    );
    underWay.add(id);
    await record.settle();
    const control = new AbortController();
    let stoppedAs: JobState = 'interrupted';
    const done = carryOut(work, record, control.signal, () => stoppedAs).finally(() => {
      here.delete(id);
      underWay.delete(id);
    });
    done.catch(() => {});
    const running = {
      id,
      root: work.root,
      key,
      done,
      again: false,
      latest: () => record.job().message,
      stage: () => record.job().stage,
      follow: record.follow,
      stop: (as: 'cancelled' | 'interrupted') => {
        stoppedAs = as;
        control.abort();
      },
    };
    here.set(id, running);
    return running;
  }

  async function carryOut(work: Work, record: JobRecord, signal: AbortSignal, stoppedAs: () => JobState): Promise<Report> {
    const { id } = record.job();
    /** Replies that were paid for and are nowhere but here. */
    const unkept: string[] = [];
    let scrub: Scrub | undefined;
    try {
      scrub = await deps.scrub(work.root);
      const found = await deps.ask();
      const variants = await deps.variants?.();
      checkStopped(signal);
      const ask = found && rememberReplies(found, { store, id, root: work.root, unkept: (text) => unkept.push(text) });
      const result = await work.run({
        ...deps,
        now: steady(deps.now()),
        ask,
        variants,
        redactor: scrub.redactor,
        tell: record.tell,
        signal,
        keep: (name, content) => store.keep(id, name, content),
        recall: (id) => recall(id, work.root, { store, isCurrent: (earlier) => earlier.key === keyOf({ ...earlier, tree: work.tree }) }),
      });
      const report = { ...scrub.report(result), job: id };
      const problem = await record.keep([
        ...(result.patch ? ([['patch.diff', result.patch.diff]] as const) : []),
        ['report.json', JSON.stringify(report)],
        ['report.md', toMarkdown(report)],
        ...(report.manifest ? ([['manifest.json', JSON.stringify(report.manifest, null, 2)]] as const) : []),
      ]);
      record.save({ state: 'done', status: report.status, summary: report.summary, message: report.summary });
      return problem === undefined ? report : { ...report, warnings: [`This result is kept nowhere else: ${problem}`, ...report.warnings] };
    } catch (error) {
      const thrown = signal.aborted ? new Stopped(error) : asProblem(error);
      record.save(
        thrown instanceof Stopped
          ? { state: stoppedAs(), message: stoppedAs() }
          : { state: 'failed', error: errorOf(thrown, scrub?.text), message: 'failed' },
      );
      const kept = !(thrown instanceof Stopped) && (await isPaid(record.job(), store, deps.folders).catch(() => false));
      throw withReplies(thrown, { unkept, kept }, scrub?.text);
    } finally {
      await record.settle();
    }
  }

  return {
    start,
    store,
    running: (id) => here.get(id),
    fetched: (id, perhaps) => noteSent(store, id, perhaps),
    close: async (graceMs = 0) => {
      for (const one of elsewhere) one.stop('interrupted');
      const until = performance.now() + graceMs;
      const end = async (one: Here) => {
        while (one.stage() === 'ask' && here.has(one.id) && performance.now() < until) await sleep(50);
        one.stop('interrupted');
        await one.done.catch(() => {});
      };
      await Promise.all([...here.values()].map(end));
    },
  };
}

/** A clock for one job: the deadlines of a run hold although somebody sets the clock of the machine. */
function steady(start: number): () => number {
  const from = performance.now();
  return () => start + performance.now() - from;
}

/** Equal calls on an equal tree share it. */
export function keyOf({ verb, root, input, tree }: Pick<Work, 'verb' | 'root' | 'input' | 'tree'>): string {
  return createHash('sha256')
    .update(JSON.stringify([verb, root, input, tree]))
    .digest('hex');
}

function finished(id: string, report: Report): Running {
  const follow = () => () => {};
  return {
    id,
    root: report.root,
    done: Promise.resolve(madeBefore(report)),
    again: true,
    latest: () => report.summary,
    follow,
    stop: () => {},
  };
}
