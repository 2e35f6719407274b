import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { GlmError } from '../errors.ts';
import type { JobStore } from '../jobs/store.ts';
import type { ServeInput } from '../schema/input.ts';
import type { Job } from '../schema/job.ts';
import { version } from '../version.ts';
import { openWiring } from '../wiring.ts';
import { isAllowed } from './root.ts';
import { makeServer } from './sdk.ts';
import { openStateless, type Session, startSession } from './sessions.ts';

export type HttpOptions = {
  readonly baseUrl: string | undefined;
  readonly port: number;
  readonly host: string;
  /** Folders that calls may name; everything else is refused. */
  readonly roots: readonly string[];
  /** Web origins that may call, besides none at all. */
  readonly origins: readonly string[];
  readonly token: string | undefined;
  readonly signal: AbortSignal;
};

/** The options as a user gives them, defaults filled in. Throws `bad_input` for a token file that holds no token. */
export async function openHttp(baseUrl: string | undefined, input: ServeInput, signal: AbortSignal): Promise<void> {
  const { port = 8974, host = '127.0.0.1', allow_root: roots = [process.cwd()], origin: origins = [], token_file: file } = input;
  const token = file === undefined ? undefined : (await readFile(file, 'utf8').catch(() => '')).trim();
  if (token !== undefined && !/^[\x21-\x7e]{16,512}$/.test(token)) {
    throw new GlmError('bad_input', `The token file ${file} does not hold a token of 16 to 512 characters.`, {
      hint: 'For example: openssl rand -base64 32 > FILE',
    });
  }
  await serveHttp({ baseUrl, port, host, roots, origins, token, signal });
}

const bodyBytes = 4 << 20;
const idleMs = 30 * 60_000;
const sessionsMost = 100;

/**
 * Serves MCP over Streamable HTTP for one machine: a bearer token on every request, Host and Origin checked (DNS rebinding), one server
 * per session, roots from an allow-list. Resolves after a graceful end. Throws `bad_input` when the address cannot be had.
 */
export async function serveHttp(options: HttpOptions): Promise<void> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const open = openWiring(options.baseUrl);
  const wiring = { ...open, jobs: { ...open.jobs, store: onlyOf(open.jobs.store, options.roots) } };
  const make = () => makeServer(wiring, version, options.roots);
  const stateless = openStateless(make);
  const sessions = new Map<string, Session & { last: number }>();
  let hosts: ReadonlySet<string> = new Set();

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof HttpRefusal) refuse(response, error.status, error.message);
      else {
        process.stderr.write(`http: bug: ${error instanceof Error ? error.stack : String(error)}\n`);
        refuse(response, 500, 'Internal error');
      }
    });
  });
  server.requestTimeout = 60_000;
  server.headersTimeout = 15_000;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, origin, authorization } = request.headers;
    if (!host || !hosts.has(host.toLowerCase())) throw new HttpRefusal(403, 'This Host is not served here');
    if (origin !== undefined && !options.origins.includes(origin) && !isOwn(origin, hosts))
      throw new HttpRefusal(403, 'This Origin may not call');
    if (!sameToken(authorization, token)) {
      response.setHeader('www-authenticate', 'Bearer');
      throw new HttpRefusal(401, 'A bearer token is required');
    }
    if (request.url?.split('?')[0] !== '/mcp') throw new HttpRefusal(404, 'Only /mcp is served');
    const body = request.method === 'POST' ? await readBody(request) : undefined;
    if (isModern(request)) return stateless.handle(request, response, body);
    const session = await sessionOf(request, body);
    session.last = performance.now();
    await session.handle(request, response, body);
  }

  async function sessionOf(request: IncomingMessage, body: unknown): Promise<Session & { last: number }> {
    const id = request.headers['mcp-session-id'];
    if (typeof id === 'string') {
      const known = sessions.get(id);
      if (!known) throw new HttpRefusal(404, 'No such session');
      return known;
    }
    if (request.method !== 'POST' || !isInitialize(body)) throw new HttpRefusal(400, 'The first request must be initialize');
    if (sessions.size >= sessionsMost) throw new HttpRefusal(503, 'Too many sessions');
    const made = await startSession(make, {
      opened: (name, session) => sessions.set(name, Object.assign(session, { last: performance.now() })),
      closed: (name) => sessions.delete(name),
    });
    return Object.assign(made, { last: performance.now() });
  }

  const port = await listen(server, options);
  hosts = new Set(
    ['127.0.0.1', 'localhost', '[::1]', options.host].flatMap((name) => [`${name}:${port}`.toLowerCase(), ...(port === 80 ? [name] : [])]),
  );
  process.stderr.write(`MCP on http://${options.host}:${port}/mcp\n${options.token ? '' : `Bearer token: ${token}\n`}`);

  const sweep = setInterval(() => {
    for (const session of sessions.values()) if (performance.now() - session.last > idleMs) void session.close();
  }, 60_000);
  await new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    options.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  clearInterval(sweep);
  await wiring.jobs.close();
  await Promise.allSettled([stateless, ...sessions.values()].map((session) => session.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** The jobs of the folders that are served, and no others. */
function onlyOf(store: JobStore, roots: readonly string[]): JobStore {
  const own = async (job: Job | undefined) => (job && (await isAllowed(job.root, roots)) ? job : undefined);
  const load = async (id: string) => own(await store.load(id));
  return {
    ...store,
    load,
    list: async () => (await Promise.all((await store.list()).map(own))).filter((job) => job !== undefined),
    read: async (id, name) => ((await load(id)) ? store.read(id, name) : undefined),
  };
}

class HttpRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What is left of a refused body is not read, so the connection is of no further use.
  response.writeHead(status, { 'content-type': 'application/json', ...(status === 413 && { connection: 'close' }) });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } }));
}

/** Compared as hashes of one length and in constant time. */
function sameToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1] ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token)) && given !== '';
}

function isOwn(origin: string, hosts: ReadonlySet<string>): boolean {
  return URL.canParse(origin) && new URL(origin).protocol === 'http:' && hosts.has(new URL(origin).host.toLowerCase());
}

/** From 2026-07-28 on there are no sessions: each request names its revision. */
function isModern({ headers }: IncomingMessage): boolean {
  const revision = headers['mcp-protocol-version'];
  return typeof revision === 'string' && revision >= '2026-07-28';
}

function isInitialize(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'method' in body && body.method === 'initialize';
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bodyBytes) throw new HttpRefusal(413, `A request may have ${bodyBytes >> 20} MiB`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpRefusal(400, 'The body is not JSON');
  }
}

function listen(server: ReturnType<typeof createServer>, { host, port }: HttpOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new GlmError('bad_input', `${host}:${port} cannot be listened on: ${cause.message}.`, { hint: 'Choose another --port.', cause }),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
