import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { at } from '../../src/glm/json.ts';
import { isGenuine } from '../../src/safety/callback.ts';
import { type GatewayOptions, startGateway } from '../../src/stand-in/gateway.ts';
import { key } from './world.ts';

async function start(options: GatewayOptions = {}) {
  const gateway = await startGateway(options);
  onTestFinished(() => gateway.close());
  const call = async (path: string, body?: object, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(gateway.url + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  const ask = async (model = 'glm-4.6', headers = {}) => {
    const { status, json } = await call('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] }, headers);
    return at(json, 'choices', 0, 'message', 'content') ?? status;
  };
  return { gateway, call, ask };
}

describe('the stand-in', () => {
  it('plays its replies in order, the last again and again, and a refusal takes none', async () => {
    const { ask } = await start({ replies: ['one', { text: 'two' }] });
    expect([await ask('glm-4.6:429'), await ask(), await ask('glm-4.6:500'), await ask(), await ask()]).toEqual([
      429,
      'one',
      500,
      'two',
      'two',
    ]);
  });

  it('plays what a function of the request says', async () => {
    const { ask } = await start({ replies: ({ body }) => `you said ${at(body, 'messages', 0, 'content')}` });
    expect(await ask()).toBe('you said hi');
  });

  it('takes a fault from the model, the header, the control endpoint and the script', async () => {
    const { ask, call, gateway } = await start({ replies: [{ text: 'x', fault: '503' }] });
    expect(await ask()).toBe(503);
    expect(await ask('glm-4.6:402')).toBe(402);
    expect(await ask('glm-4.6', { 'x-glm-fault': '413' })).toBe(413);
    expect((await call('/control/faults', { fault: '401', times: 2 })).status).toBe(200);
    expect([await ask(), await ask(), await ask()]).toEqual([401, 401, 503]);
    const wrong = await call('/control/faults', { fault: 'nonsense' });
    expect(wrong.json.error.faults).toContain('cut');
    expect(await ask('glm-4.6:nonsense')).toBe(400);
    expect(gateway.requests.every(({ path }) => !path.startsWith('/control'))).toBe(true);
  });

  it('knows keys, models, prices, balance and tasks', async () => {
    const { call } = await start({ keys: [key] });
    expect((await call('/api/v1/me/balance')).json).toMatchObject({ balance_cents: 1000 });
    expect((await call('/api/v1/me/balance', undefined, { authorization: 'Bearer other' })).status).toBe(401);
    expect((await call('/v1/models')).json.data.length).toBeGreaterThan(6);
    const prices = await call('/api/v1/price_schedules');
    expect((await call('/api/v1/price_schedules', undefined, { 'if-none-match': prices.headers.get('etag') ?? '' })).status).toBe(304);
    const asked = await call('/v1/chat/completions', { model: 'glm-4.6', messages: [{ role: 'user', content: 'hi' }] });
    const task = await call(`/api/v1/glm/chat_completion/${asked.headers.get('x-runapi-task-id')}`);
    expect(task.json).toMatchObject({ status: 'completed', response: { status: 200, body: asked.json } });
    expect((await call('/v1/nowhere', {})).status).toBe(404);
    expect((await call('/v1/chat/completions', { model: 'glm-4.6' })).status).toBe(400);
  });

  it('limits requests per key', async () => {
    const { ask, gateway } = await start({ replies: [{ text: 'slow', delayMs: 200 }], concurrency: 2 });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.sort()).toEqual([429, 'slow', 'slow']);
    expect(gateway.load()).toEqual({ now: 0, most: 2 });
  });

  it('calls back, signed', async () => {
    const secret = Buffer.alloc(32, 3).toString('base64');
    const { call } = await start({ callbackSecret: secret });
    const called = new Promise<boolean>((done) => {
      const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        response.end();
        done(isGenuine({ body: Buffer.concat(chunks), headers: request.headers, secrets: [secret], nowMs: Date.now(), seen: new Map() }));
      });
      onTestFinished(() => void server.close());
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        const callback_url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
        void call('/v1/chat/completions', { model: 'glm-4.6', messages: [{ role: 'user', content: 'hi' }], callback_url });
      });
    });
    expect(await called).toBe(true);
  });

  it('says that its port is taken', async () => {
    const { gateway } = await start();
    await expect(startGateway({ port: Number(new URL(gateway.url).port) })).rejects.toMatchObject({ code: 'bad_input' });
  });
});
