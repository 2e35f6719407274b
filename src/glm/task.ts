import { setTimeout as sleep } from 'node:timers/promises';
import { GlmError } from '../errors.ts';
import type { Tell } from '../schema/model.ts';
import { at, countAt, textAt } from './json.ts';
import type { Exchange, Transport } from './transport.ts';

const pollMs = 2_000;
const longestPollMs = 30_000;

type FollowOptions = { readonly transport: Transport; readonly signal: AbortSignal; readonly tell: Tell };

/**
 * 202 with a Location: asks there until the reply is ready, which is then the stored HTTP response. The location must be on the same
 * origin, since the key goes with the request. Shape as in RunAPI's SDK: `{id, status, response: {status, headers, body}}`.
 */
export async function followTask(accepted: Response, { transport, signal, tell }: FollowOptions): Promise<Exchange> {
  const location = accepted.headers.get('location');
  await accepted.body?.cancel();
  if (!location) {
    throw new GlmError('gateway_failed', 'The gateway took the request (202) but did not say where the reply will be.', {
      hint: 'Try again later.',
    });
  }
  if (!transport.reaches(location)) {
    throw new GlmError('gateway_failed', 'The gateway says that the reply will be on another host.', {
      hint: 'The key is not sent there; ask the gateway for the task.',
    });
  }
  for (;;) {
    const exchange = await transport.get(location, signal);
    if (exchange.type === 'failure') return exchange;
    const task: unknown = await exchange.response.json().catch(() => undefined);
    const status = textAt(task, 'status');
    const stored = at(task, 'response');
    if (stored !== undefined && stored !== null) return replay(stored, accepted.headers);
    if (status === undefined || /^(failed|error|cancell?ed|timeout)$/.test(status)) {
      return { type: 'failure', failure: { status: 500, headers: accepted.headers, body: JSON.stringify(task ?? null) } };
    }
    tell({ type: 'progress', message: 'the gateway is still working on the reply' });
    const seconds = Number(exchange.response.headers.get('retry-after') ?? Number.NaN);
    await sleep(Number.isFinite(seconds) ? Math.min(seconds * 1000, longestPollMs) : pollMs, undefined, { signal });
  }
}

function replay(stored: unknown, accepted: Headers): Exchange {
  const status = countAt(stored, 'status') ?? 200;
  const content = at(stored, 'body');
  const body = typeof content === 'string' ? content : JSON.stringify(content ?? '');
  if (status >= 400) return { type: 'failure', failure: { status, headers: accepted, body } };
  return { type: 'reply', response: new Response(body, { headers: accepted }) };
}
