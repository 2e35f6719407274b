import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { folders, readEnvironment } from '../config.ts';
import { GlmError } from '../errors.ts';
import type { ServeInput } from '../schema/input.ts';
import { resumePaid } from '../verbs.ts';
import { version } from '../version.ts';
import type { Wiring } from '../wiring.ts';
import { delivering } from './delivery.ts';
import { makeDrain } from './drain.ts';
import { sweepEvents } from './events.ts';
import { HttpRefusal, letIn, readBody, refuse } from './gate.ts';
import { makeMetrics, makeRefusalLog } from './metrics.ts';
import { outlive } from './outlive.ts';
import { makeServer } from './sdk.ts';
import { makeSeats, type Seat } from './seats.ts';
import { openStateless, type Session, startSession } from './sessions.ts';
import { oneUser, type User, type Users, usersOf } from './users.ts';
import { tellHealth, tellMetrics } from './watched.ts';
import { type ServedQueue, wiringsOf } from './wirings.ts';

export type HttpOptions = {
  readonly baseUrl: string | undefined;
  readonly port: number;
  readonly host: string;
  /** Further names under which we are reached; with a port where that is to fit too. */
  readonly hosts?: readonly string[] | undefined;
  /** Folders that calls may name; everything else is refused. */
  readonly roots: readonly string[];
  /** Web origins that may call, besides none at all. */
  readonly origins: readonly string[];
  readonly token: string | undefined;
  /** Who may call, each with a token of their own, in place of the one token. */
  readonly users?: Users | undefined;
  /** Whose workers do what is called for. Absent: this process does it. */
  readonly queue?: ServedQueue | undefined;
  /** For replies that are being paid for, in seconds, once we are asked to end. */
  readonly drain?: number | undefined;
  readonly signal: AbortSignal;
};

const idleMs = 30 * 60_000;
const sessionsMost = 100;
/** For answers to be written once we are asked to end. */
const answerMs = 5_000;
const drainSeconds = 20;

/**
 * Serves MCP over Streamable HTTP: a bearer token on every request, Host and Origin checked (DNS rebinding), one server per session, roots
 * from an allow-list. `/health` says without a token whether calls are taken, `/metrics` counts. Resolves after a graceful end. Throws
 * `bad_input` when the address cannot be had.
 */
export async function serveHttp(options: HttpOptions): Promise<void> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const metrics = makeMetrics();
  const { queue } = options;
  const wirings = wiringsOf(options.baseUrl, metrics, queue);
  const seats = makeSeats<User>(sessionsMost, () => metrics.count('sessions_evicted', 'Idle sessions that made room for others.'));
  const stateless = new Map<Wiring, Session>();
  const users = options.users ?? oneUser(token, options.roots);
  const drain = makeDrain();
  const { cache } = folders(readEnvironment());
  const events = join(cache, 'events', String(process.pid));
  await sweepEvents(cache);
  const logRefusal = makeRefusalLog((line) => process.stderr.write(line));
  let hosts: ReadonlySet<string> = new Set();

  const server = createServer((request, response) => {
    response.on('error', () => {});
    // A request that was not read to its end has no socket any more.
    const from = String(request.socket.remoteAddress);
    response.once('close', () => metrics.count('requests', 'Requests by status.', { status: String(response.statusCode) }));
    handle(request, response).catch((error: unknown) => {
      if (error instanceof HttpRefusal) {
        logRefusal({ request, from, status: error.status, message: error.message });
        refuse(response, error.status, error.message);
        return;
      }
      process.stderr.write(`http: bug: ${error instanceof Error ? error.stack : String(error)}\n`);
      refuse(response, 500, 'Internal error');
    });
  });
  server.requestTimeout = 60_000;
  server.headersTimeout = 15_000;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0];
    // Whoever balances load knows neither our name nor a token.
    if (path === '/health' && (request.method === 'GET' || request.method === 'HEAD'))
      return tellHealth(response, drain.signal.aborted, queue);
    const user = await letIn({ hosts, origins: options.origins, userOf: users.byToken }, request, response);
    if (path === '/metrics' && request.method === 'GET') return tellMetrics(response, metrics, queue);
    if (path !== '/mcp') throw new HttpRefusal(404, 'Only /mcp is served');
    if (drain.signal.aborted) throw new HttpRefusal(503, 'The server is going down');
    const body = request.method === 'POST' ? await readBody(request) : undefined;
    if (request.method === 'POST') response.once('close', drain.call());
    const wiring = wirings.of(user);
    const make = () => makeServer(wiring, version, { roots: user.roots, drain });
    if (isModern(request)) {
      const session = stateless.get(wiring) ?? openStateless(make);
      stateless.set(wiring, session);
      return delivering(request, response, () => session.handle(request, response, body));
    }
    const seat = await seatOf(request, body, user, make);
    const kind = body === undefined ? 'streams' : 'calls';
    seat[kind]++;
    response.once('close', () => {
      seat[kind]--;
      seat.last = performance.now();
    });
    await delivering(request, response, () => seat.handle(request, response, body));
  }

  async function seatOf(
    request: IncomingMessage,
    body: unknown,
    user: User,
    make: Parameters<typeof startSession>[0],
  ): Promise<Seat<User>> {
    const id = request.headers['mcp-session-id'];
    if (typeof id === 'string') {
      const known = seats.get(id);
      if (known?.user.name !== user.name) throw new HttpRefusal(404, 'No such session');
      return known;
    }
    if (request.method !== 'POST' || !isInitialize(body)) throw new HttpRefusal(400, 'The first request must be initialize');
    if (!seats.makeRoom()) throw new HttpRefusal(503, 'Too many sessions at work');
    const session = await startSession(make, { opened: (name) => seats.add(name, seat), closed: seats.remove, folder: events });
    const seat: Seat<User> = { ...session, user, last: performance.now(), calls: 0, streams: 0 };
    return seat;
  }

  // Before anybody can ask for them.
  if (!queue) for (const user of users.all()) await resumePaid(wirings.of(user)).catch(() => {});
  const port = await listen(server, options);
  hosts = namesOf(options, port);
  metrics.gauge('sessions', 'Sessions that are open.', () => seats.all().length);
  metrics.gauge('resident_memory_bytes', 'Memory that the server holds.', () => process.memoryUsage.rss());
  metrics.gauge('start_time_seconds', 'When the server was started.', () => Math.round(performance.timeOrigin / 1000));
  process.stderr.write(
    `MCP on http://${options.host}:${port}/mcp\n${options.token || options.users ? '' : `Bearer token: ${token}\n`}${beyond(options)}`,
  );

  const sweep = setInterval(() => seats.sweep(idleMs), 60_000);
  await new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    options.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  clearInterval(sweep);
  await drain.start(answerMs);
  await wirings.close((options.drain ?? drainSeconds) * 1_000);
  await Promise.allSettled([...stateless.values(), ...seats.all()].map((session) => session.close()));
  server.closeAllConnections();
  await rm(events, { recursive: true, force: true }).catch(() => {});
  await new Promise((resolve) => server.close(resolve));
}

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|::1|\[::1\])$/i;

/** The names under which a request may call us: those of this machine, and those that were given. */
function namesOf({ host, hosts = [] }: HttpOptions, port: number): ReadonlySet<string> {
  const own = ['127.0.0.1', 'localhost', '[::1]', host].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  return new Set([...own, ...hosts].map((name) => name.toLowerCase()));
}

/** A token that goes over a network in the clear can be read there. */
function beyond({ host }: HttpOptions): string {
  return loopback.test(host)
    ? ''
    : 'Beyond this machine tokens and code go unencrypted: put a proxy with TLS before this server (docs/server.md).\n';
}

/** The options as a user gives them, defaults filled in. Throws `bad_input` for a token file that holds no token. */
export async function openHttp(baseUrl: string | undefined, input: ServeInput, signal: AbortSignal): Promise<void> {
  const { port = 8974, host = '127.0.0.1', allow_root: roots = [process.cwd()], allow_host: hosts = [], origin: origins = [] } = input;
  checkHost(host, hosts);
  const { token_file: tokenFile, users_file: usersFile } = input;
  if (tokenFile !== undefined && usersFile !== undefined)
    throw new GlmError('bad_input', 'Either all share the token of --token-file, or --users-file gives each their own.');
  const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
  const users = usersFile === undefined ? undefined : await usersOf(usersFile);
  outlive();
  const queue = input.queue === undefined ? undefined : await servedQueue(input.queue);
  try {
    await serveHttp({ baseUrl, port, host, hosts, roots, origins, token, users, signal, queue, drain: input.drain });
  } finally {
    await queue?.close();
  }
}

async function servedQueue(url: string): Promise<ServedQueue> {
  const { openQueue } = await import('../fleet/engine/open.ts');
  const opened = await openQueue(url, readEnvironment());
  const { store } = opened;
  if (store) return { ...opened, store };
  await opened.close();
  throw new GlmError('bad_input', 'Servers share their jobs through a server of the queue, not through a folder.', {
    hint: 'redis://HOST:6379, rediss://, valkey:// or postgres://USER@HOST/DATABASE.',
  });
}

async function readToken(file: string): Promise<string> {
  const token = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[\x21-\x7e]{16,512}$/.test(token)) return token;
  throw new GlmError('bad_input', `The token file ${file} does not hold a token of 16 to 512 characters.`, {
    hint: 'For example: openssl rand -base64 32 > FILE',
  });
}

/** Checks an address to listen on. Throws `bad_input` for one beyond this machine without a name to be called by. */
function checkHost(host: string, hosts: readonly string[]): void {
  if (loopback.test(host) || hosts.length > 0) return;
  throw new GlmError('bad_input', `${host} is reached from other machines, so the names under which it may be called must be given.`, {
    hint: 'Name each with --allow-host, for example --allow-host glm.example.com; see docs/server.md.',
  });
}

/** From 2026-07-28 on there are no sessions: each request names its revision. */
function isModern({ headers }: IncomingMessage): boolean {
  const revision = headers['mcp-protocol-version'];
  return typeof revision === 'string' && revision >= '2026-07-28';
}

function isInitialize(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'method' in body && body.method === 'initialize';
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
