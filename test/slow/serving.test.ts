import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openQueue } from '../../src/fleet/engine/open.ts';
import { queuedJobs } from '../../src/fleet/serving/jobs.ts';
import { sharedStore } from '../../src/fleet/serving/store.ts';
import { runWorker } from '../../src/fleet/worker.ts';
import { loadReport } from '../../src/jobs/store.ts';
import { startVerb, verbs } from '../../src/verbs.ts';
import { openWiring } from '../../src/wiring.ts';
import { shop } from '../proof/checkout.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
import { postgresHere, postgresServer, redisHere, redisServer } from './servers.ts';

const own = makeHome();
afterAll(own.remove);

const kinds = [
  ['redis', redisHere, redisServer],
  ['postgres', postgresHere, postgresServer],
] as const;

test.each(kinds.filter(([, here]) => here).slice(0, 1))(
  'a job that one server has started is waited for, cancelled and found again at another (%s)',
  async (name, _here, serve) => {
    const server = await serve();
    const wiring = openWiring(undefined, { GLM_SKILL_HOME: join(own.home, name) });
    const root = await makeRepo(own.home, `${name}-shop`, shop);
    const opened = await Promise.all([1, 2, 3].map(() => openQueue(server.url, {})));
    const servers = opened.slice(0, 2).flatMap(({ store, ...one }) => {
      const queue = store && { ...one, store };
      return queue
        ? [{ ...wiring, jobs: queuedJobs({ opened: queue, jobs: sharedStore(queue, queue.store), account: undefined, wiring }) }]
        : [];
    });
    const drain = new AbortController();
    const [one, other] = servers;
    const [, , worker] = opened;
    if (!one || !other || !worker) throw new Error('no store');
    const stop = new AbortController().signal;
    const working = runWorker({
      opened: worker,
      wiring,
      wiringOf: () => wiring,
      jobs: 1,
      drain: drain.signal,
      drainMs: 10_000,
      stop,
      told: () => {},
    });
    try {
      const endless = { command: 'node -e "setTimeout(()=>{},600000)"', sandbox: 'off', flakes: 0 };
      const long = await startVerb(one, verbs.find, root, endless);
      await expect.poll(async () => (await other.jobs.store.load(long.id))?.message, { timeout: 60_000 }).toContain('observe');
      expect((await startVerb(other, verbs.find, root, endless)).id).toBe(long.id);
      expect(await other.jobs.cancel?.(long.id)).toBe(true);
      await expect(long.done).rejects.toThrow('stopped');
      expect((await other.jobs.store.load(long.id))?.state).toBe('cancelled');

      const asked = { sandbox: 'off', flakes: 0 };
      const first = await startVerb(one, verbs.find, root, asked);
      const second = await startVerb(other, verbs.find, root, asked);
      expect(second.id).toBe(first.id);
      const report = await second.done;
      expect(report).toMatchObject({ status: 'red', job: first.id });
      expect(await loadReport(one.jobs.store, first.id)).toEqual(report);
      await other.jobs.fetched(first.id);
      expect((await one.jobs.store.list()).map(({ state, fetched }) => `${state} ${fetched}`)).toEqual(['done true', 'cancelled false']);
    } finally {
      drain.abort();
      await working;
      for (const { close } of opened) await close();
      await server.remove();
    }
  },
  120_000,
);
