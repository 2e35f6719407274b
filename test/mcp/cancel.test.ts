import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, expect, test } from 'vitest';
import { makeAsk } from '../../src/glm/wire/client.ts';
import { makeServer } from '../../src/mcp/sdk.ts';
import type { Wiring } from '../../src/wiring.ts';
import { worldOf } from '../jobs/world.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
import { shop } from '../uses/ground.ts';

const own = makeHome();
afterAll(own.remove);

async function connect(world: Wiring) {
  const [here, there] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([makeServer(world, '0.0.0').connect(there), client.connect(here)]);
  const call = (name: string, args: Record<string, unknown>, signal?: AbortSignal) =>
    client.callTool({ name, arguments: args }, undefined, signal && { signal });
  return { client, call };
}

async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(10)) if (await holds()) return true;
  return holds();
}

/** A command that never ends: it notes its own id and that of a child which ignores SIGTERM. */
const stubborn = [
  "import { spawn } from 'node:child_process';",
  "import { writeFileSync } from 'node:fs';",
  `const code = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e3); console.log('up')";`,
  "const child = spawn(process.execPath, ['-e', code, process.argv[2]], { detached: true });",
  "child.stdout.once('data', () => writeFileSync(process.argv[2], [process.pid, child.pid].join(' ')));",
  "process.on('SIGTERM', () => {});",
  'setInterval(() => {}, 1e3);',
].join('\n');

function isGone(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return !existsSync(`/proc/${pid}`);
  }
}

async function stubbornRepo(name: string) {
  const root = await makeRepo(own.home, name, { ...shop, 'spin.mjs': stubborn });
  const note = join(own.home, `${name}.pids`);
  const args = { root, command: `node spin.mjs ${note}` };
  return { args, alive: () => countProcesses(note), started: () => until(() => existsSync(note), 60_000) };
}

/** How many processes have this word among their arguments: in a sandbox they do not know their own ids. */
function countProcesses(word: string): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && argumentsOf(name).includes(word)).length;
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

test.skipIf(process.platform !== 'linux')(
  'equal calls share a job: with the last that is cancelled every process of the tests is gone, also when all go at once',
  async () => {
    for (const together of [false, true]) {
      const { args, alive, started } = await stubbornRepo(`shared-${together}`);
      const { call, client } = await connect(worldOf(own, undefined));
      const controls = [new AbortController(), new AbortController()] as const;
      for (const { signal } of controls) call('find_failing_tests', args, signal).catch(() => {});
      expect(await started()).toBe(true);
      const all = alive();
      expect(all).toBeGreaterThanOrEqual(2);
      controls[0].abort();
      if (!together) {
        await sleep(300);
        expect(alive()).toBe(all);
      }
      controls[1].abort();
      expect(await until(() => alive() === 0, 30_000)).toBe(true);
      await client.close();
    }
  },
  40_000,
);

test('a late cancel of an answered call stops no job, an early one starts none that goes on', async () => {
  const { args, alive, started } = await stubbornRepo('late');
  const world = worldOf(own, undefined);
  const { call, client } = await connect(world);
  call('find_failing_tests', args).catch(() => {});
  expect(await started()).toBe(true);
  const all = alive();
  expect(all).toBeGreaterThanOrEqual(2);
  const job = (await world.jobs.store.list()).find(({ root }) => root === args.root)?.id;
  const seen = await call('get_job', { job, wait: 0 });
  expect(seen.structuredContent).toMatchObject({ status: 'running', job, root: args.root });
  const cancelled = (requestId: number) => client.notification({ method: 'notifications/cancelled', params: { requestId } });
  // initialize was 0, the call that waits 1, the one that was answered 2.
  for (const id of [0, 2, 3]) await cancelled(id);
  await sleep(300);
  expect(alive()).toBe(all);
  await cancelled(1);
  expect(await until(() => alive() === 0, 30_000)).toBe(true);

  const early = new AbortController();
  const called = call('collect_context', args, early.signal);
  called.catch(() => {});
  early.abort();
  await sleep(500);
  expect(await until(async () => (await world.jobs.store.list()).every(({ state }) => state !== 'running'), 30_000)).toBe(true);
  await client.close();
});

test('a cancelled call closes its connection to the gateway', async () => {
  let open = 0;
  let bytes = 0;
  const server = createServer((request, response) => {
    open++;
    response.on('close', () => open--);
    request.on('data', (chunk) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"delta":{"content":"It "}}]}\\n\\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const { env, folders } = own;
  const ask = makeAsk({ baseUrl, key: 'a-key-of-the-stand-in', folders, env, now: Date.now, settings: { surface: 'chat' } });
  const { call, client } = await connect(worldOf(own, ask));
  const root = await makeRepo(own.home, 'asked', shop);
  const control = new AbortController();
  const called = call('ask_repo', { root, question: 'How long?' }, control.signal);
  called.catch(() => {});
  expect(await until(() => open === 1 && bytes > 1_000, 10_000)).toBe(true);
  await sleep(100);
  control.abort();
  expect(await until(() => open === 0, 30_000)).toBe(true);
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.skipIf(process.platform !== 'linux').each([
  ['before there is a job', 'status'],
  ['while the job runs', 'ls-files'],
])(
  'a cancelled call ends a git that does not come back, %s',
  async (_when, verb) => {
    const bin = join(own.home, `bin-${verb}`);
    const note = join(own.home, `${verb}.pid`);
    const path = process.env.PATH ?? '';
    mkdirSync(bin);
    const shim = `#!/bin/sh\ncase "$*" in *" ${verb} "*) echo $$ > ${note}; exec sleep 60;; esac\nPATH=${path} exec git "$@"\n`;
    writeFileSync(join(bin, 'git'), shim, { mode: 0o755 });
    const root = await makeRepo(own.home, `slow-${verb}`, shop);
    const { call, client } = await connect(worldOf({ ...own, env: { ...own.env, PATH: `${bin}:${path}` } }, undefined));
    const control = new AbortController();
    call('ask_repo', { root, question: 'How long?' }, control.signal).catch(() => {});
    const pid = () => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0);
    expect(await until(() => pid() > 0, 10_000)).toBe(true);
    control.abort();
    expect(await until(() => isGone(pid()), 30_000)).toBe(true);
    await client.close();
  },
  30_000,
);
