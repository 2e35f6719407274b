import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { bullQueue, lockMs, quiet, shelfOf, stalledMs } from './bullmq.ts';
import { redisStore } from './redis.ts';
import type { Opened } from './store.ts';

const name = 'glm-skill';
const firstAnswerMs = 10_000;

/** The queue on Redis or Valkey. Commands wait while the server is away, because a server that is started again has lost nothing. */
export async function openOn(
  url: string,
  password: string | undefined,
  { maxStalledCount }: { readonly maxStalledCount: number },
): Promise<Opened> {
  const first = new Redis(url, { password, lazyConnect: true, retryStrategy: () => null, connectTimeout: firstAnswerMs });
  first.on('error', () => {});
  try {
    await first.connect();
  } finally {
    first.disconnect();
  }
  const connect = () => {
    const redis = new Redis(url, { password, maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(2_000, times * 100) });
    redis.on('error', () => {});
    return redis;
  };
  const shared = connect();
  const store = redisStore(shared);
  const queue = quiet(new Queue(name, { connection: shared }));
  const blocking: Redis[] = [];
  const own = () => {
    const redis = connect();
    blocking.push(redis);
    return redis;
  };
  const ours = bullQueue(
    {
      queue,
      worker: () =>
        quiet(
          new Worker(name, null, { connection: own(), autorun: false, lockDuration: lockMs, stalledInterval: stalledMs, maxStalledCount }),
        ),
      events: () => quiet(new QueueEvents(name, { connection: own() })),
    },
    store,
  );
  const close = async () => {
    await ours.close();
    await store.close();
    for (const one of blocking) one.disconnect();
  };
  return { queue: ours, shelf: shelfOf(store), store, close };
}
