import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { Folders } from '../config.ts';
import { type Amount, type Usage, unknown } from '../schema/model.ts';
import { writeAtomic } from '../store.ts';
import { parseJson } from './json.ts';
import { book } from './money/book.ts';
import { costOf, estimate } from './money/estimate.ts';
import { strangeVariant, variants } from './money/variants.ts';
import { apiRoot } from './profiles.ts';
import { readGatewaySettings } from './settings.ts';
import { chat } from './wire/chat.ts';
import { judgeFailure } from './wire/failure.ts';
import { messages } from './wire/messages.ts';
import { makeReader } from './wire/reader.ts';
import { responses } from './wire/responses.ts';
import type { Surface } from './wire/surface.ts';
import { openTransport, type Reach, type Transport } from './wire/transport.ts';

const maxTokens = 32;
const promptTokens = 40;
const patienceMs = 60_000;
const question = [{ role: 'user', content: 'Answer with the JSON object {"ok": true} and nothing else.' } as const];

/** What a gateway takes for one variant. `unclear`: neither a reply nor a refusal came. `task_id` and `rate_limits` are seen in headers. */
export const Probe = z.object({
  at: z.string(),
  features: z.record(z.string(), z.object({ result: z.enum(['accepted', 'rejected', 'unclear']), note: z.string() })),
});
export type Probe = z.infer<typeof Probe>;

type Body = Readonly<Record<string, unknown>>;
const tool = { type: 'function', function: { name: 'noop', description: 'Does nothing.', parameters: { type: 'object', properties: {} } } };

/** What is sent for each feature, on top of the plain request. */
const extras: Readonly<Record<string, Body>> = {
  plain: {},
  stream_options: { stream_options: { include_usage: true } },
  thinking: { thinking: { type: 'enabled' } },
  tools: { tools: [tool], tool_choice: 'auto' },
  json_mode: { response_format: { type: 'json_object' } },
};

/** What probing one variant costs at most, in USD; said before it is done. */
export function probeCost(variant: string): Amount {
  const known = variants.find(({ id }) => id === variant) ?? strangeVariant(variant);
  const one = estimate(known, promptTokens, known.prices, { maxTokens }).usd.high;
  return one === unknown ? unknown : one * (Object.keys(extras).length + 2);
}

/** Asks a gateway a handful of tiny requests, one feature each, and keeps what it takes. Costs under one cent. */
export async function probe(variant: string, options: Reach): Promise<Probe> {
  const root = apiRoot(options.baseUrl);
  const transport = await openTransport(root, options.key, options.env);
  const known = variants.find(({ id }) => id === variant) ?? strangeVariant(variant);
  const features: Probe['features'] = {};
  const request = { variant, messages: question, maxTokens, job: 'doctor' };
  const booked = async (call: Call, surface: Surface): Promise<Omit<Tried, 'usage'>> => {
    const { folders, now } = options;
    const signal = options.signal ?? new AbortController().signal;
    const dailyCapUsd = readGatewaySettings(options.env).dailyCapUsd;
    const booking = await book({
      request,
      variant: known,
      prices: known.prices,
      host: new URL(root).host,
      folders,
      dailyCapUsd,
      now,
      signal,
    });
    if ('outcome' in booking) return { result: 'unclear', note: booking.message };
    const { usage, ...tried } = await tryOnce(transport, call, surface, options);
    await booking.finish(tried.result, usage && { usage, cost: costOf(usage, known.prices) });
    return tried;
  };
  try {
    for (const [feature, extra] of Object.entries(extras)) {
      const body = { model: variant, messages: question, max_tokens: maxTokens, stream: true, ...extra };
      const call = (signal: AbortSignal) => (client: OpenAI) =>
        client.post('/chat/completions', { body, stream: true, signal }).asResponse();
      const { headers, ...result } = await booked(call, chat);
      features[feature] = result;
      if (feature !== 'plain' || !headers) continue;
      const limits = [...headers.keys()].filter((name) => /rate-?limit/.test(name));
      features.rate_limits = { result: limits.length > 0 ? 'accepted' : 'rejected', note: limits.join(', ') };
      features.task_id = { result: headers.has('x-runapi-task-id') ? 'accepted' : 'rejected', note: 'X-RunAPI-Task-Id' };
    }
    for (const surface of [responses, messages]) {
      const call = (signal: AbortSignal) => (client: OpenAI) =>
        surface.send(client, { model: variant, messages: question, maxTokens }, { signal, askUsage: false });
      const { headers: _headers, ...result } = await booked(call, surface);
      features[surface.name] = result;
    }
  } finally {
    await transport.close();
  }
  const found = { at: new Date(options.now()).toISOString(), features };
  const kept = { ...readProbes(options.folders, options.baseUrl), [variant]: found };
  await writeAtomic(probePath(options.folders, options.baseUrl), JSON.stringify(kept));
  return found;
}

/** What was found out about a variant at this gateway. Undefined: it was never probed. */
export function readProbe(folders: Folders, baseUrl: string, variant: string): Probe | undefined {
  return readProbes(folders, baseUrl)[variant];
}

type Call = (signal: AbortSignal) => (client: OpenAI) => Promise<Response>;
type Tried = {
  readonly result: 'accepted' | 'rejected' | 'unclear';
  readonly note: string;
  readonly headers?: Headers;
  readonly usage?: Usage;
};

async function tryOnce(transport: Transport, call: Call, surface: Surface, { signal, key, now }: Reach): Promise<Tried> {
  const limit = AbortSignal.timeout(patienceMs);
  const scrub = (text: string) => (key ? text.replaceAll(key, '[key]') : text);
  try {
    const exchange = await transport.exchange(call(signal ? AbortSignal.any([signal, limit]) : limit));
    if (exchange.type === 'failure') {
      const verdict = judgeFailure(exchange.failure, now(), scrub);
      const note = verdict.do === 'outcome' ? verdict.message : verdict.error.message;
      return { result: [400, 404, 405, 422].includes(exchange.failure.status) ? 'rejected' : 'unclear', note };
    }
    const reader = makeReader(surface);
    for await (const chunk of exchange.response.body ?? []) reader.feed(chunk);
    const received = reader.finish();
    if (received.error !== undefined) return { result: 'rejected', note: scrub(JSON.stringify(received.error)).slice(0, 300) };
    if (received.finish === undefined)
      return { result: 'unclear', note: 'no complete reply', headers: exchange.response.headers, usage: received.usage };
    const seen = [
      received.toolCalls && 'tool call',
      received.reasoningChars > 0 && 'reasoning',
      received.usage.inputTokens !== unknown && 'usage',
    ];
    return {
      result: 'accepted',
      note: seen.filter((one) => one !== false).join(', '),
      headers: exchange.response.headers,
      usage: received.usage,
    };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { result: 'unclear', note: error instanceof Error ? scrub(error.message) : 'the request failed' };
  }
}

function probePath(folders: Folders, baseUrl: string): string {
  return join(folders.cache, 'probes', `${new URL(baseUrl).host.replace(/[^\w.-]/g, '_')}.json`);
}

function readProbes(folders: Folders, baseUrl: string): Readonly<Record<string, Probe>> {
  try {
    return z.record(z.string(), Probe).safeParse(parseJson(readFileSync(probePath(folders, baseUrl), 'utf8'))).data ?? {};
  } catch {
    return {};
  }
}
