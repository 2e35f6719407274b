import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inParallel } from '../src/evaluating/in-parallel.ts';
import { layExample } from '../test/slow/example.ts';

/**
 * Crowds before one server, side by side with another build: node bench/run.mjs crowd [--other FOLDER]
 * refused: 6,000 requests without a token. served: 500 clients that connect, pack a context and go without a word.
 * visitors: 1,000 clients that connect and leave. Prints resident memory after each, and how many were turned away.
 */
export async function main(args: readonly string[]): Promise<void> {
  const other = args[args.indexOf('--other') + 1];
  const builds = [join(import.meta.dirname, '..', '..'), ...(args.includes('--other') && other ? [other] : [])];
  console.log('build | MB at rest | after 6,000 refused | after 500 served | after 1,000 visitors | turned away');
  for (const build of builds) {
    const folder = await mkdtemp(join(tmpdir(), 'glm-crowd-'));
    const root = join(folder, 'checkout');
    const gateway = await layExample(root);
    try {
      console.log([build, ...(await crowd(build, folder, root))].join(' | '));
    } finally {
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function crowd(build: string, folder: string, root: string): Promise<(number | string)[]> {
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
  const rows: (number | string)[] = [megabytes(server.pid)];
  let away = 0;
  await inHands(6_000, 20, async () => {
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
  await inHands(500, 4, async () => {
    const session = await visit();
    if (!session) return;
    const params = { name: 'collect_context', arguments: { root, test: 'test/integration/checkout.test.js' } };
    const { status } = await post(url, { jsonrpc: '2.0', id: 2, method: 'tools/call', params }, { ...auth, 'mcp-session-id': session });
    if (status !== 200) away++;
  });
  rows.push(megabytes(server.pid));
  await inHands(1_000, 20, async () => {
    await visit();
  });
  rows.push(megabytes(server.pid), away);
  server.kill('SIGTERM');
  await once(server, 'close');
  return rows;
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
