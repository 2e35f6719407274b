import type { OpenAI } from 'openai';
import type { Environment, Folders } from '../../config.ts';
import { GlmError } from '../../errors.ts';
import { openDispatcher } from './dispatcher.ts';
import type { Failure } from './failure.ts';

const failureLimits = { bytes: 64 << 10, patienceMs: 3_000 };

/** A place to turn to, and the world around it. An empty key: none is sent. */
export type Reach = {
  readonly baseUrl: string;
  readonly key: string;
  readonly folders: Folders;
  readonly env: Environment;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
};

/** What came back: a reply body to be read, or a status that is none. What fails below HTTP is thrown as `TransportError`. */
export type Exchange = { readonly type: 'reply'; readonly response: Response } | { readonly type: 'failure'; readonly failure: Failure };

export type Transport = {
  /** Runs one call of the SDK, with further headers. Never retries, never follows a redirect. */
  readonly exchange: (call: (client: OpenAI) => Promise<Response>, headers?: Readonly<Record<string, string>>) => Promise<Exchange>;
  /** GET of a path or URL on the same origin, with the key. */
  readonly get: (url: string, signal: AbortSignal, headers?: Readonly<Record<string, string>>) => Promise<Exchange>;
  /** Whether a URL is on the one origin that requests may go to. */
  readonly reaches: (url: string) => boolean;
  readonly close: () => Promise<void>;
};

/** The connection failed before any byte of an answer. `again`: a second try may help. */
export class TransportError extends Error {
  readonly again: boolean;

  constructor(message: string, again: boolean, cause: unknown) {
    super(message, { cause });
    this.again = again;
  }
}

/**
 * The openai SDK on a connection of our own: no time limits but ours, proxies from the environment, the key only ever to `root`'s origin,
 * and none of the SDK's telemetry or environment variables. Close it after use: that ends every socket.
 */
export async function openTransport(root: string, key: string, env: Environment): Promise<Transport> {
  // undici is CommonJS: in the bundle only its default export is there.
  const [{ OpenAI }, { default: undici }] = await Promise.all([import('openai'), import('undici')]);
  const dispatcher = await openDispatcher(env);
  const origin = new URL(root).origin;

  /** One request: a body to be read, or what came instead. */
  async function send(input: string | URL | Request, init: RequestInit = {}): Promise<Response | Failure | TransportError> {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) throw new Error('a request left its origin');
    const given = new Headers(init.headers);
    const sent: Record<string, string> = { accept: 'text/event-stream, application/json', 'user-agent': 'glm-skill' };
    if (key) sent.authorization = `Bearer ${key}`;
    for (const name of ['content-type', 'if-none-match', 'x-api-key', 'anthropic-version', 'x-client-request-id', 'idempotency-key']) {
      const value = given.get(name);
      if (value) sent[name] = value;
    }
    let answering = false;
    const watched = dispatcher.compose((dispatch) => (options, handler) => {
      const told = handler.onResponseStarted?.bind(handler);
      handler.onResponseStarted = () => {
        answering = true;
        told?.();
      };
      return dispatch(options, handler);
    });
    try {
      const answer = await undici.fetch(url, {
        method: init.method ?? 'GET',
        headers: sent,
        body: typeof init.body === 'string' ? init.body : null,
        signal: init.signal ?? null,
        redirect: 'manual',
        dispatcher: watched,
      });
      const headers = new Headers([...answer.headers]);
      if (answer.ok) return new Response(answer.status === 204 ? null : answer.body, { status: answer.status, headers });
      return { status: answer.status, headers, body: await readText(answer.body, failureLimits) };
    } catch (error) {
      return explain(error, origin, answering);
    }
  }

  const options = {
    apiKey: key || 'none',
    baseURL: root,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
  } as const;

  /** What came instead of a body is kept beside the SDK, which would read it in its own way. */
  async function exchange(call: (client: OpenAI) => Promise<Response>, headers: Readonly<Record<string, string>> = {}): Promise<Exchange> {
    let instead: Failure | TransportError | undefined;
    const fetch = async (...request: Parameters<typeof send>): Promise<Response> => {
      const came = await send(...request);
      if (came instanceof Response) return came;
      instead = came;
      throw new Error('there is no body');
    };
    try {
      return { type: 'reply', response: await call(new OpenAI({ ...options, fetch, defaultHeaders: headers })) };
    } catch (error) {
      if (instead === undefined || instead instanceof TransportError) throw instead ?? error;
      return { type: 'failure', failure: instead };
    }
  }

  async function get(url: string, signal: AbortSignal, headers: Readonly<Record<string, string>> = {}): Promise<Exchange> {
    const came = await send(new URL(url, `${root}/`), { signal, headers });
    if (came instanceof TransportError) throw came;
    return came instanceof Response ? { type: 'reply', response: came } : { type: 'failure', failure: came };
  }

  return {
    exchange,
    get,
    reaches: (url) => URL.canParse(url, root) && new URL(url, root).origin === origin,
    close: () => dispatcher.destroy().catch(() => {}),
  };
}

/** Reads a body as text, within bytes and milliseconds. One that breaks off is as good as its beginning; nothing is thrown. */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  { bytes, patienceMs }: { readonly bytes: number; readonly patienceMs: number },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  const reader = body?.getReader();
  const timer = setTimeout(() => void reader?.cancel().catch(() => {}), patienceMs);
  try {
    for (let size = 0; size < bytes; ) {
      const next = await reader?.read();
      if (!next || next.done) break;
      chunks.push(next.value);
      size += next.value.length;
    }
  } catch {
    // What arrived is kept.
  }
  clearTimeout(timer);
  void reader?.cancel().catch(() => {});
  return Buffer.concat(chunks).subarray(0, bytes).toString('utf8');
}

const causes: readonly (readonly [RegExp, string, boolean])[] = [
  [/bad port/, 'Browsers and fetch refuse this port:', false],
  [/ECONNREFUSED/, 'Nothing listens at', true],
  [/ENOTFOUND|EAI_NONAME/, 'There is no such host:', false],
  [/EAI_AGAIN/, 'The name service does not answer for', true],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/, 'The TLS connection is not trusted or fails:', false],
  [/CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'No connection can be made to', true],
  [/HEADERS_OVERFLOW/, 'The answer has too many headers:', false],
  [/HTTPParserError/, 'The answer is not HTTP:', false],
  [/^Proxy /, 'The proxy does not let us through to', false],
  [/ECONNRESET|UND_ERR_SOCKET|EPIPE/, 'The connection was cut by', true],
];

/** Says in words what failed below HTTP, from the codes along the chain of causes. What began to be answered is not to be sent again. */
function explain(error: unknown, origin: string, answering: boolean): TransportError {
  const codes: string[] = [];
  for (let here = error; here instanceof Error && codes.length < 8; here = here.cause) {
    if ('code' in here) codes.push(String(here.code));
    if (here instanceof AggregateError)
      for (const inner of here.errors) codes.push(inner instanceof Error && 'code' in inner ? String(inner.code) : '');
    codes.push(here.name, here.message);
  }
  const found = causes.find(([pattern]) => codes.some((code) => pattern.test(code)));
  const [, words, again] = found ?? [undefined, 'The connection failed:', true];
  return new TransportError(`${words} ${origin}.`, again && !answering, error);
}

/** The problem as the user sees it. */
export function unreachable(error: TransportError): GlmError {
  return new GlmError('unreachable', error.message, {
    hint: 'Check --base-url, the network and the proxy variables.',
    cause: error,
  });
}
