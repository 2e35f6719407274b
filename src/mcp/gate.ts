import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that is not served, with what its sender is told. */
export class HttpRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Who may call: the names under which we are reached, web origins, and who holds which token. */
export type Gate<User> = {
  /** Lower case; with a port where one is given, else any port fits. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: readonly string[];
  /** Undefined: nobody has this token. */
  readonly userOf: (token: string) => Promise<User | undefined>;
};

/** Lets a caller in or throws `HttpRefusal`: Host and Origin (DNS rebinding), then the bearer token. */
export async function letIn<User>(
  { hosts, origins, userOf }: Gate<User>,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Promise<User> {
  const { host, origin, authorization } = headers;
  if (!isNamed(host, hosts)) throw new HttpRefusal(403, 'This Host is not served here');
  if (origin !== undefined && !origins.includes(origin) && !isOwn(origin, host)) throw new HttpRefusal(403, 'This Origin may not call');
  const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1];
  const user = token === undefined ? undefined : await userOf(token);
  if (user === undefined) {
    response.setHeader('www-authenticate', 'Bearer');
    throw new HttpRefusal(401, 'A bearer token is required');
  }
  return user;
}

export function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const more = { ...(status === 413 && { connection: 'close' }), ...(status === 503 && { 'retry-after': '5' }) };
  // What is left of a refused body is not read, so the connection is of no further use.
  response.writeHead(status, { 'content-type': 'application/json', ...more });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } }));
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Compared as hashes of one length and in constant time. */
export function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function isNamed(host: string | undefined, hosts: ReadonlySet<string>): boolean {
  const name = host?.toLowerCase() ?? '';
  return name !== '' && (hosts.has(name) || hosts.has(name.replace(/:\d+$/, '')));
}

/** A page of ours, under the name by which it calls us. */
function isOwn(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && new URL(origin).host === host?.toLowerCase();
}

const bodyBytes = 4 << 20;

/** The JSON of a request, of which nothing more is read than may be sent. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > bodyBytes) throw new HttpRefusal(413, `A request may have ${bodyBytes >> 20} MiB`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpRefusal) throw error;
    throw new HttpRefusal(400, 'The body was not sent to its end');
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpRefusal(400, 'The body is not JSON');
  }
}
