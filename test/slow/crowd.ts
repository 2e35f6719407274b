import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel } from '../../src/evaluating/in-parallel.ts';

export type Crowd = { readonly refused: number; readonly served: number; readonly visitors: number };
export type Crowded = {
  /** Resident memory in MB at rest and after each crowd, in that order. */
  readonly megabytes: readonly number[];
  readonly turnedAway: number;
  readonly stderr: string;
};

/**
 * Sends crowds to a server of that build, one after the other: requests without a token, clients that connect, pack a context and go
 * without a word, and clients that connect and leave.
 */
export async function crowd(build: string, folder: string, root: string, { refused, served, visitors }: Crowd): Promise<Crowded> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: join(folder, 'home'),
    GLM_SKILL_HOME: join(folder, 'state'),
  };
  await writeFile(join(folder, 'token'), token, { mode: 0o600 });
  const flags = ['--http', '--port', '0', '--token-file', join(folder, 'token'), '--allow-root', root];
  const server = spawn(process.execPath, [join(build, 'dist/cli.mjs'), 'serve', ...flags], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (chunk) => {
    said += chunk;
  });
  while (!/http:\S+\/mcp/.test(said)) {
    if (server.exitCode !== null) throw new Error(said);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const url = /http:\S+\/mcp/.exec(said)?.[0] ?? '';
  const rows = [megabytes(server.pid)];
  let away = 0;
  await inHands(refused, 20, async () => {
    await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: 'Bearer nobody' });
  });
  rows.push(megabytes(server.pid));
  const visit = async (): Promise<string | undefined> => {
    const { status, session } = await post(url, hello, auth);
    if (status !== 200 || !session) {
      away++;
      return undefined;
    }
    await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, { ...auth, 'mcp-session-id': session });
    return session;
  };
  await inHands(served, 4, async () => {
    const session = await visit();
    if (!session) return;
    const params = { name: 'collect_context', arguments: { root, test: 'test/integration/checkout.test.js' } };
    const { status } = await post(url, { jsonrpc: '2.0', id: 2, method: 'tools/call', params }, { ...auth, 'mcp-session-id': session });
    if (status !== 200) away++;
  });
  rows.push(megabytes(server.pid));
  await inHands(visitors, 20, async () => {
    await visit();
  });
  rows.push(megabytes(server.pid));
  server.kill('SIGTERM');
  await once(server, 'close');
  return { megabytes: rows, turnedAway: away, stderr: said };
}

const token = 'a-token-of-this-benchmark-alone-0123456789';
const auth = { authorization: `Bearer ${token}` };
const hello = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'crowd', version: '1' } },
};

async function post(url: string, body: unknown, headers: Record<string, string>) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify(body),
  });
  await response.text();
  return { status: response.status, session: response.headers.get('mcp-session-id') };
}

function inHands(count: number, hands: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  return inParallel(hands, () => (left-- > 0 ? true : undefined), work, undefined);
}

function megabytes(pid: number | undefined): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}
