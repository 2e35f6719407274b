import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request as forward } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';
import { imprint, makeHome, makeRepo } from '../repo/fixture.ts';
import { packageRoot } from './example.ts';

const own = makeHome();
const cli = join(packageRoot, 'dist', 'cli.mjs');
const reply =
  '## Root cause\nWhere: src/sum.js:1\nMinus.\n\n## Edits\nsrc/sum.js\n<<<<<<< SEARCH\nexport const sum = (a, b) => a - b;\n=======\nexport const sum = (a, b) => a + b;\n>>>>>>> REPLACE\n';
const Said = z.looseObject({
  status: z.string(),
  job: z.string().optional(),
  warnings: z.array(z.string()).default([]),
  summary: z.string().default(''),
});
type Said = z.infer<typeof Said>;

let gateway: Gateway;
let asked = async () => {};
let root = '';
let count = 0;
const children: ChildProcess[] = [];

beforeAll(async () => {
  gateway = await startGateway({
    replies: async () => {
      await asked();
      return reply;
    },
  });
});
beforeEach(async () => {
  asked = async () => {};
  // What the test says holds a time and a port, as tests do: no two requests for it are equal to the byte.
  root = await makeRepo(own.home, `shop-${++count}`, {
    'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}',
    'src/sum.js': 'export const sum = (a, b) => a - b;\n',
    'test/sum.test.js': `import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { sum } from '../src/sum.js';
test('adds', async () => {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  server.close();
  assert.equal(sum(1, 2), 3, 'the service on port ' + port + ' said so at ' + process.hrtime.bigint());
});
`,
  });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await gateway.close();
  own.remove();
});

const env = () => ({
  PATH: process.env.PATH ?? '',
  HOME: own.home,
  GLM_SKILL_HOME: join(own.home, `state-${count}`),
  RUNAPI_API_KEY: 'key-of-the-stand-in',
  RUNAPI_BASE_URL: gateway.url,
});
const requests = () => gateway.requests.filter(({ path }) => path === '/v1/chat/completions').length;

/** Starts the program and keeps what it says; `reached` waits for a stage of it. */
function start(words: readonly string[]) {
  const child = spawn(process.execPath, [cli, ...words], { env: env(), cwd: own.home, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const closed = once(child, 'close');
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const until = async (form: RegExp) => {
    for (let waits = 0; !form.test(err) && child.exitCode === null && waits < 3_000; waits++) await sleep(20);
    return form.exec(err);
  };
  return { child, closed, out: () => out, err: () => err, until };
}

const fix = () => start(['fix', root, '--json', '--attempts', '1']);

describe('kill -9 of the command line', () => {
  test.each([
    ['as the reply is written', 0],
    ['a moment after the reply', 150],
    ['while the patch is proven', 700],
  ])('%s: what was whole is not asked for again, and what was cut only with a word about the money', async (_when, afterMs) => {
    const before = imprint(root);
    const paid = requests();
    const first = fix();
    asked = async () => void setTimeout(() => first.child.kill('SIGKILL'), afterMs);
    await first.closed;
    asked = async () => {};
    const second = fix();
    await second.closed;
    const report = Said.parse(JSON.parse(second.out()));
    expect(report.status, second.err()).toBe('verified');
    const again = requests() - paid - 1;
    const told = report.warnings.some((one) => one.includes('may be charged twice'));
    expect([again, told]).toEqual(told ? [1, true] : [0, false]);
    if (afterMs >= 700) expect(again).toBe(0);
    expect(imprint(root)).toEqual(before);
  });
});

async function serve() {
  const server = start(['serve', '--http', '--port', '0', '--allow-root', own.home]);
  const [, port = ''] = (await server.until(/:(\d+)\/mcp/)) ?? [];
  const [, token = ''] = (await server.until(/token\W+([\w-]{20,})\s/i)) ?? [];
  return { ...server, url: new URL(`http://127.0.0.1:${port}/mcp`), token };
}

type Served = Awaited<ReturnType<typeof serve>>;

async function connect({ url, token }: Served) {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } });
  await client.connect(transport);
  const call = async (name: string, args: object, onStage?: (message: string) => void) => {
    const onprogress = onStage && (({ message = '' }: { message?: string | undefined }) => onStage(message));
    const result = await client.callTool({ name, arguments: { ...args } }, undefined, {
      timeout: 90_000,
      ...(onprogress && { onprogress }),
    });
    return Said.parse(result.structuredContent);
  };
  return { call, close: () => client.close() };
}

async function toEnd({ call }: Pick<Awaited<ReturnType<typeof connect>>, 'call'>, said: Said): Promise<Said> {
  return said.status === 'running' ? toEnd({ call }, await call('get_job', { job: said.job })) : said;
}

/** Where the server is met: in a stage of the run, or while the gateway writes the reply. */
const stages = ['observe', 'ask', 'prove'] as const;

describe.each(stages)('at stage %s', (stage) => {
  /** Calls fix and does something once the stage is reached. */
  async function callAndMeet(client: Awaited<ReturnType<typeof connect>>, meet: () => void) {
    let met = false;
    const once = () => {
      if (!met) meet();
      met = true;
    };
    if (stage === 'ask') asked = async () => once();
    return client.call('fix_failing_test', { root, attempts: 1 }, (message) => {
      if (stage !== 'ask' && message.startsWith(`${stage}:`)) once();
    });
  }

  test('a client that goes away finds its result, paid once', async () => {
    const paid = requests();
    const server = await serve();
    const first = await connect(server);
    let gone = () => {};
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    callAndMeet(first, () => void first.close().then(gone)).catch(() => {});
    await left;
    const second = await connect(server);
    expect((await toEnd(second, await second.call('fix_failing_test', { root, attempts: 1 }))).status).toBe('verified');
    expect(requests() - paid).toBe(1);
    await second.close();
    server.child.kill('SIGTERM');
    expect((await server.closed)[0]).toBe(0);
  });

  test('SIGTERM: the call is answered, and after a new start the result is there, paid once', async () => {
    const paid = requests();
    const server = await serve();
    const client = await connect(server);
    const said = await callAndMeet(client, () => void server.child.kill('SIGTERM'));
    expect(said.job).toMatch(/^\w{26}$/);
    await client.close();
    expect((await server.closed)[0]).toBe(0);
    const next = await serve();
    const again = await connect(next);
    expect((await toEnd(again, await again.call('fix_failing_test', { root, attempts: 1 }))).status).toBe('verified');
    expect(requests() - paid).toBe(1);
    await again.close();
    next.child.kill('SIGTERM');
    expect((await next.closed)[0]).toBe(0);
  });

  test('kill -9 of the server: after a new start the result is there, and a reply that was cut is paid again only with a word', async () => {
    const paid = requests();
    const server = await serve();
    const client = await connect(server);
    callAndMeet(client, () => void server.child.kill('SIGKILL')).catch(() => {});
    await server.closed;
    client.close().catch(() => {});
    asked = async () => {};
    const next = await serve();
    const again = await connect(next);
    const report = await toEnd(again, await again.call('fix_failing_test', { root, attempts: 1 }));
    expect(report.status).toBe('verified');
    const told = report.warnings.some((one) => one.includes('may be charged twice'));
    expect([stage, requests() - paid, told]).toEqual([stage, stage === 'ask' && told ? 2 : 1, stage === 'ask' && told]);
    await again.close();
    next.child.kill('SIGTERM');
    expect((await next.closed)[0]).toBe(0);
  });
});

/** A proxy that keeps its connections to the server, as they do, and reads the next answer to a call to its end without handing it on. */
async function losingProxy(server: URL) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let lose = false;
  const proxy = createServer((request, response) => {
    const lost = lose && request.method === 'POST';
    const onward = forward(
      new URL(request.url ?? '/', server),
      { method: request.method, headers: { ...request.headers, host: server.host }, agent },
      (answer) => {
        if (lost) return answer.resume().once('end', () => request.socket.destroy());
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        return answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    // The connection that stays open for what the server says by itself would take the only one.
    if (request.method === 'GET') {
      response.writeHead(405).end();
      onward.destroy();
    } else request.pipe(onward);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const address = proxy.address();
  const url = new URL(server);
  url.port = String(typeof address === 'object' ? address?.port : 0);
  return {
    url,
    losing: (on: boolean) => {
      lose = on;
    },
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
      agent.destroy();
    },
  };
}

test('an answer that a proxy loses is there for the next equal call, which says so and pays nothing', async () => {
  const paid = requests();
  const server = await serve();
  const proxy = await losingProxy(server.url);
  const through = { ...server, url: proxy.url };
  const first = await connect(through);
  proxy.losing(true);
  await expect(first.call('fix_failing_test', { root, attempts: 1 })).rejects.toThrow();
  proxy.losing(false);
  const second = await connect(through);
  const report = await toEnd(second, await second.call('fix_failing_test', { root, attempts: 1 }));
  expect([report.status, requests() - paid]).toEqual(['verified', 1]);
  expect(report.warnings.join()).toContain('made this result before');
  await Promise.all([first, second].map((one) => one.close()));
  proxy.close();
  server.child.kill('SIGTERM');
  expect((await server.closed)[0]).toBe(0);
});

test('what cost nothing is not handed out once more: what it depends on beside the files may have changed', async () => {
  const server = await serve();
  const client = await connect(server);
  const first = (await toEnd(client, await client.call('find_failing_tests', { root }))).job;
  await client.close();
  const other = await connect(server);
  const second = (await toEnd(other, await other.call('find_failing_tests', { root }))).job;
  expect(first).toMatch(/^\w{26}$/);
  expect(second).not.toBe(first);
  await other.close();
  server.child.kill('SIGTERM');
  expect((await server.closed)[0]).toBe(0);
});
