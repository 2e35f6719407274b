import { createPostgresBackend, Queue, QueueEvents, Worker } from 'bullmq';
import pg from 'pg';
import { bullQueue, lockMs, quiet, shelfOf, stalledMs } from './bullmq.ts';
import { postgresStore } from './postgres.ts';
import type { Opened } from './store.ts';

const name = 'glm-skill';

/** The queue on PostgreSQL 13 or later. Tables of the engine lie in a schema of their own, which it makes and brings up to date. */
export async function openOn(
  url: string,
  password: string | undefined,
  { maxStalledCount }: { readonly maxStalledCount: number },
): Promise<Opened> {
  const place = { connectionString: url, ...(password && { password }) };
  const pool = new pg.Pool({ ...place, max: 4, connectionTimeoutMillis: 10_000 });
  pool.on('error', () => {});
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw error;
  }
  const store = postgresStore(pool);
  const connection = { ...place, migrate: true, max: 4 };
  const queue = quiet(new Queue(name, { connection }, createPostgresBackend));
  await queue.waitUntilReady();
  const ours = bullQueue(
    {
      queue,
      worker: () =>
        quiet(
          new Worker(
            name,
            null,
            { connection, autorun: false, lockDuration: lockMs, stalledInterval: stalledMs, maxStalledCount },
            createPostgresBackend,
          ),
        ),
      events: () => quiet(new QueueEvents(name, { connection }, createPostgresBackend)),
    },
    store,
  );
  const close = async () => {
    await ours.close();
    await store.close();
  };
  return { queue: ours, shelf: shelfOf(store), store, close };
}
