import { setTimeout as sleep } from 'node:timers/promises';
import { GlmError } from '../../errors.ts';
import type { Tell } from '../../schema/model.ts';
import { at, countAt, parseJson, textAt } from '../json.ts';
import { type Exchange, readText, type Transport, TransportError, unreachable } from './transport.ts';

const pollMs = 2_000;
const longestPollMs = 30_000;
const taskLimits = { bytes: 32 << 20, patienceMs: 60_000 };

const reconnects = 5;

export type FollowOptions = { readonly transport: Transport; readonly signal: AbortSignal; readonly tell: Tell };

/** Where an accepted request (202) says that its reply will be. Throws `gateway_failed` unless that is a place on the same origin. */
export function taskLocation(accepted: Response, transport: Transport): string {
  const location = accepted.headers.get('location');
  const problem = !location
    ? 'The gateway took the request (202) but did not say where the reply will be.'
    : 'The gateway says that the reply will be on another host.';
  if (location && transport.reaches(location)) return location;
  throw new GlmError('gateway_failed', problem, { hint: 'The key is sent nowhere else; ask the gateway for the task.' });
}

/**
 * Asks for a task until its reply is ready, which is then the stored HTTP response. Only questions are repeated here, never the request.
 * Shape as in RunAPI's SDK: `{id, status, response: {status, headers, body}}`. `accepted` are the headers that came with the 202.
 */
export async function followTask(location: string, accepted: Headers, { transport, signal, tell }: FollowOptions): Promise<Exchange> {
  let failures = 0;
  for (;;) {
    let waitMs = pollMs;
    try {
      const exchange = await transport.get(location, signal);
      if (exchange.type === 'failure') return exchange;
      const task = parseJson(await readText(exchange.response.body, taskLimits));
      const status = textAt(task, 'status');
      const stored = at(task, 'response');
      if (stored !== undefined && stored !== null) return replay(stored, accepted);
      if (status === undefined || /^(failed|error|cancell?ed|timeout)$/.test(status)) {
        return { type: 'failure', failure: { status: 500, headers: accepted, body: JSON.stringify(task ?? null) } };
      }
      const seconds = Number(exchange.response.headers.get('retry-after') ?? Number.NaN);
      if (Number.isFinite(seconds)) waitMs = Math.min(seconds * 1000, longestPollMs);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransportError)) throw error;
      if (failures++ >= reconnects) throw unreachable(error);
    }
    tell({ type: 'progress', message: 'The gateway is still working on the reply.' });
    await sleep(waitMs, undefined, { signal });
  }
}

function replay(stored: unknown, accepted: Headers): Exchange {
  const status = countAt(stored, 'status') ?? 200;
  const content = at(stored, 'body');
  const body = typeof content === 'string' ? content : JSON.stringify(content ?? '');
  if (status >= 400) return { type: 'failure', failure: { status, headers: accepted, body } };
  return { type: 'reply', response: new Response(body, { headers: accepted }) };
}
