import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkCallback, sendCallback, signCallback } from '../../src/glm/callback.ts';
import { isGenuine } from '../../src/safety/callback.ts';

const secret = Buffer.alloc(32, 7).toString('base64');
const body = { id: 'job1', status: 'completed', report: { status: 'verified', summary: 'Ümläut ✓' } } as const;

/** A receiver that answers with each status in turn, and notes what came and whether it was genuine. */
async function receive(statuses: readonly number[]) {
  const seen = new Map<string, number>();
  const calls: { id: string; genuine: boolean; text: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const genuine = isGenuine({ body: raw, headers: request.headers, secrets: [secret], nowMs: Date.now(), seen });
    calls.push({ id: String(request.headers['x-callback-id']), genuine, text: raw.toString() });
    response.writeHead(statuses[Math.min(calls.length, statuses.length) - 1] ?? 200, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/done`, calls };
}

const send = (url: string, signal?: AbortSignal) => sendCallback({ url, body, secret, env: {}, now: Date.now, signal });

describe('a callback', () => {
  it('is signed so that the exported verifier takes it once', async () => {
    const { url, calls } = await receive([204]);
    expect(await send(url)).toEqual({ delivered: true, tries: 1, last: 'HTTP 204' });
    expect(calls).toMatchObject([{ genuine: true, text: JSON.stringify(body) }]);
  });

  it('is sent again with the same id after an error, and not to where a redirect points', async () => {
    const { url, calls } = await receive([500, 302, 200]);
    expect(await send(url)).toMatchObject({ delivered: true, tries: 3 });
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
  });

  it('stops with its caller', async () => {
    const { url } = await receive([500]);
    const stop = new AbortController();
    const sending = send(url, stop.signal);
    setTimeout(() => stop.abort(), 100);
    await expect(sending).rejects.toThrow();
  });

  it('is refused as soon as a byte, the time or the secret is another', () => {
    const text = JSON.stringify(body);
    const headers = signCallback(text, secret, 1_000_000_000_000);
    const check = (change: object) =>
      isGenuine({ body: Buffer.from(text), headers, secrets: [secret], nowMs: 1_000_000_000_000, seen: new Map(), ...change });
    expect(check({})).toBe(true);
    expect(check({ body: Buffer.from(`${text} `) })).toBe(false);
    expect(check({ nowMs: 1_000_000_301_000 })).toBe(false);
    expect(check({ secrets: [Buffer.alloc(32, 8).toString('base64')] })).toBe(false);
  });
});

it.each(['ftp://x', 'http://example.com/x', 'https://me:pw@example.com', 'nothing'])('%s is no callback URL', (url) => {
  expect(() => checkCallback(url, secret)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  expect(() => checkCallback('https://example.com/done', undefined)).toThrow(/secret/);
});
