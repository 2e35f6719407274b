import { createHash } from 'node:crypto';
import { checkStopped, GlmError, messageOf, Stopped } from '../errors.ts';
import { startOf } from '../process/alive.ts';
import { toMarkdown } from '../report/markdown.ts';
import { neutralise } from '../safety/text.ts';
import type { Deps } from '../schema/deps.ts';
import type { Job, JobState } from '../schema/job.ts';
import type { Ask, Event, Tell, Variant } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { recall, rememberReplies } from './replies.ts';
import type { Scrub } from './scrub.ts';
import { type JobStore, loadReport, newJobId } from './store.ts';

/**
 * What a job runs, and on what. `tree` names the state of the files: an equal call on an equal tree is the same job. Without it a call
 * attaches to an equal one that runs, and nothing that has ended is used again.
 */
export type Work = {
  readonly verb: string;
  readonly root: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly tree: string | undefined;
  readonly run: (deps: Deps) => Promise<Report>;
};

/** A job of this process. `done` rejects with what the corridor threw. */
export type Running = {
  readonly id: string;
  readonly root: string;
  readonly done: Promise<Report>;
  readonly latest: () => string;
  readonly follow: (tell: Tell) => () => void;
  readonly stop: (as: 'cancelled' | 'interrupted') => void;
};

export type Jobs = {
  /** Starts the work, attaches to an equal job that runs here, hands out an unfetched result, or resumes an interrupted one. */
  readonly start: (work: Work) => Promise<Running>;
  readonly running: (id: string) => Running | undefined;
  readonly fetched: (id: string) => Promise<void>;
  /** Stops everything that runs here and waits for it. */
  readonly close: () => Promise<void>;
  readonly store: JobStore;
};

type JobDeps = Omit<Deps, 'ask' | 'variants' | 'redactor' | 'tell' | 'keep' | 'recall' | 'signal'> & {
  readonly ask: () => Promise<Ask | undefined>;
  readonly variants?: () => Promise<readonly Variant[]>;
  readonly scrub: (root: string) => Promise<Scrub>;
};

export function makeJobs(store: JobStore, deps: JobDeps): Jobs {
  const here = new Map<string, Running & { readonly key: string }>();

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
    const earlier = work.tree === undefined ? undefined : (await store.list()).find((job) => job.key === key);
    if (earlier?.state === 'done' && !earlier.fetched) {
      const report = await loadReport(store, earlier.id);
      if (report) return finished(earlier.id, report);
    }
    const resumed = earlier?.state === 'interrupted' && (await store.claim(earlier)) ? earlier : undefined;
    const running = await launch(work, key, resumed);
    // To look through all that is kept takes longer than a warm context: one start in 32 does, by its random id.
    if (running.id.endsWith('0')) void store.prune(deps.now()).catch(() => {});
    return running;
  }

  async function launch(work: Work, key: string, resumed: Job | undefined): Promise<Running> {
    const time = () => new Date(deps.now()).toISOString();
    let job: Job = {
      version: 1,
      id: resumed?.id ?? newJobId(),
      verb: work.verb,
      root: work.root,
      key,
      input: work.input,
      state: 'running',
      stage: 'start',
      message: 'starting',
      created: resumed?.created ?? time(),
      updated: time(),
      pid: process.pid,
      owner: startOf(process.pid),
      fetched: false,
    };
    await store.create(job);
    const control = new AbortController();
    const followers = new Set<Tell>();
    let stoppedAs: JobState = 'interrupted';
    let writes: Promise<unknown> = store.journal(job.id, { at: time(), event: resumed ? 'resumed' : 'started', verb: work.verb });
    const save = (change: Partial<Job>) => {
      job = { ...job, ...change, updated: time() };
      const record = job;
      writes = writes.then(() => store.save(record));
    };
    const tell = (event: Event) => {
      const message = describe(event);
      if (event.type === 'stage') {
        save({ stage: event.stage, message });
        writes = writes.then(() => store.journal(job.id, { at: time(), event: 'stage', stage: event.stage, message }));
      } else job = { ...job, message };
      for (const follower of followers) follower(event);
    };

    const run = async (): Promise<Report> => {
      let scrub: Scrub | undefined;
      try {
        scrub = await deps.scrub(work.root);
        const found = await deps.ask();
        const variants = await deps.variants?.();
        checkStopped(control.signal);
        const ask = found && rememberReplies(found, store, job.id, work.root);
        const result = await work.run({
          ...deps,
          ask,
          variants,
          redactor: scrub.redactor,
          tell,
          signal: control.signal,
          keep: (name, content) => store.keep(job.id, name, content),
          recall: (id) => recall(id, work.root, { store, isCurrent: (earlier) => earlier.key === keyOf({ ...earlier, tree: work.tree }) }),
        });
        const report = { ...scrub.report(result), job: job.id };
        if (result.patch) await store.keep(job.id, 'patch.diff', result.patch.diff);
        await store.keep(job.id, 'report.json', JSON.stringify(report));
        await store.keep(job.id, 'report.md', toMarkdown(report));
        if (report.manifest) await store.keep(job.id, 'manifest.json', JSON.stringify(report.manifest, null, 2));
        save({ state: 'done', status: report.status, summary: report.summary, message: report.summary });
        return report;
      } catch (error) {
        const thrown = control.signal.aborted ? new Stopped(error) : error;
        save(
          thrown instanceof Stopped
            ? { state: stoppedAs, message: stoppedAs }
            : { state: 'failed', error: errorOf(thrown, scrub?.text), message: 'failed' },
        );
        throw thrown;
      } finally {
        await writes.catch(() => {});
        here.delete(job.id);
      }
    };

    const done = run();
    done.catch(() => {});
    const running = {
      id: job.id,
      root: job.root,
      key,
      done,
      latest: () => job.message,
      follow: (follower: Tell) => {
        followers.add(follower);
        return () => followers.delete(follower);
      },
      stop: (as: 'cancelled' | 'interrupted') => {
        stoppedAs = as;
        control.abort();
      },
    };
    here.set(job.id, running);
    return running;
  }

  return {
    start,
    store,
    running: (id) => here.get(id),
    fetched: async (id) => {
      const job = await store.load(id);
      if (job && job.state === 'done' && !job.fetched) await store.save({ ...job, fetched: true });
    },
    close: async () => {
      const all = [...here.values()];
      for (const one of all) one.stop('interrupted');
      await Promise.allSettled(all.map((one) => one.done));
    },
  };
}

/** Equal calls on an equal tree share it. */
function keyOf({ verb, root, input, tree }: Pick<Work, 'verb' | 'root' | 'input' | 'tree'>): string {
  return createHash('sha256')
    .update(JSON.stringify([verb, root, input, tree]))
    .digest('hex');
}

function finished(id: string, report: Report): Running {
  return { id, root: report.root, done: Promise.resolve(report), latest: () => report.summary, follow: () => () => {}, stop: () => {} };
}

function errorOf(thrown: unknown, scrub: (text: string) => string = () => ''): NonNullable<Job['error']> {
  const message = scrub(messageOf(thrown));
  return thrown instanceof GlmError
    ? { code: thrown.code, message, ...(thrown.hint && { hint: scrub(thrown.hint) }) }
    : { code: 'bug', message };
}

/** What is going on, for a human; nothing in it steers a terminal, since names of tests come from the repository. */
export function describe(event: Event): string {
  return neutralise(wordsOf(event));
}

function wordsOf(event: Event): string {
  switch (event.type) {
    case 'stage':
      return `${event.stage}: ${event.message}`;
    case 'tokens':
      return event.reasoning ? `thinking, ${event.received} tokens so far` : `reply, ${event.received} tokens so far`;
    case 'progress':
    case 'warning':
      return event.message;
  }
}
