import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openHttp } from '../../src/mcp/http.ts';
import { usersOf } from '../../src/mcp/users.ts';
import { hello, serving } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'glm-team-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const token = 'a-token-for-this-test-only';
const bearer = (name = token) => ({ authorization: `Bearer ${name}` });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('health needs neither token nor name, figures need a token, and refusals are logged and counted', async () => {
  const server = await serving({ token, roots: [folder] });
  try {
    const health = await server.send({ method: 'GET', path: '/health', headers: { host: '10.1.2.3' } });
    expect([health.status, health.text]).toEqual([200, '{"status":"ok"}\n']);
    for (let at = 0; at < 20; at++) expect((await server.send({ method: 'GET', path: '/metrics' })).status).toBe(401);
    expect(server.said.filter((line) => line.startsWith('http: refused 401'))).toHaveLength(1);
    const { text, headers } = await server.send({ method: 'GET', path: '/metrics', headers: bearer() });
    expect(headers['content-type']).toContain('application/openmetrics-text');
    expect(text).toContain('glm_skill_requests_total{status="401"} 20\n');
    expect(text).toMatch(/\nglm_skill_sessions 0\n/);
    expect(text).toMatch(/# EOF\n$/);
  } finally {
    await server.close();
  }
});

test('a name that was given may be called by, with any port; others may not', async () => {
  const server = await serving({ token, roots: [folder], hosts: ['glm.example', 'other.example:8443'] });
  try {
    const status = async (host: string, more = {}) => (await server.send({ headers: { ...bearer(), host, ...more }, body: hello })).status;
    expect(await status('GLM.example:443')).toBe(200);
    expect(await status('glm.example', { origin: 'https://glm.example' })).toBe(200);
    expect(await status('glm.example', { origin: 'https://evil.example' })).toBe(403);
    expect(await status('other.example:8443')).toBe(200);
    for (const host of ['other.example', 'glm.example.evil', 'evil-glm.example']) expect(await status(host), host).toBe(403);
  } finally {
    await server.close();
  }
});

test('an address beyond this machine needs a name to be called by', async () => {
  await expect(openHttp(undefined, { host: '0.0.0.0', port: 0 }, AbortSignal.abort())).rejects.toThrow(
    /names under which it may be called/,
  );
});

test('clients that connect and leave lock nobody out', async () => {
  const server = await serving({ token, roots: [folder] });
  try {
    const first = await server.send({ headers: bearer(), body: hello });
    for (let at = 0; at < 150; at++) expect((await server.send({ headers: bearer(), body: hello })).status).toBe(200);
    const ping = { headers: { ...bearer(), 'mcp-session-id': String(first.headers['mcp-session-id']) }, body: hello };
    expect((await server.send(ping)).status).toBe(404);
    const { text } = await server.send({ method: 'GET', path: '/metrics', headers: bearer() });
    expect(text).toContain('glm_skill_sessions_evicted_total 51\n');
  } finally {
    await server.close();
  }
});

test('each user has a token, folders and sessions of their own; a token is taken away by an edit', async () => {
  const roots = ['ann', 'bob'].map((name) => join(folder, name));
  for (const root of roots) mkdirSync(root);
  const file = join(folder, 'users.json');
  const write = (names: readonly string[]) =>
    writeFileSync(
      file,
      JSON.stringify({
        users: names.map((name) => ({ name, token_sha256: sha256(`the-token-of-${name}`), roots: [join(folder, name)], daily_usd: 1 })),
      }),
    );
  write(['ann', 'bob']);
  const server = await serving({ users: await usersOf(file) });
  try {
    const ann = bearer('the-token-of-ann');
    const bob = bearer('the-token-of-bob');
    const begun = await server.send({ headers: ann, body: hello });
    const session = { 'mcp-session-id': String(begun.headers['mcp-session-id']), 'mcp-protocol-version': '2025-06-18' };
    const call = (who: object, root: string) =>
      server.send({
        headers: { ...session, ...who },
        body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'find_failing_tests', arguments: { root } } }),
      });
    expect((await call(ann, join(folder, 'ann'))).text).toContain('no_runner');
    expect((await call(ann, join(folder, 'bob'))).text).toContain('not served here');
    expect((await call(bob, join(folder, 'bob'))).status).toBe(404);
    write(['bob', 'bobby']);
    expect((await call(ann, join(folder, 'ann'))).status).toBe(401);
    writeFileSync(file, '{');
    expect((await server.send({ headers: bob, body: hello })).status).toBe(401);
  } finally {
    await server.close();
  }
});

test.each([
  ['not JSON', '{', /not JSON/],
  ['a token in the clear', '{"users":[{"name":"ann","token":"x","roots":["/"]}]}', /not as expected/],
  [
    'one name twice',
    JSON.stringify({ users: [1, 2].map((one) => ({ name: 'ann', token_sha256: sha256(`${one}`), roots: ['/'] })) }),
    /one name/,
  ],
])('a file of users that is %s is refused with a sentence', async (name, text, said) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, text);
  await expect(usersOf(file)).rejects.toThrow(said);
});
