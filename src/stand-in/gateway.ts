import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { GlmError, messageOf } from '../errors.ts';
import { sendCallback } from '../glm/callback.ts';
import { at, countAt, parseJson, textAt } from '../glm/json.ts';
import { countTokens } from '../tokens/tokens.ts';
import { balance, models, prices } from './catalogue.ts';
import { encodeChat, encodeMessages, encodeResponses, type Scripted } from './encode.ts';
import { faults } from './faults.ts';
import { errorBody, refusals } from './refusals.ts';
import { makeTasks, taskPath } from './tasks.ts';
import { json, sendEvents, type Wire } from './wire.ts';

/** A request as it came in. `body` is the parsed JSON, `raw` its text. */
type GatewayRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly body: unknown;
};

type Script = string | Scripted;

export type GatewayOptions = {
  /** The port on 127.0.0.1; default any free one. */
  readonly port?: number | undefined;
  /** What is answered: one reply after the other, the last one again and again, or a function of the request. */
  readonly replies?: readonly Script[] | ((request: GatewayRequest) => Script | Promise<Script>) | undefined;
  /** Keys that are accepted; default every key. */
  readonly keys?: readonly string[] | undefined;
  /** Requests at a time per key; more are answered with 1302. Default no limit. */
  readonly concurrency?: number | undefined;
  /** base64. With it, a `callback_url` in a request is called when the reply has been sent. */
  readonly callbackSecret?: string | undefined;
};

export type Gateway = {
  readonly url: string;
  /** Every request but those to /control, oldest first. */
  readonly requests: readonly GatewayRequest[];
  /** Replies that run at this moment, and the most that ever did. */
  readonly load: () => { readonly now: number; readonly most: number };
  readonly close: () => Promise<void>;
};

const surfaces = { '/v1/chat/completions': encodeChat, '/v1/responses': encodeResponses, '/v1/messages': encodeMessages } as const;
const defaultReply = '## Root cause\nWhere: README.md:1\nThis is a scripted reply: no model was asked.\n\n## Edits\n';

/**
 * Starts the stand-in of RunAPI on loopback: real HTTP, real event streams. A fault is chosen per request by a suffix of the model
 * (`glm-4.6:cut`, `glm-4.6:429:2` for the first two times), by the header `x-glm-fault`, by `POST /control/faults {fault, times}`, or by
 * the scripted reply. Throws `bad_input` when the port is taken.
 */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const requests: GatewayRequest[] = [];
  const queue: { name: string; times: number }[] = [];
  const used = new Map<string, number>();
  const tasks = makeTasks();
  const running = new Map<string, number>();
  let served = 0;
  let played = 0;
  let now = 0;
  let most = 0;

  const server = createServer((incoming, response) => {
    response.on('error', () => {});
    handle(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { error: { message: messageOf(error) } });
      else response.destroy();
    });
  });
  const port = await listen(server, options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    const path = request.path.replace(/\?.*$/, '');
    if (path === '/control/faults' && request.method === 'POST') return control(request, response);
    if (path === '/control/requests') return json(response, 200, { requests });
    requests.push(request);
    if (path === '/api/v1/price_schedules') return prices(request.headers, response);
    if (path === '/v1/models') return models(request.headers, response);
    if (path.startsWith('/v1/models/')) return models(request.headers, response, decodeURIComponent(path.slice('/v1/models/'.length)));
    const anthropic = path.startsWith('/v1/messages');
    const key = keyOf(request);
    if (!key || (options.keys && !options.keys.includes(key))) {
      const error = { message: 'missing or wrong key', type: 'authentication_error', code: 'invalid_api_key' };
      return json(response, 401, errorBody(anthropic, 401, { error }));
    }
    if (tasks.answer(path, response)) return;
    if (path === '/api/v1/me/balance') return balance(response);
    if (path === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: await countBody(request.body) });
    if (request.method !== 'POST' || !(path in surfaces)) return json(response, 404, { error: 'no such route', code: 'not_found' });
    return reply(request, path, key, response);
  }

  async function reply(request: GatewayRequest, path: string, key: string, response: ServerResponse): Promise<void> {
    const asked = textAt(request.body, 'model');
    const anthropic = path === '/v1/messages';
    const missing = !asked || isEmpty(at(request.body, 'messages') ?? at(request.body, 'input')) ? 'model and messages' : undefined;
    const needed = missing ?? (anthropic && countAt(request.body, 'max_tokens') === undefined ? 'max_tokens' : undefined);
    if (!asked || needed) {
      const error = { code: '1214', message: `${needed} must be given`, type: 'invalid_request_error' };
      return json(response, 400, errorBody(anthropic, 400, { error }));
    }
    const [model = asked, suffix] = asked.split(/:(.*)/s);
    const chosen = chooseFault(asked, suffix) ?? request.headers['x-glm-fault'];
    // A request that is refused takes no reply from the list.
    const scripted = chosen !== undefined && chosen in refusals ? { text: '' } : await next(request);
    const name = chosen ?? scripted.fault;
    const fault = name === undefined ? undefined : faults[name];
    if (name !== undefined && !fault) return json(response, 400, { error: { message: `there is no fault "${name}"` } });
    const busy = (running.get(key) ?? 0) + 1;
    if (options.concurrency !== undefined && busy > options.concurrency)
      return json(response, 429, { error: { code: '1302', message: 'Rate limit reached' } });
    running.set(key, busy);
    most = Math.max(most, ++now);
    response.once('close', () => {
      running.set(key, (running.get(key) ?? 1) - 1);
      now--;
    });

    if (scripted.delayMs) await sleep(scripted.delayMs);
    const usage = { inputTokens: countBody(request.body), outputTokens: Math.max(1, countTokens(scripted.text)) };
    const plain = { usage, ...scripted, model: scripted.model ?? model };
    const streamed = at(request.body, 'stream') === true;
    const usageAsked = at(request.body, 'stream_options', 'include_usage') === true;
    const encode = Object.entries(surfaces).find(([route]) => route === path)?.[1] ?? encodeChat;
    const altered = fault?.script?.(plain) ?? plain;
    const encoded = encode({ ...altered, model: altered.model ?? model }, { usageAsked });
    const taskId = tasks.keep(streamed ? encoded.events.join('') : encoded.whole, name === 'task' ? 2 : 0);
    const requestId = `req_${++served}`;
    response.setHeader(anthropic ? 'request-id' : 'x-request-id', requestId);
    response.setHeader('x-runapi-task-id', taskId);
    if (options.concurrency !== undefined) {
      response.setHeader('x-ratelimit-limit-requests', options.concurrency);
      response.setHeader('x-ratelimit-remaining-requests', options.concurrency - busy);
    }
    const callback = textAt(request.body, 'callback_url');
    if (callback) response.once('finish', () => void callBack(callback, taskId, encoded.whole));
    if (name === 'task') return json(response, 202, { id: taskId, status: 'processing' }, { location: taskPath(taskId) });
    const wire: Wire = { response, key, encoded, streamed, askedUsage: usageAsked, anthropic, origin: url };
    if (fault?.send) return fault.send(fault.events ? { ...wire, encoded: { ...encoded, events: fault.events(encoded.events) } } : wire);
    if (!streamed) return json(response, 200, encoded.whole);
    return sendEvents(wire, fault?.events?.(encoded.events) ?? encoded.events);
  }

  async function next(request: GatewayRequest): Promise<Scripted> {
    const { replies } = options;
    const script =
      typeof replies === 'function' ? await replies(request) : (replies?.[Math.min(played++, replies.length - 1)] ?? defaultReply);
    return typeof script === 'string' ? { text: script } : script;
  }

  /** As RunAPI does for media tasks; a receiver that cannot be reached is left alone. */
  async function callBack(target: string, id: string, result: object): Promise<void> {
    const secret = options.callbackSecret;
    if (!secret) return;
    const body = { id, status: 'completed', response: result } as const;
    await sendCallback({ url: target, body, secret, env: {}, now: Date.now }).catch(() => {});
  }

  /** The fault of this request: from the control endpoint, then from the model suffix as long as it has not been used up. */
  function chooseFault(asked: string, suffix: string | undefined): string | undefined {
    const queued = queue[0];
    if (queued) {
      if (--queued.times <= 0) queue.shift();
      return queued.name;
    }
    if (!suffix) return undefined;
    const [, name = suffix, times] = /^(.*?)(?::(\d+))?$/.exec(suffix) ?? [];
    const before = used.get(asked) ?? 0;
    used.set(asked, before + 1);
    return times !== undefined && before >= Number(times) ? undefined : name;
  }

  function control(request: GatewayRequest, response: ServerResponse): void {
    const name = textAt(request.body, 'fault');
    if (name !== undefined && !faults[name]) {
      json(response, 400, { error: { message: `there is no fault "${name}"`, faults: Object.keys(faults) } });
      return;
    }
    if (name === undefined) queue.length = 0;
    else queue.push({ name, times: countAt(request.body, 'times') ?? 1 });
    json(response, 200, { queued: queue });
  }

  return {
    url,
    requests,
    load: () => ({ now, most }),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new GlmError('bad_input', `The gateway cannot listen on port ${port}: ${error.message}.`, { hint: 'Choose another --port.' })),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function readRequest(incoming: IncomingMessage): Promise<GatewayRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString('utf8');
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers, raw, body: parseJson(raw) };
}

/** Tokens of every text in a request, with what the chat template adds. */
function countBody(body: unknown): number {
  const said = at(body, 'messages') ?? at(body, 'input');
  const texts = [
    at(body, 'system'),
    at(body, 'instructions'),
    ...(Array.isArray(said) ? said.map((message) => at(message, 'content')) : [said]),
  ];
  const count = (text: unknown) => countTokens(typeof text === 'string' ? text : JSON.stringify(text ?? ''));
  return texts.filter((text) => text !== undefined).reduce((sum: number, text) => sum + count(text) + 3, 9);
}

function isEmpty(said: unknown): boolean {
  return said === undefined || said === '' || (Array.isArray(said) && said.length === 0);
}

function keyOf({ headers }: GatewayRequest): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? headers['x-api-key'];
}
