import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../config.ts';
import { GlmError } from '../errors.ts';
import { isLoopback } from './profiles.ts';
import { openDispatcher } from './wire/dispatcher.ts';

const patienceMs = 10_000;
const tries = 4;
const firstWaitMs = 500;

export type CallbackRequest = {
  readonly url: string;
  /** What is posted, as JSON: `{id, status, …}`, the form of RunAPI's own callbacks. */
  readonly body: { readonly id: string; readonly status: 'completed' | 'failed'; readonly [field: string]: unknown };
  /** base64, as RunAPI gives it in RUNAPI_WEBHOOK_SECRET. */
  readonly secret: string;
  readonly env: Environment;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
};

/** How a callback ended: taken with a 2xx, or given up on, with the last answer in words. */
export type CallbackResult = { readonly delivered: boolean; readonly tries: number; readonly last: string };

/** The headers that prove a body: base64 HMAC-SHA256 over `id.timestamp.body`, the timestamp in seconds. */
export function signCallback(body: string, secret: string, nowMs: number, id: string = randomUUID()): Readonly<Record<string, string>> {
  const time = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${time}.${body}`).digest('base64');
  return { 'x-callback-id': id, 'x-callback-timestamp': time, 'x-callback-signature': signature };
}

/** Throws `bad_input` for a URL or a secret that cannot be used. To be called before the work whose end is to be told. */
export function checkCallback(url: string, secret: string | undefined): { readonly url: string; readonly secret: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const safe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname));
  if (!parsed || !safe || parsed.username || parsed.password) {
    throw new GlmError('bad_input', 'The callback URL must be https (or loopback), without a user name.', {
      hint: 'Give --callback https://host/path.',
    });
  }
  if (!secret || Buffer.from(secret, 'base64').length < 16) {
    throw new GlmError('bad_input', 'A callback needs a secret to be signed with.', {
      hint: 'Set RUNAPI_WEBHOOK_SECRET to at least 16 bytes in base64.',
    });
  }
  return { url: parsed.href, secret };
}

/** Posts a signed callback until it is taken, at most four times. The id stays the same, so that the receiver can drop doubles. */
export async function sendCallback({ url, body, secret, env, now, signal }: CallbackRequest): Promise<CallbackResult> {
  const { fetch } = (await import('undici')).default;
  const dispatcher = await openDispatcher(env);
  const text = JSON.stringify(body);
  const id = randomUUID();
  let last = '';
  try {
    for (let number = 1; number <= tries; number++) {
      const limit = AbortSignal.timeout(patienceMs);
      try {
        const headers = { 'content-type': 'application/json', 'user-agent': 'glm-skill', ...signCallback(text, secret, now(), id) };
        const stop = signal ? AbortSignal.any([signal, limit]) : limit;
        const answer = await fetch(url, { method: 'POST', headers, body: text, redirect: 'manual', signal: stop, dispatcher });
        await answer.body?.cancel();
        if (answer.ok) return { delivered: true, tries: number, last: `HTTP ${answer.status}` };
        last = `HTTP ${answer.status}`;
      } catch (error) {
        signal?.throwIfAborted();
        last = error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection';
      }
      if (number < tries) await sleep(firstWaitMs * 4 ** (number - 1) * (0.75 + Math.random() / 2), undefined, { signal });
    }
  } finally {
    await dispatcher.destroy();
  }
  return { delivered: false, tries, last };
}
