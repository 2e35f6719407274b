import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folders } from '../../src/config.ts';
import { currentVariants, readCatalogue, refreshCatalogue } from '../../src/glm/money/catalogue.ts';
import { startGateway } from '../../src/stand-in/gateway.ts';
import { key, makeWorld, temporaryFolder } from './world.ts';

const day = 24 * 3_600_000;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

function options(baseUrl: string, now = Date.now) {
  return { baseUrl, key, folders: folders({ GLM_SKILL_HOME: temporaryFolder() }), env: {}, now };
}

describe('the catalogue', () => {
  it('is asked for once a day, prices with an ETag and without the key', async () => {
    const gateway = await startGateway();
    onTestFinished(() => gateway.close());
    let time = Date.parse('2026-11-20T00:00:00Z');
    const asked = options(gateway.url, () => time);
    const first = await refreshCatalogue(asked);
    expect(first?.models).toContain('glm-5.1');
    expect(first?.prices['glm-4.6']).toMatchObject({ input: 0.3, output: 1.1, cacheRead: 0.06, source: expect.stringContaining('live') });
    expect(first?.prices['glm-5.1']).toBeUndefined();
    await refreshCatalogue(asked);
    expect(gateway.requests.length).toBe(2);
    time += 2 * day;
    const later = await refreshCatalogue(asked);
    expect(later?.prices).toEqual(first?.prices);
    const prices = gateway.requests.filter(({ path }) => path.startsWith('/api/v1/price_schedules'));
    expect(prices.map(({ headers }) => [headers.authorization, headers['if-none-match']])).toEqual([
      [undefined, undefined],
      [undefined, '"2026-11-20"'],
    ]);
  });

  it('outranks the shipped prices and adds models that only the gateway knows', async () => {
    const url = await serve((request, response) => {
      const row = { model: 'glm-4.6', pricing_status: 'available', input_price_per_1m_cents: 25, output_price_per_1m_cents: 90 };
      const pending = { model: 'glm-4.7', pricing_status: 'pending', input_price_per_1m_cents: null };
      const lists = { as_of: '2026-12-01T00:00:00Z', price_schedules: [row, pending, { model: 'other-1' }] };
      response.end(
        JSON.stringify(request.url?.startsWith('/api') ? lists : { data: [{ id: 'glm-6' }, { id: 'glm-4.6' }, { id: 'other-1' }] }),
      );
    });
    const found = currentVariants(await refreshCatalogue(options(url)));
    expect(found.find(({ id }) => id === 'glm-4.6')?.prices).toMatchObject({
      input: 0.25,
      output: 0.9,
      cacheRead: 'unknown',
      date: '2026-12-01',
    });
    expect(found.find(({ id }) => id === 'glm-4.7')?.prices.input).toBe(0.3);
    expect(found.filter(({ id }) => id === 'glm-6' || id === 'other-1').map(({ id }) => id)).toEqual(['glm-6']);
  });

  it.each<[string, RequestListener]>([
    ['a web page', (_, response) => void response.setHeader('content-type', 'text/html').end('<html></html>')],
    ['an error', (_, response) => void response.writeHead(500).end()],
    ['another shape', (_, response) => void response.end('{"data": 1, "price_schedules": {}}')],
    ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ])('that is %s leaves the shipped table', async (_, listener) => {
    const asked = options(await serve(listener));
    expect(await refreshCatalogue(asked)).toBeUndefined();
    expect(readCatalogue(asked.folders, asked.baseUrl)).toBeUndefined();
    expect(currentVariants(undefined).find(({ id }) => id === 'glm-4.6')?.prices.input).toBe(0.3);
  });

  it('prices what is asked', async () => {
    const world = await makeWorld();
    const shipped = await world.ask();
    const url = world.gateway.url;
    await refreshCatalogue({ baseUrl: url, key, folders: world.folders, env: {}, now: Date.now });
    expect((await world.ask()).cost).toBe(shipped.cost);
    const [name = ''] = readdirSync(join(world.folders.cache, 'catalogue'));
    const path = join(world.folders.cache, 'catalogue', name);
    const heard = JSON.parse(readFileSync(path, 'utf8'));
    heard.prices['glm-4.6'] = { ...heard.prices['glm-4.6'], input: 30, output: 110, cacheRead: 6 };
    writeFileSync(path, JSON.stringify(heard));
    expect((await world.ask()).cost).toBeCloseTo(Number(shipped.cost) * 100, 8);
  });
});
