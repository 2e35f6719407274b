import { createServer } from 'node:http';
import { connect, createServer as createSocketServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Stopped } from '../../src/errors.ts';
import { openTransport } from '../../src/glm/wire/transport.ts';
import { startGateway } from '../../src/stand-in/gateway.ts';
import { goodReply, key, makeWorld } from './world.ts';

/** Starts a server on loopback and gives its port. It ends with the test. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

describe('a connection that fails', () => {
  it('says that nothing listens, after one more try', async () => {
    const gone = await startGateway();
    await gone.close();
    const world = await makeWorld(undefined, { baseUrl: gone.url });
    await expect(world.ask()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('Nothing listens') });
    expect(world.events.filter(({ type }) => type === 'progress').length).toBe(1);
  });

  it('says that TLS fails, at once', async () => {
    const port = await listen(createTlsServer({}));
    const world = await makeWorld(undefined, { baseUrl: `https://127.0.0.1:${port}` });
    await expect(world.ask()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('TLS') });
    expect(world.events).toEqual([]);
  });

  it('is not HTTP at all', async () => {
    const port = await listen(createSocketServer((socket) => void socket.on('error', () => {}).end('SSH-2.0-x\r\n')));
    const world = await makeWorld(undefined, { baseUrl: `http://127.0.0.1:${port}` });
    await expect(world.ask()).rejects.toMatchObject({ code: 'unreachable' });
  });
});

it('two exchanges at once keep what came to each apart', async () => {
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/good')) setTimeout(() => response.end('{}'), 200);
    else response.writeHead(404).end('no');
  });
  const transport = await openTransport(`http://127.0.0.1:${await listen(server)}`, key, {});
  const { signal } = new AbortController();
  const [good, bad] = await Promise.all([transport.get('good', signal), transport.get('bad', signal)]);
  await transport.close();
  expect(good).toMatchObject({ type: 'reply', response: { status: 200 } });
  expect(bad).toMatchObject({ type: 'failure', failure: { status: 404, body: 'no' } });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%s is not followed, and no key goes there', async (status) => {
    const elsewhere = await startGateway();
    onTestFinished(() => elsewhere.close());
    const server = createServer(
      (request, response) => void response.writeHead(status, { location: `${elsewhere.url}${request.url}` }).end(),
    );
    const port = await listen(server);
    const world = await makeWorld(undefined, { baseUrl: `http://127.0.0.1:${port}` });
    await expect(world.ask()).rejects.toMatchObject({ code: 'gateway_failed', hint: expect.stringContaining(elsewhere.url) });
    expect(elsewhere.requests).toEqual([]);
  });

  it('of a task to another origin is not followed either', async () => {
    const elsewhere = await startGateway();
    onTestFinished(() => elsewhere.close());
    const port = await listen(createServer((_, response) => void response.writeHead(202, { location: `${elsewhere.url}/task` }).end()));
    const world = await makeWorld(undefined, { baseUrl: `http://127.0.0.1:${port}` });
    await expect(world.ask()).rejects.toMatchObject({ code: 'gateway_failed' });
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('a proxy', () => {
  it('from the environment carries the request', async () => {
    const gateway = await startGateway({ replies: [goodReply] });
    onTestFinished(() => gateway.close());
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket, head) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    const port = await listen(proxy);
    const world = await makeWorld(undefined, { baseUrl: 'http://llm.example', env: { HTTP_PROXY: `http://127.0.0.1:${port}` } });
    expect(await world.ask()).toMatchObject({ outcome: 'complete', text: goodReply });
    expect(gateway.requests.length).toBe(1);
    expect(new Set(tunnels)).toEqual(new Set(['llm.example:80']));
  });
});

describe('a proxy that refuses', () => {
  it.each([
    ['hangs up', ''],
    ['wants a password', 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'],
  ])('is asked once and named when it %s', async (_, answer) => {
    let knocks = 0;
    const proxy = createSocketServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', () => {
          knocks++;
          socket.end(answer);
        });
    });
    const env = { https_proxy: `127.0.0.1:${await listen(proxy)}` };
    const world = await makeWorld(undefined, { baseUrl: 'https://llm.example', env });
    await expect(world.ask()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('proxy') });
    expect(knocks).toBe(1);
  });

  it.each(['ftp://proxy.example', 'http://proxy.example:99999'])('is named when %s is none', async (https_proxy) => {
    const world = await makeWorld(undefined, { env: { https_proxy } });
    await expect(world.ask()).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('https_proxy') });
  });
});

describe('cancelling', () => {
  it.each(['silence', 'no-answer', 'endless', '429-seconds'])('closes the socket at once during %s', async (fault) => {
    const world = await makeWorld();
    const stop = new AbortController();
    const asking = world.ask({ variant: `glm-4.6:${fault}` }, stop.signal);
    await expect.poll(() => world.gateway.requests.length).toBe(1);
    stop.abort();
    await expect(asking).rejects.toThrow(Stopped);
    await expect.poll(() => world.gateway.load().now, { interval: 5 }).toBe(0);
  });

  it('before the start sends nothing', async () => {
    const world = await makeWorld();
    await expect(world.ask({}, AbortSignal.abort())).rejects.toThrow(Stopped);
    expect(world.gateway.requests).toEqual([]);
  });
});

describe('the environment of the SDK', () => {
  it('changes nothing', async () => {
    const before = { ...process.env };
    onTestFinished(() => {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    });
    Object.assign(process.env, {
      OPENAI_BASE_URL: 'http://127.0.0.1:9',
      OPENAI_CUSTOM_HEADERS: 'Authorization: Bearer other',
      OPENAI_ORG_ID: 'org-x',
    });
    const world = await makeWorld();
    expect(await world.ask()).toMatchObject({ outcome: 'complete' });
    const [request] = world.gateway.requests;
    expect(request?.headers.authorization).toBe(`Bearer ${key}`);
    expect(JSON.stringify(request?.headers)).not.toContain('org-x');
  });
});
