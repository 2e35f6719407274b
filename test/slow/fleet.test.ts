import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raw } from '../../scripts/raw.mjs';
import { openQueue } from '../../src/fleet/engine/open.ts';
import { keepReplies } from '../../src/fleet/reply-keeper.ts';
import { startGateway } from '../../src/stand-in/gateway.ts';
import { makeHome } from '../repo/fixture.ts';
import { postgresHere, postgresServer, redisHere, redisServer } from './servers.ts';

const own = makeHome();
const folder = fileURLToPath(new URL(`../../node_modules/.glm-skill-hand-${process.pid}`, import.meta.url));
const program = join(folder, 'hand.mjs');
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const entryPoints = [fileURLToPath(new URL('hand.ts', import.meta.url))];
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external', plugins: [raw] });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  own.remove();
});

const kinds = [
  ['redis', redisHere, redisServer],
  ['postgres', postgresHere, postgresServer],
] as const;
for (const [name, here] of kinds)
  if (!here) console.log(`NOT RUN: kills with the queue on ${name}, because there is no ${name} server on this machine`);

const questions = 60;
const machines = 4;
const never = new AbortController().signal;

test.each(kinds.filter(([, here]) => here))(
  'workers and the broker are killed again and again on %s: no task is lost, no reply is paid twice, no limit is exceeded',
  async (name, _here, serve) => {
    const server = await serve();
    const gateway = await startGateway({ replies: (request) => ({ text: `to ${/question \d+/.exec(request.raw)?.[0]}`, delayMs: 700 }) });
    const { queue, close } = await openQueue(server.url, {});
    let born = 0;
    const workers = new Set<ChildProcess>();
    const hire = () => {
      // Each on a machine of its own: nothing is shared but the server.
      const worker = spawn(process.execPath, [program, server.url, gateway.url, join(own.home, `${name}-${born++}`), '2'], {
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      workers.add(worker);
      return worker;
    };
    try {
      const tasks = Array.from({ length: questions }, (_, at) => ({
        id: `q-${at}`,
        kind: 'ask',
        data: { question: `question ${at % 40}`, waitMs: 100 },
      }));
      await queue.add(tasks);
      for (let at = 0; at < machines; at++) hire();
      const ended = Promise.all(tasks.map(({ id }) => queue.wait(id, { signal: never })));
      let over = false;
      void ended.then(() => (over = true));
      for (let round = 0; !over && round < 4; round++) {
        await sleep(2_500);
        const [victim] = workers;
        if (victim) {
          victim.kill('SIGKILL');
          workers.delete(victim);
        }
        hire();
        if (round !== 1) continue;
        await server.kill();
        await server.start();
      }
      const states = await ended;
      expect(states.filter((state) => state?.state !== 'done')).toEqual([]);
      expect(states.map((state) => state?.result)).toEqual(tasks.map(({ data }) => ({ text: `to ${data.question}` })));
      const asked = gateway.requests
        .filter(({ path }) => path.startsWith('/v1/chat'))
        .map(({ raw: text }) => /question \d+/.exec(text)?.[0]);
      // Not even a request that was under way when its worker was killed.
      expect(asked.sort()).toEqual([...new Set(asked)]);
      expect(asked).toHaveLength(40);
      expect(gateway.load().most).toBeLessThanOrEqual(3);
      // One that was hired while the server was away has ended by itself.
      const living = [...workers].filter(({ exitCode }) => exitCode === null);
      const ends = living.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
      for (const worker of living) worker.stdin?.end();
      await Promise.all(ends);
      expect(readdirSync(own.home).flatMap((home) => readdirSync(join(own.home, home, 'state')).filter((at) => at === 'batches'))).toEqual(
        [],
      );
    } finally {
      for (const worker of workers) worker.kill('SIGKILL');
      await close();
      await gateway.close();
      await server.remove();
    }
  },
  240_000,
);

test.each(kinds.filter(([, here]) => here).slice(0, 1))(
  'cancelled from elsewhere, a running task ends within 2 s on %s',
  async (_name, _here, serve) => {
    const server = await serve();
    const { queue, close } = await openQueue(server.url, {});
    const worker = spawn(process.execPath, [program, server.url, 'http://127.0.0.1:1', join(own.home, 'cancel'), '1'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      await queue.add([{ id: 'long', kind: 'wait', data: { waitMs: 600_000 } }]);
      await expect.poll(async () => (await queue.look('long'))?.state, { timeout: 60_000, interval: 100 }).toBe('running');
      expect(await queue.cancel('long')).toBe(true);
      expect(await queue.wait('long', { signal: never })).toMatchObject({ state: 'cancelled' });
    } finally {
      worker.kill('SIGKILL');
      await close();
      await server.remove();
    }
  },
);

test.each(kinds.filter(([, here]) => here))(
  'the process that asks waits for a server that is away when it starts, on %s',
  async (name, _here, serve) => {
    const server = await serve();
    const gateway = await startGateway({ replies: () => 'Thirty days.' });
    const [input, output] = [new PassThrough(), new PassThrough()];
    let told = '';
    output.on('data', (chunk) => {
      told += chunk;
    });
    await server.kill();
    const kept = keepReplies(input, output);
    try {
      const env = { GLM_SKILL_HOME: join(own.home, `waits-${name}`), RUNAPI_API_KEY: 'key-of-the-stand-in' };
      const request = { variant: 'glm-4.6', messages: [{ role: 'user', content: 'How long?' }], maxTokens: 300, once: 'task-1' };
      input.write(`${JSON.stringify({ type: 'hello', queue: server.url, baseUrl: gateway.url, env })}\n`);
      input.write(`${JSON.stringify({ type: 'ask', n: 1, request })}\n`);
      // Longer than it takes to be refused.
      await sleep(1_500);
      expect(told).toBe('');
      await server.start();
      await expect.poll(() => told, { timeout: 60_000 }).toContain('Thirty days.');
      expect(gateway.requests.filter(({ path }) => path.startsWith('/v1/chat'))).toHaveLength(1);
    } finally {
      input.end();
      await kept;
      await gateway.close();
      await server.remove();
    }
  },
);
