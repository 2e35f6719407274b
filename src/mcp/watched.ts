import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Opened } from '../fleet/engine/store.ts';
import { type Metrics, metricsType } from './metrics.ts';

type Queue = Pick<Opened, 'queue'>;

/** A queue that answers no sooner counts as away. */
const answerMs = 2_000;

/** What `/health` says, without a token: whether calls are taken. Without its queue a server can do nothing. */
export async function tellHealth(response: ServerResponse, draining: boolean, queue: Queue | undefined): Promise<void> {
  const away = queue !== undefined && (await countsOf(queue)) === undefined;
  const status = draining ? 'draining' : away ? 'queue_away' : 'ok';
  tell(response, 'application/json', `{"status":"${status}"}\n`, status === 'ok' ? 200 : 503);
}

/** What `/metrics` counts, with how the queue stands now. */
export async function tellMetrics(response: ServerResponse, metrics: Metrics, queue: Queue | undefined): Promise<void> {
  const counts = queue && (await countsOf(queue));
  if (queue) metrics.set('queue_up', 'Whether the queue answers.', {}, counts ? 1 : 0);
  for (const [state, count] of Object.entries(counts ?? {})) metrics.set('queue_tasks', 'Tasks of the queue by state.', { state }, count);
  tell(response, metricsType, metrics.text());
}

async function countsOf({ queue }: Queue) {
  const late = new AbortController();
  try {
    return await Promise.race([queue.counts().catch(() => undefined), sleep(answerMs, undefined, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}

function tell(response: ServerResponse, type: string, text: string, status = 200): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}
