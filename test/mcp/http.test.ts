import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folders, readEnvironment } from '../../src/config.ts';
import { newJobId, openJobs } from '../../src/jobs/store.ts';
import { hello, type Sent, serving } from './served.ts';

const token = 'a-token-for-this-test-only';
let folder: string;
let server: Awaited<ReturnType<typeof serving>>;
const send = (sent: Sent) => server.send(sent);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glm-http-'));
  server = await serving({ roots: [folder], origins: ['https://app.example'], token });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const bearer = { authorization: `Bearer ${token}` };
test.each([
  ['no token', {}, 401],
  ['a wrong token', { authorization: 'Bearer a-token-for-this-test-onlz' }, 401],
  ['a token of another scheme', { authorization: `Basic ${token}` }, 401],
  ['a strange Host', { ...bearer, host: 'evil.example' }, 403],
  ['a Host that only begins right', { ...bearer, host: '127.0.0.1.evil.example' }, 403],
  ['a strange Origin', { ...bearer, origin: 'https://evil.example' }, 403],
  ['the null Origin', { ...bearer, origin: 'null' }, 403],
  ['a session that is not ours', { ...bearer, 'mcp-session-id': 'guessed' }, 404],
])('%s is refused', async (_name, headers, status) => {
  expect((await send({ headers, body: hello })).status).toBe(status);
});

test('an origin that was named may call', async () => {
  expect((await send({ headers: { ...bearer, origin: 'https://app.example' }, body: hello })).status).toBe(200);
});

test.each([
  ['not JSON', '{', 400],
  ['not initialize', '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', 400],
  ['too large', ' '.repeat(5 << 20), 413],
])('a first body that is %s is refused', async (_name, body, status) => {
  expect((await send({ headers: bearer, body })).status).toBe(status);
});

test.each(['/', '//', '/mcp/', '/mcp/../mcp', '/MCP', '/%6dcp'])('only /mcp is served, not %s', async (path) => {
  expect((await send({ path, headers: bearer, body: hello })).status).toBe(404);
});

test.each([
  ['arrays', '['.repeat(200_000) + ']'.repeat(200_000), 400],
  ['capabilities', hello.replace('{},', `${'{"experimental":'.repeat(50_000)}{}${'}'.repeat(50_000)},`), 400],
])('deep nesting does no harm: %s', async (_name, body, status) => {
  expect((await send({ headers: bearer, body })).status).toBe(status);
});

test('a call of 2026-07-28 needs no session', async () => {
  const about = { protocolVersion: '2026-07-28', clientInfo: { name: 'test', version: '1' }, clientCapabilities: {} };
  const _meta = Object.fromEntries(Object.entries(about).map(([name, value]) => [`io.modelcontextprotocol/${name}`, value]));
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } });
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };
  expect((await send({ headers, body })).status).toBe(401);
  const { status, text, headers: told } = await send({ headers: { ...bearer, ...headers }, body });
  expect([status, told['mcp-session-id']]).toEqual([200, undefined]);
  expect(text).toContain('fix_failing_test');
});

test('two sessions have ids of their own, and a root outside the list is refused', async () => {
  const [one, two] = await Promise.all([send({ headers: bearer, body: hello }), send({ headers: bearer, body: hello })]);
  const session = String(one.headers['mcp-session-id']);
  expect(session).not.toBe(two.headers['mcp-session-id']);
  const call = (root: string, more = {}) =>
    send({
      headers: { ...bearer, 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 2,
        method: 'tools/call',
        params: { name: 'find_failing_tests', arguments: { root, ...more } },
      }),
    });
  for (const root of ['/usr', `${folder}-beside`, `${folder}/..`]) expect((await call(root)).text, root).toContain('not served here');
  expect((await call(folder)).text).toContain('no_runner');
  for (const more of [{ log: '/etc/passwd' }, { report: `${folder}/../` }, { log: '../../../../../../etc/passwd' }])
    expect((await call(folder, more)).text, JSON.stringify(more)).toContain('no folder that is served here');
});

test('neither a folder of a repository that is not served nor a job of another root is given out', async () => {
  const outer = await mkdtemp(join(tmpdir(), 'glm-outer-'));
  const inner = join(folder, 'link');
  await mkdir(join(outer, '.git'));
  await mkdir(join(outer, 'sub'));
  await symlink(join(outer, 'sub'), inner);
  const begun = await send({ headers: bearer, body: hello });
  const session = { ...bearer, 'mcp-session-id': String(begun.headers['mcp-session-id']), 'mcp-protocol-version': '2025-06-18' };
  const call = (name: string, args: object) =>
    send({ headers: session, body: JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name, arguments: args } }) });
  expect((await call('find_failing_tests', { root: inner })).text).toContain('not served here');
  const { state } = folders(readEnvironment());
  const store = openJobs(state);
  const job = {
    version: 1,
    verb: 'find',
    key: 'k',
    input: {},
    state: 'done',
    stage: 'end',
    message: '',
    pid: 1,
    owner: '',
    fetched: true,
  } as const;
  const times = { created: new Date().toISOString(), updated: new Date().toISOString() };
  const report = { version: 1, verb: 'find', status: 'green', summary: 'told', warnings: [], next: [] };
  for (const [root, said] of [
    [outer, 'no_job'],
    [folder, 'told'],
  ] as const) {
    const id = newJobId();
    await store.create({ ...job, ...times, id, root });
    await store.keep(id, 'report.json', JSON.stringify({ ...report, root }));
    expect((await call('get_job', { job: id })).text).toContain(said);
    await rm(join(state, 'jobs', id), { recursive: true });
  }
  await rm(outer, { recursive: true });
});
