import { GlmError } from '../errors.ts';
import type { Opened, Store } from '../fleet/engine/store.ts';
import { queuedJobs } from '../fleet/serving/jobs.ts';
import { sharedStore } from '../fleet/serving/store.ts';
import type { Jobs } from '../jobs/run.ts';
import type { JobStore } from '../jobs/store.ts';
import type { Job } from '../schema/job.ts';
import { openWiring, type Wiring } from '../wiring.ts';
import type { Metrics } from './metrics.ts';
import { isAllowed } from './root.ts';
import type { User } from './users.ts';

/** A queue whose workers do what is called for. */
export type ServedQueue = Opened & { readonly store: Store };

/** What each user works with: jobs of their own, a budget of their own, the folders that are theirs. */
export type Wirings = { readonly of: (user: User) => Wiring; readonly close: (graceMs: number) => Promise<void> };

export function wiringsOf(baseUrl: string | undefined, metrics: Metrics, queue?: ServedQueue): Wirings {
  // By all that is said of a user: a changed budget or folder holds from the next call on.
  const opened = new Map<string, Wiring>();
  const running = new Set<string>();
  metrics.gauge('jobs_running', 'Jobs that run.', () => running.size);

  function open(user: User): Wiring {
    const account = user.name === '' ? undefined : { name: user.name, dailyUsd: user.dailyUsd };
    const wiring = openWiring(baseUrl, {}, { account, narrow: (store) => ownOf(store, user) });
    const jobs = queue ? queuedJobs({ opened: queue, jobs: ownOf(sharedStore(queue, queue.store), user), account, wiring }) : wiring.jobs;
    const start: typeof jobs.start = async (work) => {
      await makeRoom(jobs, user);
      const one = await jobs.start(work);
      if (!jobs.running(one.id) || running.has(one.id)) return one;
      running.add(one.id);
      const ended = (status: string, usd: unknown) => {
        running.delete(one.id);
        metrics.count('jobs', 'Jobs that ended, by what they did and came to.', { verb: work.verb, status });
        if (typeof usd === 'number') metrics.count('spent_usd', 'What models were paid, where it is known.', {}, usd);
      };
      one.done.then(
        (report) => ended(report.status, report.costUsd),
        () => ended('stopped_or_failed', undefined),
      );
      return one;
    };
    return { ...wiring, jobs: { ...jobs, start } };
  }

  return {
    of: (user) => {
      const key = JSON.stringify(user);
      const wiring = opened.get(key) ?? open(user);
      opened.set(key, wiring);
      return wiring;
    },
    close: async (graceMs) => {
      await Promise.allSettled([...opened.values()].map(({ jobs }) => jobs.close(graceMs)));
    },
  };
}

/** Refuses a job more than a user may have under way, on whichever server the others were started. */
async function makeRoom({ store }: Jobs, { jobs: most }: User): Promise<void> {
  if (most === undefined) return;
  const running = (await store.list()).filter(({ state }) => state === 'running');
  if (running.length < most) return;
  throw new GlmError('busy', `You have ${running.length} jobs under way, and may have ${most}.`, {
    hint: `Wait for one with get_job: ${running.map(({ id }) => id).join(', ')}.`,
  });
}

/** The jobs of a user on the folders that are served to them, and no others. */
function ownOf(store: JobStore, { name, roots }: User): JobStore {
  const isOwn = async (job: Job) => (job.user ?? '') === name && (await isAllowed(job.root, roots));
  const own = async (job: Job | undefined) => (job && (await isOwn(job)) ? job : undefined);
  const load = async (id: string) => own(await store.load(id));
  const mark = (job: Job): Job => ({ ...job, user: name });
  return {
    ...store,
    create: (job) => store.create(mark(job)),
    save: (job) => store.save(mark(job)),
    load,
    list: async () => (await Promise.all((await store.list()).map(own))).filter((job) => job !== undefined),
    read: async (id, file) => ((await load(id)) ? store.read(id, file) : undefined),
  };
}
